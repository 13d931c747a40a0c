import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SaveUnitTests {
    private static func path(_ unit: String, _ city: City) async throws -> [String] {
        try await city.sql { db in try db.value("SELECT path FROM ledger.units WHERE unit_id = \(unit)") as [String] }
    }

    @Test func aUnitIsAddedWithAllThatIsSaidOfIt() async throws {
        try await City.with { city in
            let params = City.unit(
                "parks", level: "county", parentId: "north", lineParentId: "housing", abolishedOn: "2027-01-01",
                successorId: "north"
            )
            .setting("divisionCode", to: "439901").setting("duties", to: ["公园绿地", "行道树"])
            let answer = try await city.call("assignment.saveUnit", params, as: .admin)
            #expect(answer.names == params.names)
            #expect(answer["duties"] == params["duties"] && answer["liaison"] == params["liaison"])
            let listed = try await city.call(
                "assignment.units", ["parentId": "north", "level": "county"], as: .office)["items"]?.elements
            #expect(listed?.contains(answer) == true)
            #expect(try await Self.path("parks", city) == ["city", "north", "parks"])
        }
    }

    @Test func whatIsBeneathAUnitMovesWithIt() async throws {
        try await City.with { city in
            try await city.call(
                "assignment.saveUnit", City.unit("deep", level: "township", parentId: "housing-roads"), as: .admin)
            try await city.call("assignment.saveUnit", City.unit("housing", parentId: "north"), as: .admin)
            #expect(try await Self.path("housing", city) == ["city", "north", "housing"])
            #expect(try await Self.path("housing-roads", city) == ["city", "north", "housing", "housing-roads"])
            #expect(try await Self.path("deep", city) == ["city", "north", "housing", "housing-roads", "deep"])
            try await city.call("assignment.saveUnit", City.unit("housing", parentId: nil), as: .admin)
            #expect(try await Self.path("deep", city) == ["housing", "housing-roads", "deep"])
            #expect(try await Self.path("north-town", city) == ["city", "north", "north-town"])
        }
    }

    /// Nobody has called before the move, so no remembered token answers.
    @Test func sightFollowsTheMove() async throws {
        try await City.with { city in
            var life = City.Life()
            life.lead = "housing-roads"
            let number = try await city.bring(to: .dispatched, life)
            try await city.call("assignment.saveUnit", City.unit("housing-roads", parentId: "north"), as: .admin)
            #expect(await city.sight(of: number, by: "housing") == 1001)
            #expect(await city.sight(of: number, by: "north") == nil)
            #expect(await city.sight(of: number, by: "city") == nil)
            #expect(await city.sight(of: number, by: "housing-roads") == nil)
        }
    }

    @Test(
        arguments: [
            ("housing", "housing", nil), ("housing", "housing-roads", nil), ("city", "north-town", nil),
            ("housing", "city", "housing"), ("housing", "city", "housing-roads"), ("housing", "city", "north-housing"),
            ("north", "north-housing", nil), ("housing", "north-housing", nil),
        ] as [(String, String, String?)])
    func noUnitIsAboveItself(unit: String, parent: String, line: String?) async throws {
        try await City.with { city in
            let before = try await city.everything()
            let error = await city.refusal(
                "assignment.saveUnit", City.unit(unit, parentId: parent, lineParentId: line), as: .admin)
            #expect(error?.code == 1011 && error?.reason == "cycle")
            #expect(try await city.everything() == before)
        }
    }

    @Test func successorsMakeNoRing() async throws {
        try await City.with { city in
            let day = "2026-06-01"
            try await city.call(
                "assignment.saveUnit", City.unit("transport", abolishedOn: day, successorId: "housing"), as: .admin)
            try await city.call(
                "assignment.saveUnit", City.unit("housing", abolishedOn: day, successorId: "north"), as: .admin)
            for (unit, successor) in [("north", "transport"), ("housing", "transport"), ("north", "north")] {
                let error = await city.refusal(
                    "assignment.saveUnit", City.unit(unit, abolishedOn: day, successorId: successor), as: .admin)
                #expect(error?.code == 1011 && error?.reason == "cycle", "\(unit)")
            }
        }
    }

    @Test func twoMovesAtOnceMakeNoRing() async throws {
        try await City.with { city in
            async let one = city.refusal("assignment.saveUnit", City.unit("housing", parentId: "transport"), as: .admin)
            async let two = city.refusal("assignment.saveUnit", City.unit("transport", parentId: "housing"), as: .admin)
            let codes = await [one?.code, two?.code]
            #expect(codes.contains(nil) && codes.contains(1011))
        }
    }

    @Test(arguments: [
        ("parentId", "nobody", 1009), ("lineParentId", "nobody", 1009), ("successorId", "nobody", 1009),
        ("divisionCode", "0", 1009), ("level", "village", -32602), ("abolishedOn", "2026-13-01", -32602),
        ("head", "", -32602), ("duties", "", -32602),
    ])
    func badParamsAreNamed(field: String, value: String, code: Int) async throws {
        try await City.with { city in
            let params = City.unit("parks").setting(field, to: JSONValue(value))
            let error = await city.refusal("assignment.saveUnit", params, as: .admin)
            #expect(error?.code == code && error?.firstPath == field)
        }
    }

    @Test func fiftyDutiesAreTheMost() async throws {
        try await City.with { city in
            let duties = (1...51).map { JSONValue("职责\($0)") }
            let params = City.unit("parks").setting("duties", to: .array(duties))
            #expect(await city.refusal("assignment.saveUnit", params, as: .admin)?.firstPath == "duties")
            try await city.call(
                "assignment.saveUnit", params.setting("duties", to: .array(duties.dropLast())), as: .admin)
        }
    }

    @Test(arguments: Who.everybodyBut(.admin)) func onlyTheAdministratorSavesUnits(who: Who) async throws {
        try await City.with { city in
            let error = await city.refusal("assignment.saveUnit", City.unit("parks"), as: who)
            #expect(error?.code == (who == .nobody ? -32001 : -32003))
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let mutation = Mutation(
                "assignment.saveUnit", City.unit("parks"), as: .admin, other: City.unit("parks", parentId: "housing"),
                and: "intake.saveCategory", ["code": "parks", "name": "公园"])
            let broken = try await city.brokenPromises(of: mutation)
            #expect(broken == [])
        }
    }
}

extension Who {
    static func everybodyBut(_ who: Who) -> [Who] {
        [
            .source, .registrar, .office, .unit("housing"), .leader, .supervisor, .auditor, .observer, .admin, .service,
            .nobody,
        ]
        .filter { $0 != who }
    }
}
