import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

/// "Asked in time and refused late: due at the end of the next working day."
struct ExtensionDecisionRules {
    /// Decision; the day asked for; when it is decided; when the result is due then. It was due on 11 March, a Wednesday.
    @Test(
        arguments: [
            (.grant, Day(2026, 3, 16), "2026-03-10T09:00:00", "2026-03-16T23:59:59"),
            (.grant, Day(2026, 3, 16), "2026-03-13T09:00:00", "2026-03-16T23:59:59"),
            (.grant, Day(2026, 3, 12), "2026-03-13T09:00:00", "2026-03-16T23:59:59"),
            (.grant, Day(2026, 3, 10), "2026-03-10T09:00:00", "2026-03-11T23:59:59"),
            (.refuse, Day(2026, 3, 16), "2026-03-11T23:59:59", "2026-03-11T23:59:59"),
            (.refuse, Day(2026, 3, 16), "2026-03-12T00:00:00", "2026-03-13T23:59:59"),
            (.refuse, Day(2026, 3, 16), "2026-03-13T10:00:00", "2026-03-16T23:59:59"),
        ] as [(ExtensionDecision, Day, String, String)])
    func theResultIsDueThen(decision: ExtensionDecision, until: Day, at: String, due: String) throws {
        var record = Situations.record()
        record.proceedings.extensionUntil = until
        let now = Situations.at(at)
        let step = try Rules.decideExtension(
            record, decision, ground: Situations.note(), Situations.calendar, at: now)
        #expect(Situations.after(step, at: now).clocks[.result]?.dueAt == Situations.at(due))
        #expect(step.record.proceedings.extensionUntil == nil)
        #expect(step.clocks.isEmpty == (due == "2026-03-11T23:59:59"), "nothing moves, nothing is on record")
    }

    @Test func whatNobodyAskedForIsNotDecided() {
        for decision in ExtensionDecision.allCases {
            let refusal = refusal {
                try Rules.decideExtension(
                    Situations.record(), decision, ground: Situations.note(), Situations.calendar,
                    at: Situations.delivered)
            }
            #expect(refusal?.reason == "noExtensionPending")
        }
    }

    @Test(arguments: [(.grant, "critical"), (.refuse, nil)] as [(ExtensionDecision, String?)])
    func aCaseThatHasBecomeCriticalIsNotExtended(decision: ExtensionDecision, reason: String?) {
        var record = Situations.record(.claimed, .critical)
        record.proceedings.extensionUntil = Day(2026, 3, 16)
        let refusal = refusal {
            try Rules.decideExtension(
                record, decision, ground: Situations.note(), Situations.calendar, at: Situations.delivered)
        }
        #expect(refusal?.reason == reason)
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct DecideExtensionTests {
    private static let method = "assignment.decideExtension"

    private static func params(_ number: String, _ decision: String = "grant") -> JSONValue {
        ["caseNumber": JSONValue(number), "decision": JSONValue(decision), "ground": "确有必要"]
    }

    private static func asked(_ city: City) async throws -> String {
        let number = try await city.bring(to: .claimed)
        try await city.call("assignment.requestExtension", City.extensionParams(number), as: .unit("housing"))
        return number
    }

    @Test func grantedItIsDueAtTheEndOfTheDay() async throws {
        try await City.with { city in
            let number = try await Self.asked(city)
            let reply = try await city.get(number, as: .source)["dueAt"]
            let answer = try await city.call(Self.method, Self.params(number), as: .office)
            #expect(answer.names == ["caseNumber", "status", "version"] && answer["status"] == "claimed")
            let view = try await city.get(number, as: .unit("housing"))
            #expect(view["dueAt"] == "2026-03-16T23:59:59+08:00")
            #expect(view["timeline"]?.elements?.last?["note"]?.stringValue?.contains("确有必要") == true)
            let seen = try await city.get(number, as: .source)
            #expect(seen["dueAt"] == "2026-03-19T23:59:59+08:00" && seen["dueAt"] != reply)
            #expect(try await city.feed(until: 5).last { $0["version"] == 5 }?["kind"] == "extension")
            #expect(try await city.count("assignment.papers WHERE kind = 'extensionDecision'") == 1)
            let why = try await city.call(
                "supervision.explainDeadline", ["caseNumber": JSONValue(number)], as: .office)
            #expect(why["dueAt"] == "2026-03-16T23:59:59+08:00")
        }
    }

    @Test func refusedLateItIsDueOnTheNextWorkingDay() async throws {
        try await City.with { city in
            let number = try await Self.asked(city)
            city.clock.set("2026-03-13T10:00:00+08:00")
            try await city.call(Self.method, Self.params(number, "refuse"), as: .office)
            #expect(try await city.get(number)["dueAt"] == "2026-03-16T23:59:59+08:00")
        }
    }

    @Test func grantedLateItIsDueOnTheNextWorkingDayAtTheEarliest() async throws {
        try await City.with { city in
            let number = try await Self.asked(city)
            city.clock.set("2026-03-16T10:00:00+08:00")
            try await city.call(Self.method, Self.params(number), as: .office)
            #expect(try await city.get(number)["dueAt"] == "2026-03-17T23:59:59+08:00")
        }
    }

    @Test func thereIsOneDecisionPerRequestAndTwoRequestsPerCase() async throws {
        try await City.with { city in
            let number = try await Self.asked(city)
            let ask: @Sendable (String) async -> RPCError? = { day in
                await city.refusal(
                    "assignment.requestExtension", City.extensionParams(number, until: day), as: .unit("housing"))
            }
            #expect(await ask("2026-03-17")?.reason == "extensionPending")
            try await city.call(Self.method, Self.params(number), as: .office)
            #expect(await city.refusal(Self.method, Self.params(number), as: .office)?.reason == "noExtensionPending")
            #expect(await ask("2026-03-18") == nil)
            try await city.call(Self.method, Self.params(number, "refuse"), as: .office)
            #expect(await ask("2026-03-19")?.code == 1006)
        }
    }

    @Test func aReassignmentOrAResultEndsTheRequest() async throws {
        try await City.with { city in
            let (first, second) = (try await Self.asked(city), try await Self.asked(city))
            try await city.call(
                "assignment.reassign",
                ["caseNumber": JSONValue(first), "leadUnitId": "north", "ground": "wrongUnit", "note": "改派"],
                as: .office)
            var life = City.Life()
            life.lead = "north"
            try await city.step(first, to: .claimed, life)
            #expect(await city.refusal(Self.method, Self.params(first), as: .office)?.reason == "noExtensionPending")
            try await city.step(second, to: .reported)
            try await city.call("handling.review", City.review(second, "sendBack"), as: .office)
            #expect(await city.refusal(Self.method, Self.params(second), as: .office)?.reason == "noExtensionPending")
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await Self.asked(city)
            let mutation = Mutation(
                Self.method, Self.params(number), as: .office, other: Self.params(number, "refuse"),
                and: "assignment.changeUrgency",
                ["caseNumber": JSONValue(number), "urgency": "important", "ground": "影响面广"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
