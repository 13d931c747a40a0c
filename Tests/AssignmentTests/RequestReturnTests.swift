import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

/// "退单 within 2 working days of delivery (critical 12 h), before any opinion, progress or result; the second goes to
/// adjudication, and there is no third."
struct ReturnRequestRules {
    private static func request(_ record: CaseRecord, at now: Instant) throws -> Step {
        try Rules.requestReturn(
            record, ground: Situations.note(), dutyClause: Situations.note("第二条"), suggested: nil,
            Situations.terms(record.urgency), Situations.limits, Situations.calendar, at: now)
    }

    @Test(
        arguments: [
            (.ordinary, "2026-03-04T23:59:59", true), (.ordinary, "2026-03-05T00:00:00", false),
            (.important, "2026-03-04T23:59:59", true), (.important, "2026-03-05T00:00:00", false),
            (.critical, "2026-03-02T21:00:00", true), (.critical, "2026-03-02T21:00:00.001", false),
        ] as [(Urgency, String, Bool)])
    func aCaseIsHandedBackInTheFirstDays(urgency: Urgency, at: String, isInTime: Bool) {
        for status in [CaseStatus.dispatched, .claimed] {
            let refusal = refusal { try Self.request(Situations.record(status, urgency), at: Situations.at(at)) }
            #expect(refusal?.code == (isInTime ? nil : .tooLate))
        }
    }

    @Test(arguments: [CaseStatus.dispatched, .claimed]) func theOfficeHasItAndTheUnitsClocksRunOn(
        status: CaseStatus
    ) throws {
        let before = Situations.record(status)
        let step = try Self.request(before, at: Situations.delivered)
        #expect(step.record.status == .returning && step.record.holder == .office)
        #expect(step.record.proceedings.returningFrom == status && step.record.proceedings.returns == 1)
        let after = Situations.after(step, at: Situations.delivered)
        #expect(after.clocks[.returning]?.dueAt == Situations.at("2026-03-03T23:59:59"))
        #expect(after.clocks[.result] == before.clocks[.result] && after.clocks[.claim] == before.clocks[.claim])
        #expect(after.leadUnitId == before.leadUnitId)
    }

    @Test func workThatHasBegunIsNotHandedBack() {
        var record = Situations.record()
        record.proceedings.hasBegun = true
        #expect(refusal { try Self.request(record, at: Situations.delivered) }?.reason == "workBegun")
    }

    @Test(arguments: [(0, nil, false), (1, nil, true), (2, .limitReached, true)] as [(Int, Refusal.Code?, Bool)])
    func theSecondIsAdjudicatedAndThereIsNoThird(before: Int, code: Refusal.Code?, isAdjudication: Bool) throws {
        var record = Situations.record()
        record.proceedings.returns = before
        #expect(refusal { try Self.request(record, at: Situations.delivered) }?.code == code)
        if code == nil {
            let step = try Self.request(record, at: Situations.delivered)
            #expect(Rules.isAdjudication(step.record) == isAdjudication)
        }
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RequestReturnTests {
    private static let method = "assignment.requestReturn"

    @Test(arguments: [CaseStatus.dispatched, .claimed]) func aReturnGoesToTheOffice(status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let due = try await city.get(number)["dueAt"]
            let params = City.returned(number).with(["suggestedUnitId": "transport"])
            let answer = try await city.call(Self.method, params, as: .unit("housing"))
            #expect(answer.names == ["caseNumber", "status", "version"] && answer["status"] == "returning")
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "office" && view["dueAt"] == "2026-03-03T23:59:59+08:00")
            let result = view["clocks"]?.elements?.first { $0["stage"] == "result" }
            #expect(result?["dueAt"] == due && result?["stoppedAt"] == nil)
            let note = view["timeline"]?.elements?.last?["note"]?.stringValue ?? ""
            #expect(note.contains("不属于本单位职责") && note.contains("第二条") && note.contains("单位transport"))
            #expect(try await city.get(number, as: .source)["timeline"]?.json.contains("职责") == false)
            #expect(try await city.count("assignment.papers WHERE kind = 'return'") == 1)
        }
    }

    @Test(arguments: [
        ("handling.fileOpinion", #"{"opinion":"拟核查"}"#), ("handling.addProgress", #"{"note":"已核查"}"#),
    ])
    func nothingBegunIsHandedBack(method: String, params: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let work = try JSONValue(parsing: Array(params.utf8)).with(["caseNumber": JSONValue(number)])
            try await city.call(method, work, as: .unit("housing"))
            let before = try await city.everything()
            let error = await city.refusal(Self.method, City.returned(number), as: .unit("housing"))
            #expect(error?.code == 1011 && error?.reason == "workBegun")
            #expect(try await city.everything() == before)
        }
    }

    @Test func workOfAnEarlierRoundCountsToo() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .reported)
            try await city.call("handling.review", City.review(number, "sendBack"), as: .office)
            #expect(
                await city.refusal(Self.method, City.returned(number), as: .unit("housing"))?.reason == "workBegun")
        }
    }

    @Test func aLateReturnIsTooLate() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.set("2026-03-05T00:00:00+08:00")
            let error = await city.refusal(Self.method, City.returned(number), as: .unit("housing"))
            #expect(error?.code == 1005 && error?.reason == "tooLate")
        }
    }

    @Test(arguments: [("suggestedUnitId", "nobody", 1009), ("ground", "", -32602), ("dutyClause", " ", -32602)])
    func badParamsAreNamed(field: String, value: String, code: Int) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let params = City.returned(number).setting(field, to: JSONValue(value))
            let error = await city.refusal(Self.method, params, as: .unit("housing"))
            #expect(error?.code == code && error?.firstPath == field)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                Self.method, City.returned(number), as: .unit("housing"),
                other: City.returned(number).with(["ground": "另一理由"]), and: "handling.addProgress",
                ["caseNumber": JSONValue(number), "note": "已核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
