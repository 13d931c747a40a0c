import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

/// "changeUrgency: the earlier of the old due date and the new policy counted from now; passed stages stay passed;
/// lowering only before due."
struct ChangeUrgencyRules {
    private static func change(_ record: CaseRecord, to urgency: Urgency, at: String) throws -> CaseRecord {
        let now = Situations.at(at)
        return Situations.after(
            try Rules.changeUrgency(record, to: urgency, ground: Situations.note(), at: now), at: now)
    }

    /// From; to; when; when the result is due then. Delivered on Monday 2 March at 09:00.
    @Test(
        arguments: [
            (.ordinary, .important, "2026-03-03T10:00:00", "2026-03-06T23:59:59"),
            (.ordinary, .important, "2026-03-11T10:00:00", "2026-03-11T23:59:59"),
            (.ordinary, .critical, "2026-03-03T10:00:00", "2026-03-07T22:00:00"),
            (.important, .ordinary, "2026-03-03T10:00:00", "2026-03-05T23:59:59"),
            (.critical, .important, "2026-03-03T10:00:00", "2026-03-06T21:00:00"),
            (.important, .critical, "2026-03-03T10:00:00", "2026-03-05T23:59:59"),
        ] as [(Urgency, Urgency, String, String)])
    func theResultIsDueAtTheEarlierDate(from: Urgency, to: Urgency, at: String, due: String) throws {
        let record = try Self.change(Situations.record(.claimed, from), to: to, at: at)
        #expect(record.urgency == to && record.clocks[.result]?.dueAt == Situations.at(due))
    }

    @Test func aCaseThatBecomesCriticalOwesAnOpinionUnlessItIsPastThat() throws {
        let now = "2026-03-03T10:00:00"
        var record = Situations.record()
        #expect(
            try Self.change(record, to: .critical, at: now).clocks[.opinion]?.dueAt
                == Situations.at("2026-03-07T10:00:00"))
        record.proceedings.hasOpinion = true
        #expect(try Self.change(record, to: .critical, at: now).clocks[.opinion] == nil)
        record.proceedings.hasOpinion = false
        record.round = 2
        #expect(try Self.change(record, to: .critical, at: now).clocks[.opinion] == nil)
        #expect(try Self.change(Situations.record(.claimed, .critical), to: .ordinary, at: now).clocks[.opinion] == nil)
    }

    @Test(
        arguments: [
            (.ordinary, .ordinary, "2026-03-03T10:00:00", "sameUrgency"),
            (.important, .ordinary, "2026-03-05T23:59:59", nil),
            (.important, .ordinary, "2026-03-06T00:00:00", "tooLate"),
            (.important, .critical, "2026-03-06T00:00:00", nil),
        ] as [(Urgency, Urgency, String, String?)])
    func itIsLoweredOnlyBeforeTheResultIsDue(from: Urgency, to: Urgency, at: String, reason: String?) {
        #expect(refusal { try Self.change(Situations.record(.claimed, from), to: to, at: at) }?.reason == reason)
    }

    @Test(arguments: [CaseStatus.dispatched, .claimed]) func theClaimFollowsWhileItRuns(status: CaseStatus) throws {
        var record = Situations.record(status)
        if status == .claimed { Situations.apply([.stop(.claim)], to: &record, at: Situations.delivered) }
        let claim = record.clocks[.claim]
        let after = try Self.change(record, to: .critical, at: "2026-03-02T10:00:00").clocks[.claim]
        #expect(after?.dueAt == (status == .claimed ? claim?.dueAt : Situations.at("2026-03-03T10:00:00")))
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ChangeUrgencyTests {
    private static let method = "assignment.changeUrgency"

    private static func params(_ number: String, _ urgency: String = "important") -> JSONValue {
        ["caseNumber": JSONValue(number), "urgency": JSONValue(urgency), "ground": "影响面广"]
    }

    @Test(arguments: [CaseStatus.dispatched, .returning, .claimed]) func theDateComesNearer(
        status: CaseStatus
    ) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let answer = try await city.call(Self.method, Self.params(number), as: .office)
            #expect(answer.names == ["caseNumber", "status", "version"])
            #expect(answer["status"]?.stringValue == status.rawValue)
            let view = try await city.get(number)
            let result = view["clocks"]?.elements?.first { $0["stage"] == "result" }
            #expect(view["urgency"] == "important" && result?["dueAt"] == "2026-03-05T23:59:59+08:00")
            #expect(view["timeline"]?.elements?.last?["note"] == "一般改为重要。影响面广")
        }
    }

    @Test func everyChangeIsKeptForTheOddities() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            for urgency in ["critical", "ordinary"] {
                try await city.call(Self.method, Self.params(number, urgency), as: .office)
            }
            #expect(
                await city.refusal(Self.method, Self.params(number, "ordinary"), as: .office)?.reason == "sameUrgency")
            #expect(
                try await city.count(
                    "assignment.urgency_changes WHERE from_urgency = 'critical' AND to_urgency = 'ordinary'") == 1)
            #expect(try await city.count("assignment.papers WHERE kind = 'urgencyChange'") == 2)
            city.clock.set("2026-03-20T09:00:00+08:00")
            try await city.call(Self.method, Self.params(number), as: .office)
            #expect(await city.refusal(Self.method, Self.params(number, "ordinary"), as: .office)?.code == 1005)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                Self.method, Self.params(number), as: .office, other: Self.params(number, "critical"),
                and: "assignment.instruct",
                ["caseNumber": JSONValue(number), "text": "从速", "leader": ["name": "赵书记", "title": "书记"]])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
