import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RecordFollowUpTests {
    private static func ask(
        _ city: City, _ number: String, _ satisfaction: String, _ more: KeyValuePairs<String, JSONValue> = [:]
    ) async throws -> JSONValue {
        try await city.call(
            "supervision.recordFollowUp", City.followUp(number, satisfaction).with(more), as: .supervisor)
    }

    @Test(arguments: ["satisfied", "basicallySatisfied"])
    func anAcceptedReplyClosesTheCase(_ satisfaction: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let change = try await Self.ask(city, number, satisfaction, ["note": "电话回访"])
            #expect(change == ["caseNumber": JSONValue(number), "status": "closed", "version": 7])
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "archive" && view["lamp"] == nil && view["dueAt"] == nil)
            #expect(view["timeline"]?.elements?.last?["note"] == "电话回访")
            let kept = try await city.sql { db in
                try db.one(
                    "SELECT concat_ws(' ', seq, round, source, method, satisfaction, resolution, note, counts) AS line FROM supervision.follow_ups"
                ) { try $0["line"] as String }
            }
            #expect(kept == "7 1 followUp phone \(satisfaction) resolved 电话回访 t")
            #expect(try await city.count("ledger.outbox WHERE consumer = 'archive'") == 1)
        }
    }

    @Test func theFirstReplyThatIsNotAcceptedIsWorkedOnAgain() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            city.clock.set("2026-03-05T10:00:00+08:00")
            let change = try await Self.ask(city, number, "dissatisfied", ["resolution": "unresolved"])
            #expect(change["status"] == "claimed")
            let view = try await city.get(number)
            #expect(view["round"] == 2 && view["holder"]?["unitId"] == "housing")
            // The rework term of ordinary cases is three working days: 6, 9, 10 March.
            #expect(view["dueAt"] == "2026-03-10T23:59:59+08:00")
            #expect(try await city.count("ledger.outbox WHERE consumer = 'archive'") == 0)
        }
    }

    static let reworkTerms = [("important", "2026-03-09T23:59:59+08:00"), ("critical", "2026-03-06T10:00:00+08:00")]

    @Test(arguments: reworkTerms)
    func aRoundMoreHasTheReworkTermOfItsUrgency(_ urgency: String, _ due: String) async throws {
        try await City.with { city in
            var life = City.Life()
            life.urgency = urgency
            let number = try await city.bring(to: .replied, life)
            city.clock.set("2026-03-05T10:00:00+08:00")
            _ = try await Self.ask(city, number, "dissatisfied")
            #expect(try await city.get(number)["dueAt"] == JSONValue(due))
        }
    }

    @Test func theSecondReplyThatIsNotAcceptedGoesToTheOffice() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            _ = try await Self.ask(city, number, "dissatisfied")
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status) }
            let change = try await Self.ask(city, number, "dissatisfied")
            #expect(change["status"] == "replied")
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "office" && view["round"] == 2)
            // Five working days to rule.
            #expect(view["dueAt"] == "2026-03-09T23:59:59+08:00")
            for params in [
                City.followUp(number, "satisfied"), City.followUp(number, "unreachable"),
                City.followUp(number, "satisfied", method: "openVisit"),
            ] {
                let error = await city.refusal("supervision.recordFollowUp", params, as: .supervisor)
                #expect(error?.code == 1011 && error?.reason == "awaitsRuling")
            }
        }
    }

    @Test func theThirdTimeThatNobodyIsReachedClosesUnrated() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let due = try await city.get(number)["dueAt"]
            for attempt in 1...3 {
                let params = City.followUp(number, "unreachable")
                let change = try await city.call(
                    "supervision.recordFollowUp",
                    .object((params.members ?? []).filter { $0.name.text != "resolution" }), as: .supervisor)
                #expect(change["status"] == (attempt == 3 ? "closed" : "replied"))
                if attempt < 3 { #expect(try await city.get(number)["dueAt"] == due) }
            }
            #expect(
                try await city.count(
                    "supervision.follow_ups WHERE satisfaction <> 'unreachable' OR resolution IS NOT NULL") == 0)
        }
    }

    @Test func attemptsOfAnEarlierRoundDoNotCount() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            for satisfaction in ["unreachable", "unreachable", "dissatisfied"] {
                _ = try await Self.ask(city, number, satisfaction)
            }
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status) }
            for attempt in 1...3 {
                #expect(
                    try await Self.ask(city, number, "unreachable")["status"] == (attempt == 3 ? "closed" : "replied"))
            }
        }
    }

    @Test(arguments: ["openVisit", "hiddenVisit"])
    func aVisitToAClosedCaseReopensItOnlyWhereTheWorkWasNotDone(_ method: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            let honest = try await Self.ask(
                city, number, "dissatisfied", ["method": JSONValue(method), "note": "实地查看"])
            #expect(honest["status"] == "closed")
            #expect(try await city.get(number)["holder"]?["party"] == "archive")
            let found = try await Self.ask(
                city, number, "dissatisfied", ["method": JSONValue(method), "falseCompletion": true])
            #expect(found["status"] == "claimed")
            #expect(try await city.get(number)["round"] == 2)
            #expect(try await city.count("supervision.follow_ups WHERE false_completion") == 1)
        }
    }

    @Test func aFalseCompletionIsNotAcceptedWhateverThePetitionerSays() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let change = try await Self.ask(
                city, number, "satisfied", ["method": "hiddenVisit", "falseCompletion": true])
            #expect(change["status"] == "claimed")
        }
    }

    @Test func aClosedCaseIsNotRungUp() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            let before = try await city.everything()
            let error = await city.refusal(
                "supervision.recordFollowUp", City.followUp(number, "satisfied"), as: .supervisor)
            #expect(error?.code == 1002 && error?["status"] == "closed")
            #expect(try await city.everything() == before)
        }
    }

    static let resolutionRules: [(type: String, satisfaction: String, isRequired: Bool)] = [
        ("complaint", "satisfied", true), ("complaint", "dissatisfied", true), ("help", "satisfied", true),
        ("report", "satisfied", true),
        ("complaint", "unreachable", false), ("consultation", "satisfied", false),
        ("suggestion", "dissatisfied", false), ("praise", "satisfied", false),
    ]

    @Test(arguments: resolutionRules)
    func theResolutionIsAskedOfWhoWasReachedAndOfTypesThatHaveOne(
        _ type: String, _ satisfaction: String, _ isRequired: Bool
    ) async throws {
        try await City.with { city in
            var life = City.Life()
            life.type = type
            let number = try await city.bring(to: .replied, life)
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "method": "phone", "satisfaction": JSONValue(satisfaction),
            ]
            let error = await city.refusal("supervision.recordFollowUp", params, as: .supervisor)
            #expect(error?.code == (isRequired ? -32602 : nil))
            #expect(error?.paths ?? [] == (isRequired ? ["resolution"] : []))
        }
    }

    static let callers: [(Who, CaseStatus, Int?)] = [
        (.supervisor, .approved, 1002), (.supervisor, .registered, 1002), (.supervisor, .claimed, 1002),
        (.supervisor, .archived, 1010),
        (.source, .replied, -32003), (.office, .replied, -32003), (.unit("housing"), .replied, -32003),
        (.auditor, .replied, -32003),
        (.nobody, .replied, -32001),
    ]

    @Test(arguments: callers)
    func onlySupervisionAsksAndOnlyAboutWhatWasAnswered(_ who: Who, _ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.everything()
            #expect(await city.code("supervision.recordFollowUp", City.followUp(number, "satisfied"), as: who) == code)
            let byPhone = City.followUp(number, "dissatisfied").with(["falseCompletion": true])
            if who == .supervisor {
                #expect(
                    await city.refusal("supervision.recordFollowUp", byPhone, as: who)?.paths == ["falseCompletion"])
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test func aKeyMakesItOnce() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let first = try await Self.ask(city, number, "dissatisfied", ["idempotencyKey": "f1"])
            #expect(try await Self.ask(city, number, "dissatisfied", ["idempotencyKey": "f1"]) == first)
            #expect(try await city.get(number)["round"] == 2)
            #expect(try await city.count("supervision.follow_ups") == 1)
        }
    }
}
