import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RuleRoundTests {
    /// A case whose reply was not accepted twice.
    private static func life(_ city: City) async throws -> String {
        let number = try await city.bring(to: .replied)
        try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
        for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status) }
        try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
        return number
    }

    private static func params(
        _ number: String, _ decision: String, _ more: KeyValuePairs<String, JSONValue> = [:]
    ) -> JSONValue {
        (["caseNumber": JSONValue(number), "decision": JSONValue(decision), "ground": "群众诉求合理"] as JSONValue).with(more)
    }

    @Test func aThirdRoundIsUnderANamedLeader() async throws {
        try await City.with { city in
            let number = try await Self.life(city)
            city.clock.set("2026-03-04T10:00:00+08:00")
            let leader: JSONValue = ["name": "何市长", "title": "副市长"]
            let change = try await city.call(
                "supervision.ruleRound", Self.params(number, "anotherRound", ["leader": leader]), as: .office)
            #expect(change["status"] == "claimed")
            let view = try await city.get(number)
            #expect(
                view["round"] == 3 && view["holder"]?["party"] == "leadUnit"
                    && view["dueAt"] == "2026-03-09T23:59:59+08:00")
            let note = view["timeline"]?.elements?.last?["note"]?.stringValue ?? ""
            #expect(note.contains("何市长") && note.contains("群众诉求合理"))
            // A third reply that is not accepted is ruled on again.
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status) }
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            #expect(try await city.get(number)["holder"]?["party"] == "office")
        }
    }

    @Test func closedAsExplainedHasItsGroundOnFile() async throws {
        try await City.with { city in
            let number = try await Self.life(city)
            let change = try await city.call(
                "supervision.ruleRound", Self.params(number, "closeExplained"), as: .office)
            #expect(change["status"] == "closed")
            try await city.step(number, to: .archived)
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            #expect(file.json.contains("群众诉求合理"))
        }
    }

    @Test func anotherRoundNeedsItsLeader() async throws {
        try await City.with { city in
            let number = try await Self.life(city)
            let before = try await city.everything()
            let error = await city.refusal("supervision.ruleRound", Self.params(number, "anotherRound"), as: .office)
            #expect(error?.code == -32602 && error?.paths == ["leader"])
            for who in [Who.supervisor, .leader, .unit("housing"), .registrar, .source] {
                #expect(
                    await city.code("supervision.ruleRound", Self.params(number, "closeExplained"), as: who) == -32003,
                    "\(who)")
            }
            #expect(try await city.everything() == before)
        }
    }

    static let statuses: [(CaseStatus, Int, String)] = [
        (.replied, 1011, "noRulingDue"), (.claimed, 1002, "wrongStatus"), (.closed, 1002, "wrongStatus"),
        (.archived, 1010, "sealed"),
    ]

    @Test(arguments: statuses)
    func theOfficeRulesOnlyWhereItMust(_ status: CaseStatus, _ code: Int, _ reason: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.everything()
            let error = await city.refusal("supervision.ruleRound", Self.params(number, "closeExplained"), as: .office)
            #expect(error?.code == code && error?.reason == reason)
            #expect(try await city.everything() == before)
        }
    }

    @Test func aKeyMakesItOnce() async throws {
        try await City.with { city in
            let number = try await Self.life(city)
            let params = Self.params(number, "closeExplained", ["idempotencyKey": "z1"])
            let first = try await city.call("supervision.ruleRound", params, as: .office)
            #expect(try await city.call("supervision.ruleRound", params, as: .office) == first)
        }
    }
}
