import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

/// "An extension is asked for before the due date, with reason, legal basis, new date (no longer than the reply term again,
/// or a statutory period with its basis) and an interim reply; at most two per case; none for critical."
struct ExtensionRequestRules {
    private static func request(
        _ record: CaseRecord, until: Day = Day(2026, 3, 16), basis: String = "规定第五条", reply: String = "正在核查",
        at now: Instant = Situations.at("2026-03-10T09:00:00")
    ) throws -> Step {
        try Rules.requestExtension(
            record,
            .init(until: until, legalBasis: Note(unchecked: basis), interimReply: Essay(unchecked: reply)),
            KnownIdentity(name: "张三丰", phone: nil), Situations.terms(record.urgency), Situations.limits,
            Situations.calendar, at: now)
    }

    /// Due on 11 March; seven working days more are 20 March.
    @Test(
        arguments: [
            (Day(2026, 3, 11), "规定", false), (Day(2026, 3, 12), "规定", true), (Day(2026, 3, 20), "规定", true),
            (Day(2026, 3, 21), "规定", false), (Day(2026, 3, 21), "《信访工作条例》第三十四条", true),
            (Day(2027, 3, 1), "《行政复议法》", true), (Day(2026, 3, 11), "《信访工作条例》", false),
        ])
    func theNewDateLiesWithinTheTermCountedAgain(until: Day, basis: String, isAccepted: Bool) {
        let refusal = refusal { try Self.request(Situations.record(), until: until, basis: basis) }
        #expect((refusal == nil) == isAccepted)
        if case .field(let path, _)? = refusal?.facts { #expect(path == "until") } else { #expect(isAccepted) }
    }

    @Test(arguments: [("2026-03-11T23:59:59", true), ("2026-03-12T00:00:00", false)])
    func itIsAskedForBeforeTheDueDate(at: String, isInTime: Bool) {
        let refusal = refusal { try Self.request(Situations.record(), at: Situations.at(at)) }
        #expect(refusal?.code == (isInTime ? nil : .tooLate))
    }

    @Test func aPausedClockDoesNotRunOut() {
        var record = Situations.record(.awaitingPetitioner)
        Situations.apply([.start(.petitioner), .pause], to: &record, at: Situations.at("2026-03-10T09:00:00"))
        #expect(refusal { try Self.request(record, at: Situations.at("2026-03-12T09:00:00")) } == nil)
    }

    @Test func itIsOnRecordAndTheInterimReplyIsPublic() throws {
        let step = try Self.request(Situations.record())
        #expect(step.record.proceedings.extensions == 1 && step.record.proceedings.extensionUntil == Day(2026, 3, 16))
        #expect(step.noteIsPublic && step.note == "正在核查" && step.clocks.isEmpty)
        #expect(step.record.proceedings.hasBegun, "an interim reply is progress")
    }

    @Test func thereAreAtMostTwoOneAfterTheOtherAndNoneForCriticalCases() {
        func reason(_ extensions: Int, pending: Bool, _ urgency: Urgency = .ordinary) -> String? {
            var record = Situations.record(.claimed, urgency)
            record.proceedings.extensions = extensions
            record.proceedings.extensionUntil = pending ? Day(2026, 3, 16) : nil
            return refusal { try Self.request(record) }?.reason
        }
        #expect(reason(0, pending: false) == nil && reason(1, pending: false) == nil)
        #expect(reason(1, pending: true) == "extensionPending")
        #expect(reason(2, pending: false) == "limitReached")
        #expect(reason(0, pending: false, .critical) == "critical")
    }

    @Test(arguments: ["张三丰先生：正在核查", "请联系13900001234"]) func anInterimReplyNamesNobody(reply: String) {
        #expect(refusal { try Self.request(Situations.record(), reply: reply) }?.reason == "identityInReply")
    }
}

extension City {
    static func extensionParams(
        _ number: String, until: String = "2026-03-16", reply: String = "正在进一步核查，将于三月中旬答复。"
    ) -> JSONValue {
        [
            "caseNumber": JSONValue(number), "until": JSONValue(until), "reason": "涉及多个部门", "legalBasis": "规定第五条",
            "interimReply": JSONValue(reply),
        ]
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RequestExtensionTests {
    private static let method = "assignment.requestExtension"

    @Test func thePetitionerReadsTheInterimReplyAndNothingElse() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let answer = try await city.call(Self.method, City.extensionParams(number), as: .unit("housing"))
            #expect(answer.names == ["caseNumber", "status", "version"] && answer["status"] == "claimed")
            let view = try await city.get(number)
            #expect(view["dueAt"] == "2026-03-11T23:59:59+08:00", "nothing is granted yet")
            let seen = try await city.get(number, as: .source)
            let entry = seen["timeline"]?.elements?.last
            #expect(entry?["action"] == "requestExtension" && entry?["note"]?.stringValue?.contains("正在进一步核查") == true)
            #expect(!seen.json.contains("涉及多个部门"))
            let items = try await city.feed(until: 4)
            let item = items.last { $0["version"] == 4 }
            #expect(item?["kind"] == "interim" && item?["text"] == entry?["note"])
            #expect(try await city.count("assignment.papers WHERE kind = 'extensionRequest'") == 1)
        }
    }

    @Test func aReplyThatNamesThePetitionerIsRefused() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let params = City.extensionParams(number, reply: "张三丰：正在核查")
            let error = await city.refusal(Self.method, params, as: .unit("housing"))
            #expect(error?.code == 1011 && error?.reason == "identityInReply")
            #expect(try await city.everything() == before)
        }
    }

    @Test(arguments: [
        ("until", "2026-03-11", "until"), ("until", "2026-03-21", "until"),
        ("until", "2026-03-16T10:00:00+08:00", "until"), ("reason", "", "reason"), ("legalBasis", "", "legalBasis"),
        ("interimReply", "", "interimReply"),
    ])
    func badParamsAreNamed(field: String, value: String, path: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params = City.extensionParams(number).setting(field, to: JSONValue(value))
            let error = await city.refusal(Self.method, params, as: .unit("housing"))
            #expect(error?.code == -32602 && error?.firstPath == path)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                Self.method, City.extensionParams(number), as: .unit("housing"),
                other: City.extensionParams(number, until: "2026-03-17"), and: "handling.addProgress",
                ["caseNumber": JSONValue(number), "note": "已核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
