import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct WithdrawApprovalTests {
    private static func params(_ number: String, _ reason: String = "答复有误") -> JSONValue {
        ["caseNumber": JSONValue(number), "reason": JSONValue(reason)]
    }

    @Test func theOfficeHasTheResultAgainWithItsTerm() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            city.clock.set("2026-03-03T09:00:00+08:00")
            let answer = try await city.call("handling.withdrawApproval", Self.params(number), as: .office)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "reported", "version": 6])
            let view = try await city.get(number)
            #expect(
                view["holder"] == ["party": "office", "name": "两办"] && view["dueAt"] == "2026-03-05T23:59:59+08:00")
            #expect(view["round"] == 1 && view["timeline"]?.elements?.last?["note"] == "答复有误")
            #expect(try await city.get(number, as: .source)["publicReply"] == nil)
            try await city.step(number, to: .approved)
        }
    }

    @Test func aReplyThatIsPublishedStandsWhenALaterOneIsWithdrawn() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            try await city.call("handling.fileResult", City.result(number, reply: "复查后已再次责令整改。"), as: .unit("housing"))
            try await city.step(number, to: .approved)
            try await city.call("handling.withdrawApproval", Self.params(number), as: .office)
            let reply = try await city.get(number, as: .source)["publicReply"]?.stringValue
            #expect(reply?.contains("停止夜间施工") == true)
        }
    }

    @Test func afterPublicationNothingIsWithdrawn() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let error = await city.refusal("handling.withdrawApproval", Self.params(number), as: .office)
            #expect(
                error?.code == 1002 && error?["status"] == "replied" && error?["allowed"] == ["assignment.instruct"])
        }
    }

    @Test func aReasonIsNeeded() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            for params in [
                Self.params(number, ""), Self.params(number, "\u{3000}"), Self.params(number).leavingOut("reason"),
            ] {
                let error = await city.refusal("handling.withdrawApproval", params, as: .office)
                #expect(error?.code == -32602 && error?.firstPath == "reason")
            }
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            let mutation = Mutation(
                "handling.withdrawApproval", Self.params(number), as: .office, other: Self.params(number, "另有原因"),
                and: "handling.review", City.review(number, "approve"))
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
