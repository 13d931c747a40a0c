import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

/// "decideReturn: acceptToUnit: dispatched to it; acceptToRegistry: registered; deny: the status it had, and the time over
/// the office's clock is given back."
struct ReturnRulingRules {
    private static func returning(from status: CaseStatus, _ urgency: Urgency = .ordinary) -> CaseRecord {
        var record = Situations.record(status, urgency)
        record.status = .returning
        record.holder = .office
        record.proceedings.returns = 1
        record.proceedings.returningFrom = status
        Situations.apply([.start(.returning)], to: &record, at: Situations.delivered)
        return record
    }

    private static func decide(
        _ record: CaseRecord, _ ruling: Rules.Ruling, at now: Instant = Situations.delivered
    ) throws -> Step {
        try Rules.decideReturn(record, ruling, ground: Situations.note("经核"), name: Name(unchecked: "乙"), at: now)
    }

    @Test(
        arguments: [
            (.dispatched, .ordinary, "2026-03-03T23:59:59", "2026-03-11T23:59:59"),
            (.claimed, .ordinary, "2026-03-04T00:00:00", "2026-03-12T23:59:59"),
            (.claimed, .ordinary, "2026-03-06T10:00:00", "2026-03-16T23:59:59"),
            (.claimed, .critical, "2026-03-02T13:00:00", "2026-03-06T21:00:00"),
            (.claimed, .critical, "2026-03-02T15:30:00", "2026-03-06T23:30:00"),
        ] as [(CaseStatus, Urgency, String, String)])
    func aDenialGivesBackWhatTheOfficeTookTooLong(
        status: CaseStatus, urgency: Urgency, at: String, due: String
    ) throws {
        let now = Situations.at(at)
        let step = try Self.decide(Self.returning(from: status, urgency), .denied, at: now)
        #expect(step.record.status == status && step.record.holder == .leadUnit)
        #expect(step.record.proceedings.returningFrom == nil)
        let after = Situations.after(step, at: now)
        #expect(after.clocks[.result]?.dueAt == Situations.at(due))
        #expect(after.clocks[.returning]?.isRunning == false)
    }

    @Test func theRegistryGetsACaseThatIsNobodysAsIfItWereNew() throws {
        var record = Self.returning(from: .claimed)
        record.isClassified = true
        record.coOrders = [CoOrder(unitId: Situations.id("c"), task: Situations.note(), required: true)]
        let step = try Self.decide(record, .toRegistry)
        #expect(step.record.status == .registered && step.record.holder == .registry && !step.record.isClassified)
        #expect(step.record.leadUnitId == nil && step.record.letterNumber == nil)
        #expect(step.record.responsiblePerson == nil && step.record.formerLeads.map(\.text) == ["a"])
        #expect(step.record.coOrders.map(\.status) == [.withdrawn])
        let after = Situations.after(step, at: Situations.delivered)
        #expect(after.clocks.all.filter(\.isRunning).map(\.stage) == [.registration])
    }

    @Test func anotherUnitGetsANewLetterWithNewClocks() throws {
        let now = Situations.at("2026-03-03T10:00:00")
        let step = try Self.decide(
            Self.returning(from: .claimed), .toUnit(Situations.redirection(Situations.line("b"))), at: now)
        #expect(step.record.status == .dispatched && step.record.leadUnitId?.text == "b")
        #expect(step.record.letterNumber != Situations.letter && step.record.responsiblePerson == nil)
        #expect(step.record.formerLeads.map(\.text) == ["a"] && step.events == [.caseDispatched])
        let after = Situations.after(step, at: now)
        #expect(after.clocks[.result]?.dueAt == Situations.at("2026-03-12T23:59:59"))
        #expect(after.clocks[.claim]?.dueAt == Situations.at("2026-03-04T23:59:59"))
        #expect(after.clocks[.returning]?.isRunning == false)
    }

    @Test(arguments: [(1, "裁定"), (2, "会商裁定")]) func theSecondIsAdjudication(returns: Int, word: String) throws {
        var record = Self.returning(from: .claimed)
        record.proceedings.returns = returns
        #expect(try Self.decide(record, .denied).note?.hasPrefix(word) == true)
    }

    @Test func theSameUnitIsNotAnotherUnit() {
        let ruling = Rules.Ruling.toUnit(Situations.redirection(Situations.line("a")))
        #expect(refusal { try Self.decide(Self.returning(from: .claimed), ruling) }?.reason == "sameUnit")
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct DecideReturnTests {
    private static let method = "assignment.decideReturn"

    private static func params(_ number: String, _ decision: String, to unit: String? = nil) -> JSONValue {
        let params: JSONValue = [
            "caseNumber": JSONValue(number), "decision": JSONValue(decision), "ground": "经核",
        ]
        return unit.map { params.with(["leadUnitId": JSONValue($0)]) } ?? params
    }

    @Test func aCaseGoesToAnotherUnitByANewLetter() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .returning)
            city.clock.set("2026-03-03T10:00:00+08:00")
            let answer = try await city.call(
                Self.method, Self.params(number, "acceptToUnit", to: "transport"), as: .office)
            #expect(
                answer.names == [
                    "caseNumber", "deliveredAt", "dueAt", "letterNumber", "provisional", "stages", "status", "version",
                ])
            #expect(answer["status"] == "dispatched" && answer["dueAt"] == "2026-03-12T23:59:59+08:00")
            let view = try await city.get(number)
            #expect(view["leadUnitId"] == "transport" && view["letterNumber"] == answer["letterNumber"])
            let letter: JSONValue = ["letterNumber": answer["letterNumber"] ?? .null]
            #expect(
                try await city.call("assignment.letter", letter, as: .unit("transport"))["leadUnit"]?["unitId"]
                    == "transport")
            // Who handed it back knows its own letters only.
            #expect(await city.code("assignment.letter", letter, as: .unit("housing")) == 1001)
            #expect(try await city.deliverEvents().count == 2)
            var life = City.Life()
            life.lead = "transport"
            try await city.step(number, to: .claimed, life)
        }
    }

    @Test func theRegistryMayDispatchItAgain() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .returning)
            let answer = try await city.call(Self.method, Self.params(number, "acceptToRegistry"), as: .office)
            #expect(answer.names == ["caseNumber", "status", "version"] && answer["status"] == "registered")
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "registry" && view["leadUnitId"] == nil)
            #expect(view["letterNumber"] == nil && view["dueAt"] == "2026-03-03T23:59:59+08:00")
            try await city.step(number, to: .dispatched)
        }
    }

    @Test(arguments: [CaseStatus.dispatched, .claimed]) func aDenialPutsItBackWhereItWas(
        status: CaseStatus
    ) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            try await city.step(number, to: .returning)
            let answer = try await city.call(Self.method, Self.params(number, "deny"), as: .office)
            #expect(answer["status"]?.stringValue == status.rawValue)
            #expect(try await city.get(number)["dueAt"] == "2026-03-11T23:59:59+08:00")
        }
    }

    @Test func theSecondRulingIsAnAdjudicationAndThereIsNoThird() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .returning)
            try await city.call(Self.method, Self.params(number, "acceptToUnit", to: "transport"), as: .office)
            var life = City.Life()
            life.lead = "transport"
            try await city.step(number, to: .returning, life)
            try await city.call(Self.method, Self.params(number, "acceptToUnit", to: "north"), as: .office)
            let note = try await city.get(number)["timeline"]?.elements?.last?["note"]?.stringValue
            #expect(note?.hasPrefix("会商裁定") == true)
            #expect(try await city.count("assignment.papers WHERE kind = 'adjudication'") == 1)
            #expect(try await city.count("assignment.papers WHERE kind = 'ruling'") == 1)
            let third = await city.refusal(
                "assignment.requestReturn", City.returned(number), as: .unit("north"))
            #expect(third?.code == 1006 && third?.reason == "limitReached")
        }
    }

    @Test(
        arguments: [
            ("acceptToUnit", nil, -32602, "leadUnitId"), ("deny", "transport", -32602, "leadUnitId"),
            ("acceptToRegistry", "transport", -32602, "leadUnitId"), ("acceptToUnit", "nobody", 1009, "leadUnitId"),
            ("acceptToUnit", "housing", 1011, nil), ("send", nil, -32602, "decision"),
        ] as [(String, String?, Int, String?)])
    func whatDoesNotFitIsRefused(decision: String, unit: String?, code: Int, path: String?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .returning)
            let before = try await city.everything()
            let error = await city.refusal(Self.method, Self.params(number, decision, to: unit), as: .office)
            #expect(error?.code == code && error?.firstPath == path)
            #expect(try await city.everything() == before)
        }
    }

    @Test func thoseComplainedOfDoNotGetIt() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["about": ["transport"]]
            let number = try await city.bring(to: .returning, life)
            let params = Self.params(number, "acceptToUnit", to: "transport")
            #expect(await city.refusal(Self.method, params, as: .office)?.code == 1007)
            try await city.call(Self.method, params.with(["conflictGround": "别无单位"]), as: .office)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .returning)
            let mutation = Mutation(
                Self.method, Self.params(number, "acceptToUnit", to: "transport"), as: .office,
                other: Self.params(number, "deny"), and: "assignment.changeUrgency",
                ["caseNumber": JSONValue(number), "urgency": "important", "ground": "影响面广"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
