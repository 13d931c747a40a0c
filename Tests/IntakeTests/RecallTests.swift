import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RecallTests {
    private static func params(_ number: String) -> JSONValue {
        ["caseNumber": JSONValue(number), "reason": "来信人补充了新的事实"]
    }

    @Test(arguments: [Who.office, .supervisor])
    func aDeclinedCaseIsTheRegistrysAgain(_ who: Who) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .declined)
            city.clock.set("2026-03-05T10:00:00+08:00")
            let answer = try await city.call("intake.recall", Self.params(number), as: who)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "registered", "version": 4])
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "registry" && view["dueAt"] == "2026-03-06T23:59:59+08:00")
            #expect(view["publicReply"] == nil)
            #expect(try await city.get(number, as: .source)["publicReply"] == nil)
            #expect(view["custody"]?.elements?.count == 4)
            // The archive seals nothing that was recalled.
            try await city.deliverEvents()
            city.clock.set("2026-05-05T10:00:00+08:00")
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "registered")
            #expect(try await city.count("archive.waiting") == 0)
            try await city.step(number, to: .dispatched)
        }
    }

    @Test func aProposalMustBeMadeAnewAfterwards() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .declined)
            try await city.call("intake.recall", Self.params(number), as: .office)
            let error = await city.refusal("intake.confirmDecline", ["caseNumber": JSONValue(number)], as: .office)
            #expect(error?.reason == "noProposal")
        }
    }

    @Test func afterThirtyDaysItIsTooLate() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .declined)
            city.clock.set("2026-04-01T09:00:00.001+08:00")
            let before = try await city.everything()
            let error = await city.refusal("intake.recall", Self.params(number), as: .office)
            #expect(error?.code == 1005 && error?.reason == "tooLate")
            #expect(try await city.everything() == before)
            city.clock.set("2026-04-01T09:00:00+08:00")
            let keyed = Self.params(number).with(["idempotencyKey": "r"])
            let first = try await city.call("intake.recall", keyed, as: .office)
            #expect(try await city.call("intake.recall", keyed, as: .office) == first)
        }
    }
}
