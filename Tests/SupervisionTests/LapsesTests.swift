import Domain
import JSONRPC
import TestKit
import Testing

/// What the clock moves by itself.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct LapsesTests {
    private static func last(_ city: City, _ number: String) async throws -> JSONValue {
        let view = try await city.call("intake.get", ["caseNumber": JSONValue(number)], as: .office)
        return view["timeline"]?.elements?.last ?? .null
    }

    @Test func anUnclaimedCaseIsTheHeadsWhenTheClaimClockHasRunOut() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let view = try await city.call("intake.get", ["caseNumber": JSONValue(number)], as: .office)
            let clocks = view["clocks"]?.elements ?? []
            let due = try #require(
                clocks.first { $0["stage"] == "claim" }?["dueAt"]?.stringValue.flatMap { Instant($0) })
            city.clock.set(due)
            try await city.sweep()
            #expect(try await Self.last(city, number)["action"] == "dispatch")
            city.clock.set(due.adding(milliseconds: 1))
            try await city.sweep()
            let entry = try await Self.last(city, number)
            #expect(entry["action"] == "lapse" && entry["actor"] == "system" && entry["to"] == "claimed")
            let claimed = try await city.call("intake.get", ["caseNumber": JSONValue(number)], as: .office)
            #expect(claimed["status"] == "claimed" && claimed["responsiblePerson"]?["name"] == "钱一把")
            // Once only, and the claim that comes now is told who answers for it.
            try await city.sweep()
            #expect(try await Self.last(city, number)["seq"] == entry["seq"])
            let refusal = await city.refusal(
                "assignment.claim",
                ["caseNumber": JSONValue(number), "responsiblePerson": ["name": "周主任", "title": "科长"]],
                as: .unit("housing"))
            #expect(refusal?.code == 1004)
        }
    }

    @Test func aFollowUpWithoutEndClosesTheCaseUnrated() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            city.clock.advance(days: 30)
            try await city.sweep()
            let view = try await city.call("intake.get", ["caseNumber": JSONValue(number)], as: .office)
            #expect(view["status"] == "closed" && view["holder"]?["party"] == "archive")
            #expect(try await city.count("supervision.follow_ups") == 0)
        }
    }

    @Test func manyAreDoneAndThoseThatAreLockedComeLater() async throws {
        try await City.with { city in
            for _ in 0..<3 { _ = try await city.bring(to: .dispatched) }
            city.clock.advance(days: 30)
            try await city.sweep()
            #expect(try await city.count("ledger.cases WHERE status = 'claimed'") == 3)
            #expect(try await city.count("ledger.cases WHERE lapses_at IS NOT NULL") == 0)
        }
    }
}
