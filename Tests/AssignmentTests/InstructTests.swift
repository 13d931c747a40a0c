import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct InstructTests {
    private static func params(_ number: String, text: String = "请从速依法办理") -> JSONValue {
        ["caseNumber": JSONValue(number), "text": JSONValue(text), "leader": ["name": "赵书记", "title": "市委书记"]]
    }

    @Test(arguments: [Who.leader, .office]) func anInstructionIsOnFileAndMovesNothing(who: Who) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.get(number)
            city.clock.advance(seconds: 3600)
            let answer = try await city.call(
                "assignment.instruct", Self.params(number).setting("writtenOn", to: "2026-03-01"), as: who)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "claimed", "version": 4])
            let after = try await city.get(number)
            for part in ["clocks", "dueAt", "holder", "custody", "round"] {
                #expect(after[part] == before[part], "\(part)")
            }
            let note = after["timeline"]?.elements?.last?["note"]?.stringValue
            #expect(note?.contains("赵书记") == true && note?.contains("请从速依法办理") == true)
            let day = try await city.sql { db in
                try db.value("SELECT written_on::text FROM assignment.instructions") as String
            }
            #expect(day == "2026-03-01")
        }
    }

    @Test func withoutADayItWasWrittenToday() async throws {
        try await City.with { city in
            // Already the 3rd in China, still the 2nd by the world's clock.
            city.clock.set("2026-03-03T00:30:00+08:00")
            let number = try await city.bring(to: .registered)
            try await city.call("assignment.instruct", Self.params(number), as: .leader)
            let day = try await city.sql { db in
                try db.value("SELECT written_on::text FROM assignment.instructions") as String
            }
            #expect(day == "2026-03-03")
        }
    }

    @Test func badParamsAreNamed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let bad: [(JSONValue, String)] = [
                (Self.params(number).setting("writtenOn", to: "2026-03-03"), "writtenOn"),
                (Self.params(number).setting("writtenOn", to: "2026-02-30"), "writtenOn"),
                (Self.params(number).leavingOut("leader"), "leader"),
                (Self.params(number, text: ""), "text"),
                (Self.params(number, text: String(repeating: "字", count: 2001)), "text"),
            ]
            for (params, path) in bad {
                let error = await city.refusal("assignment.instruct", params, as: .office)
                #expect(error?.code == -32602 && error?.firstPath == path)
            }
            try await city.call(
                "assignment.instruct", Self.params(number, text: String(repeating: "字", count: 2000)), as: .office)
        }
    }

    @Test func aLeaderInstructsInTheirTerritoryOnly() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            #expect(await city.refusal("assignment.instruct", Self.params(number), as: .northLeader)?.code == 1001)
            let division: JSONValue = ["caseNumber": JSONValue(number), "divisionCode": "439901001"]
            try await city.call("intake.classify", division, as: .registrar)
            try await city.call("assignment.instruct", Self.params(number), as: .northLeader)
        }
    }

    @Test func thePublicDoesNotReadIt() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("assignment.instruct", Self.params(number), as: .leader)
            let text = String(decoding: try await city.get(number, as: .source).serialized(), as: UTF8.self)
            #expect(!text.contains("请从速依法办理") && !text.contains("赵书记"))
        }
    }

    @Test func anArchivedCaseTakesNoInstruction() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .archived)
            #expect(await city.refusal("assignment.instruct", Self.params(number), as: .office)?.code == 1010)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let mutation = Mutation(
                "assignment.instruct", Self.params(number), as: .office, other: Self.params(number, text: "另批"),
                and: "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "housing"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
