import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ConfirmWithdrawalTests {
    private static func params(_ number: String) -> JSONValue {
        ["caseNumber": JSONValue(number), "note": "电话核实为本人意愿"]
    }

    private static func asked(_ city: City, _ status: CaseStatus) async throws -> String {
        let number = try await city.bring(to: status)
        try await city.call(
            "intake.withdraw", ["caseNumber": JSONValue(number), "reason": "已解决"], as: .source)
        return number
    }

    @Test(arguments: [CaseStatus.dispatched, .claimed, .awaitingPetitioner])
    func afterTheCallTheCaseIsWithdrawn(_ status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await Self.asked(city, status)
            let answer = try await city.call("supervision.confirmWithdrawal", Self.params(number), as: .supervisor)
            #expect(answer["status"] == "withdrawn")
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "archive" && view["withdrawalAsked"] == nil && view["dueAt"] == nil)
            #expect(view["clocks"]?.elements?.allSatisfy { $0["stoppedAt"] != nil } == true)
            #expect(try await city.deliverEvents().contains("archive.caseClosed"))
            city.clock.advance(days: 32)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "archived")
        }
    }

    @Test func whatWasNotAskedForIsNotConfirmed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let error = await city.refusal("supervision.confirmWithdrawal", Self.params(number), as: .supervisor)
            #expect(error?.code == 1011 && error?.reason == "noWithdrawalAsked")
            #expect(try await city.everything() == before)
        }
    }

    @Test func whatHasBecomeCriticalSinceStays() async throws {
        try await City.with { city in
            let number = try await Self.asked(city, .claimed)
            try await city.call(
                "assignment.changeUrgency",
                ["caseNumber": JSONValue(number), "urgency": "critical", "ground": "出现险情"], as: .office)
            let error = await city.refusal("supervision.confirmWithdrawal", Self.params(number), as: .supervisor)
            #expect(error?.code == 1011 && error?.reason == "notWithdrawable")
        }
    }

    @Test func anExclusionThatWaitsIsWithoutObject() async throws {
        try await City.with { city in
            let number = try await Self.asked(city, .claimed)
            try await city.call(
                "supervision.requestExclusion",
                ["caseNumber": JSONValue(number), "measures": ["responseRate"], "ground": "法定期限"],
                as: .unit("housing"))
            try await city.call("supervision.confirmWithdrawal", Self.params(number), as: .supervisor)
            #expect(try await city.count("supervision.exclusions WHERE decision = 'void'") == 1)
            try await city.deliverEvents()
            city.clock.advance(days: 32)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "archived")
        }
    }
}
