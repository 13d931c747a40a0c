import Domain
import JSONRPC
import TestKit
import Testing

/// 督办台账 — what the sweep did, as it is read.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct StepsTests {
    static let method = "supervision.steps"

    static func items(
        _ city: City, _ params: JSONValue = [:], as who: Who = .supervisor
    ) async throws -> [JSONValue] { try await city.call(method, params, as: who)["items"]?.elements ?? [] }

    /// Clock and step of each, newest first.
    static func words(_ items: [JSONValue]) -> [String] {
        items.map { "\($0["stage"]?.stringValue ?? "") \($0["step"]?.stringValue ?? "")" }
    }

    /// A case of housing that is due on 11 March, with its notice of the 12th.
    static func noticed(_ city: City, _ life: City.Life = City.Life()) async throws -> String {
        let number = try await city.bring(to: .claimed, life)
        city.clock.set("2026-03-12T09:00:00+08:00")
        try await city.sweep()
        return number
    }

    @Test func aNoticeGoesToTheDeputyInChargeWithAYellowCard() async throws {
        try await City.with { city in
            let number = try await Self.noticed(city)
            let items = try await Self.items(city)
            #expect(Self.words(items) == ["result notice", "result urge", "result warning"])
            let id = items[0]["stepId"] ?? .null
            #expect(
                items[0] == [
                    "stepId": id, "caseNumber": JSONValue(number), "step": "notice", "stage": "result", "round": 1,
                    "holder": "leadUnit", "unitId": "housing", "addressee": "孙分管",
                    "dueAt": "2026-03-11T23:59:59+08:00", "at": "2026-03-12T09:00:00+08:00",
                    "card": ["cardId": id, "colour": "yellow", "explainBy": "2026-03-19T23:59:59+08:00"],
                ])
            #expect(items[1]["card"] == nil && items[1]["addressee"] == nil)
            // What is done is not done again, and changes nothing of the case.
            try await city.sweep()
            #expect(try await Self.items(city).count == 3)
            #expect(try await city.get(number)["version"] == 3)
            #expect(!items.map(\.json).joined().contains("张三丰") && !items.map(\.json).joined().contains("扰民"))
        }
    }

    @Test func theWholeLadderIsClimbedInFourWeeks() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .claimed)
            for day in 2...31 {
                city.clock.set(Instant(Day(2026, 3, day), second: 36_000))
                try await city.sweep()
            }
            city.clock.set("2026-04-02T10:00:00+08:00")
            try await city.sweep()
            let items = try await Self.items(city).reversed().map {
                "\($0["step"]?.stringValue ?? "") \($0["at"]?.stringValue?.prefix(10) ?? "")"
            }
            #expect(
                items == [
                    "warning 2026-03-11", "urge 2026-03-12", "notice 2026-03-12", "supervisionLetter 2026-03-19",
                    "interview 2026-03-26", "accountability 2026-04-02",
                ])
            #expect(try await city.count("ledger.cases WHERE look_at IS NOT NULL") == 0)
        }
    }

    @Test func aCaseThatNobodyClassifiesOrDispatchesIsTheDesks() async throws {
        try await City.with { city in
            _ = try await city.register()
            city.clock.set("2026-03-04T09:00:00+08:00")
            try await city.sweep()
            let items = try await Self.items(city)
            #expect(
                Self.words(items) == ["registration notice", "registration urge", "registration warning"])
            #expect(items.allSatisfy { $0["holder"] == "registry" && $0["unitId"] == nil && $0["card"] == nil })
            #expect(try await Self.items(city, as: .unit("city")).isEmpty)
        }
    }

    @Test func aClaimThatLapsesHasItsStepsAndABlueCard() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            city.clock.set("2026-03-04T00:00:00+08:00")
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "claimed")
            let items = try await Self.items(city)
            #expect(Self.words(items) == ["claim claimLapsed", "claim urge", "claim warning"])
            #expect(items[0]["card"]?["colour"] == "blue" && items[0]["card"]?["explainBy"] != nil)
        }
    }

    @Test func aSecondExtensionAskedForIsRed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "until": "2026-03-13", "reason": "案情复杂", "legalBasis": "规定第五条",
                "interimReply": "正在核查",
            ]
            try await city.call("assignment.requestExtension", params, as: .unit("housing"))
            try await city.sweep()
            #expect(try await Self.items(city).isEmpty)
            try await city.call(
                "assignment.decideExtension",
                ["caseNumber": JSONValue(number), "decision": "grant", "ground": "确有必要"], as: .office)
            try await city.call(
                "assignment.requestExtension", params.with(["until": "2026-03-17"]), as: .unit("housing"))
            for _ in 0..<2 { try await city.sweep() }
            let items = try await Self.items(city)
            #expect(Self.words(items) == ["result secondExtension"] && items[0]["card"]?["colour"] == "red")
        }
    }

    @Test func aSecondDissatisfiedFollowUpIsRedAtOnce() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            #expect(try await Self.items(city).isEmpty)
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status) }
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            for _ in 0..<2 {
                let items = try await Self.items(city)
                #expect(Self.words(items) == ["result secondDissatisfied"])
                #expect(items[0]["round"] == 2 && items[0]["card"]?["colour"] == "red")
                try await city.sweep()
            }
        }
    }

    @Test func whatAnExtensionMakesWrongStaysOnFileAndIsMarked() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.set("2026-03-11T10:00:00+08:00")
            try await city.sweep()
            try await city.call(
                "assignment.requestExtension",
                [
                    "caseNumber": JSONValue(number), "until": "2026-03-16", "reason": "案情复杂", "legalBasis": "规定第五条",
                    "interimReply": "正在核查",
                ], as: .unit("housing"))
            try await city.call(
                "assignment.decideExtension",
                ["caseNumber": JSONValue(number), "decision": "grant", "ground": "确有必要"], as: .office)
            try await city.sweep()
            let items = try await Self.items(city)
            #expect(Self.words(items) == ["result warning"])
            #expect(
                items[0]["wrong"] == ["since": "2026-03-11T10:00:00+08:00", "dueAt": "2026-03-16T23:59:59+08:00"])
            city.clock.set("2026-03-16T12:00:00+08:00")
            try await city.sweep()
            let again = try await Self.items(city)
            #expect(Self.words(again) == ["result warning", "result warning"] && again[0]["wrong"] == nil)
        }
    }

    @Test func whatAChangedCalendarMakesWrongIsMarkedToo() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.set("2026-03-10T15:00:00+08:00")
            try await city.sweep()
            try await city.call(
                "supervision.saveCalendar", ["year": 2026, "off": ["2026-03-10"], "work": [], "source": "通知"],
                as: .admin)
            for _ in 0..<2 { try await city.sweep() }
            #expect(try await city.get(number)["dueAt"] == "2026-03-12T23:59:59+08:00")
            let items = try await Self.items(city)
            #expect(Self.words(items) == ["result warning"])
            #expect(items[0]["wrong"]?["dueAt"] == "2026-03-12T23:59:59+08:00")
            // A fifth of the seven days is left again on the 11th.
            city.clock.set("2026-03-11T14:23:59+08:00")
            try await city.sweep()
            #expect(try await Self.items(city).map { $0["wrong"] == nil } == [true, false])
        }
    }

    @Test func theyAreNarrowedAndReadPageByPage() async throws {
        try await City.with { city in
            let one = try await Self.noticed(city)
            var life = City.Life()
            (life.lead, life.more) = ("transport", ["divisionCode": "439901"])
            city.clock.set("2026-03-16T09:00:00+08:00")
            let other = try await city.bring(to: .claimed, life)
            city.clock.set("2026-03-26T09:00:00+08:00")
            try await city.sweep()
            func words(_ params: JSONValue) async throws -> [String] { Self.words(try await Self.items(city, params)) }
            #expect(try await words([:]).count == 8)
            #expect(
                try await words(["caseNumber": JSONValue(other)]) == [
                    "result notice", "result urge", "result warning",
                ])
            #expect(try await words(["unitId": "housing"]).count == 5)
            #expect(try await words(["step": "interview"]) == ["result interview"])
            #expect(try await words(["card": "yellow"]).count == 2)
            #expect(try await words(["card": "red", "unitId": "housing"]) == ["result supervisionLetter"])
            #expect(try await words(["from": "2026-03-12", "to": "2026-03-12"]).count == 3)
            #expect(try await words(["to": "2026-03-11"]).isEmpty)
            var (seen, cursor) = ([JSONValue](), JSONValue.null)
            repeat {
                let params: JSONValue = cursor == .null ? ["limit": 3] : ["limit": 3, "cursor": cursor]
                let page = try await city.call(Self.method, params, as: .office)
                seen += page["items"]?.elements ?? []
                cursor = page["nextCursor"] ?? .null
            } while cursor != .null && seen.count < 20
            #expect(seen == (try await Self.items(city, as: .office)) && seen.count == 8)
            #expect(await city.refusal(Self.method, ["cursor": "1"], as: .office)?.firstPath == "cursor")
            let range: JSONValue = ["from": "2026-03-12", "to": "2026-03-11"]
            #expect(await city.refusal(Self.method, range, as: .office)?.paths == ["to"])
            #expect(await city.code(Self.method, ["caseNumber": JSONValue(one)], as: .unit("transport")) == 1001)
        }
    }

    @Test func everybodySeesWhatConcernsThem() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["divisionCode": "439901"]
            _ = try await Self.noticed(city, life)
            for who in [
                Who.registrar, .office, .supervisor, .auditor, .leader, .northLeader, .unit("housing"), .unit("city"),
            ] {
                #expect(try await Self.items(city, as: who).count == 3, "\(who)")
            }
            #expect(try await Self.items(city, as: .unit("transport")).isEmpty)
            #expect(await city.code(Self.method, ["unitId": "housing"], as: .unit("transport")) == 1001)
            #expect(await city.code(Self.method, ["unitId": "nobody"], as: .office) == 1009)
            for who in [Who.source, .observer, .admin] { #expect(await city.code(Self.method, as: who) == -32003) }
        }
    }
}
