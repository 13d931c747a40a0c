import JSONRPC
import Ledger
import Postgres
import TestKit
import Testing

@testable import Assignment
@testable import Domain

struct SuccessionRules {
    private static func passOn(_ record: CaseRecord, from gone: String = "a", to heir: String = "h") -> Step {
        Rules.passOn(record, from: Situations.id(gone), to: Situations.id(heir), name: Name(unchecked: "庚"))
    }

    @Test(arguments: [
        CaseStatus.dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied,
    ])
    func theCasePassesAsItStands(status: CaseStatus) {
        let record = Situations.record(status)
        let step = Self.passOn(record)
        var expected = record
        expected.leadUnitId = Situations.id("h")
        expected.formerLeads = [Situations.id("a")]
        #expect(step.record == expected && step.clocks.isEmpty && step.note == "单位撤销，由庚承继")
        #expect(StatusTable.row(.reassign, in: status, by: .system) != nil)
    }

    @Test func openPartsPassAndAUnitHasOne() {
        var record = Situations.record()
        record.coOrders = [CoOrderRules.order("g"), CoOrderRules.order("d", .done)]
        func orders(_ heir: String) -> [String] {
            Self.passOn(record, from: "g", to: heir).record.coOrders.map { "\($0.unitId.text) \($0.status.rawValue)" }
        }
        #expect(orders("h") == ["h open", "d done"])
        #expect(orders("a") == ["g withdrawn", "d done"], "the lead does it itself")
        #expect(orders("d") == ["d open"])
        record.coOrders.append(CoOrderRules.order("h"))
        #expect(orders("h") == ["g withdrawn", "d done", "h open"])
        #expect(Self.passOn(record).record.coOrders.map(\.status) == [.open, .done, .withdrawn])
    }
}

/// "A unit may be abolished on a day with a successor: its open cases pass on with their clocks."
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SuccessionTests {
    private static func abolish(
        _ unit: String, to successor: String, on day: String = "2026-03-02", _ city: City
    ) async throws {
        try await city.call(
            "assignment.saveUnit", City.unit(unit, abolishedOn: day, successorId: successor), as: .admin)
    }

    /// What the sweep will do.
    private static func sweep(_ city: City) async throws -> Int {
        let string = city.database.setting("user", to: "renling_assignment")
        let ledger = Ledger(Database(string, connections: 2)) { city.clock.now }
        let request = WorkRequest(caller: Caller(clientId: 1, role: .system), method: "sweep")
        let (result, _) = try await ledger.change(request) { work in
            Array("\(try Succession.passOn(in: work))".utf8)
        }
        await ledger.close()
        return Int(String(decoding: result, as: UTF8.self)) ?? -1
    }

    @Test(arguments: [CaseStatus.dispatched, .returning, .claimed, .reported, .approved, .replied])
    func anOpenCasePassesOnWithItsClocks(status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.get(number)
            try await Self.abolish("housing", to: "transport", city)
            let view = try await city.get(number)
            #expect(view["leadUnitId"] == "transport" && view["status"] == before["status"])
            #expect(view["clocks"] == before["clocks"] && view["letterNumber"] == before["letterNumber"])
            #expect(view["responsiblePerson"] == before["responsiblePerson"])
            let entry = view["timeline"]?.elements?.last
            #expect(entry?["action"] == "reassign" && entry?["actor"] == "system" && entry?["person"] == nil)
            #expect(entry?["note"] == "单位撤销，由单位transport承继" && entry?["from"] == entry?["to"])
            #expect(try await city.get(number, as: .unit("transport"))["version"] == view["version"])
            // Nothing is lost for those who follow: the events go on in their order.
            try await city.deliverEvents()
        }
    }

    @Test func theSuccessorGoesOn() async throws {
        try await City.with { city in
            var life = City.Life()
            life.coUnits = ["north"]
            let number = try await city.bring(to: .claimed, life)
            try await Self.abolish("housing", to: "transport", city)
            try await Self.abolish("north", to: "north-town", city)
            try await city.call(
                "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "已核查"], as: .unit("north-town"))
            life.lead = "transport"
            for status in [CaseStatus.reported, .approved, .replied, .closed] {
                try await city.step(number, to: status, life)
            }
            try await city.deliverEvents()
        }
    }

    @Test func whatIsOverStays() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            let before = try await city.get(number)
            try await Self.abolish("housing", to: "transport", city)
            #expect(try await city.get(number) == before)
        }
    }

    @Test func aSuccessorThatIsGoneTooHandsOn() async throws {
        try await City.with { city in
            try await Self.abolish("transport", to: "north", city)
            let number = try await city.bring(to: .claimed)
            try await Self.abolish("housing", to: "transport", city)
            #expect(try await city.get(number)["leadUnitId"] == "north")
        }
    }

    @Test func onTheDayTheSweepPassesOn() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await Self.abolish("housing", to: "transport", on: "2026-03-03", city)
            #expect(try await Self.sweep(city) == 0)
            #expect(try await city.get(number)["leadUnitId"] == "housing")
            city.clock.set("2026-03-03T00:00:00+08:00")
            #expect(try await Self.sweep(city) == 1)
            #expect(try await Self.sweep(city) == 0)
            #expect(try await city.get(number)["leadUnitId"] == "transport")
        }
    }

    @Test func manyPassOnInChunksOfFiftyInAscendingOrder() async throws {
        try await City.with { city in
            var numbers: [String] = []
            for _ in 1...53 { numbers.append(try await city.bring(to: .dispatched)) }
            try await Self.abolish("housing", to: "transport", city)
            #expect(try await city.count("ledger.cases WHERE lead_unit_id = 'transport'") == 50)
            for number in numbers.sorted().suffix(3) {
                #expect(try await city.get(number)["leadUnitId"] == "housing")
            }
            #expect(try await Self.sweep(city) == 3)
            #expect(try await Self.sweep(city) == 0)
        }
    }

    @Test func whatComplainsOfTheSuccessorWaitsForTheOffice() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["about": ["transport"]]
            let number = try await city.bring(to: .claimed, life)
            try await Self.abolish("housing", to: "transport", city)
            #expect(try await city.get(number)["leadUnitId"] == "housing")
            #expect(try await Self.sweep(city) == 0)
            try await city.call(
                "assignment.reassign",
                ["caseNumber": JSONValue(number), "leadUnitId": "north", "ground": "unitAbolished", "note": "回避"],
                as: .office)
        }
    }
}
