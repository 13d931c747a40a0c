import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ConfirmDeclineTests {
    @Test func aDeclinedCaseIsHeldByTheArchiveWithoutAClock() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .declined)
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "archive")
            #expect(view["dueAt"] == nil && view["lamp"] == nil)
            #expect(view["clocks"]?.elements?.allSatisfy { $0["stoppedAt"] != nil } == true)
            #expect(try await city.deliverEvents() == ["archive.caseClosed"])
            #expect(try await city.count("archive.waiting") == 1)
        }
    }

    @Test func withoutAProposalThereIsNothingToConfirm() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let before = try await city.everything()
            let error = await city.refusal("intake.confirmDecline", ["caseNumber": JSONValue(number)], as: .office)
            #expect(error?.code == 1011 && error?.reason == "noProposal")
            #expect(try await city.everything() == before)
        }
    }

    @Test func aProposalThatADispatchOverruledIsGone() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await city.call(
                "intake.proposeDecline", c.with(["ground": "settled", "explanation": "已办结"]), as: .registrar)
            try await city.step(number, to: .dispatched)
            #expect(await city.code("intake.confirmDecline", c, as: .office) == 1002)
        }
    }

    /// The answer is longer than any part of it, and the case must stay readable.
    @Test func theLongestExplanationIsAnsweredWhole() async throws {
        try await City.with { city in
            let (number, code) = try await city.register()
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            let explanation = String(repeating: "理", count: 20_000)
            let proposal = c.with([
                "ground": "otherOrgan", "explanation": JSONValue(explanation),
                "rightChannel": JSONValue(String(repeating: "道", count: 2000)),
            ])
            try await city.call("intake.proposeDecline", proposal, as: .registrar)
            try await city.call("intake.confirmDecline", c, as: .office)
            let view = try await city.get(number)
            #expect(view["publicReply"]?.stringValue?.contains(explanation) == true)
            #expect(try await city.call("intake.search", as: .office)["items"]?.elements?.count == 1)
            let tracked = try await city.call("intake.track", c.with(["trackingCode": JSONValue(code)]), as: .nobody)
            #expect(tracked["reply"]?.stringValue?.contains(explanation) == true)
            try await city.step(number, to: .archived)
            #expect(try await city.call("archive.verify", c, as: .auditor)["verified"] == true)
        }
    }

    static let callers: [(Who, CaseStatus, Int?)] = [
        (.registrar, .registered, -32003), (.supervisor, .registered, -32003), (.source, .registered, -32003),
        (.office, .dispatched, 1002),
        (.office, .declined, 1002), (.office, .closed, 1002), (.office, .archived, 1010),
    ]

    @Test(arguments: callers)
    func onlyTheOfficeConfirmsAndOnlyWhatIsRegistered(_ who: Who, _ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.everything()
            #expect(await city.code("intake.confirmDecline", ["caseNumber": JSONValue(number)], as: who) == code)
            #expect(try await city.everything() == before)
        }
    }
}
