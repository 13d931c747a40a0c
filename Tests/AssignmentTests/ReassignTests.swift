import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

struct ReassignRules {
    private static func reassign(
        _ record: CaseRecord, _ redirection: Rules.Redirection, at now: Instant = Situations.delivered
    ) throws -> Step {
        try Rules.reassign(record, redirection, .wrongUnit, Situations.note(), name: nil, at: now)
    }

    @Test(arguments: [CaseStatus.dispatched, .claimed, .awaitingPetitioner], Urgency.allCases)
    func aNewLetterStartsNewClocksAndEndsWhatTheUnitBeforeHadAskedFor(status: CaseStatus, urgency: Urgency) throws {
        var record = Situations.record(status, urgency)
        record.proceedings.extensionUntil = Day(2026, 3, 20)
        record.proceedings.hasBegun = true
        record.proceedings.hasOpinion = true
        Situations.apply([.stop(.claim), .start(.petitioner), .pause], to: &record, at: Situations.delivered)
        let now = Situations.at("2026-03-04T09:00:00")
        let step = try Self.reassign(record, Situations.redirection(Situations.line("b")), at: now)
        let after = Situations.after(step, at: now)
        #expect(after.status == .dispatched && after.leadUnitId?.text == "b" && after.responsiblePerson == nil)
        #expect(after.proceedings == Proceedings() && after.formerLeads.map(\.text) == ["a"])
        let running = Set(after.clocks.all.filter(\.isRunning).map(\.stage))
        #expect(running == (urgency == .critical ? [.claim, .result, .reply, .opinion] : [.claim, .result, .reply]))
        #expect(after.clocks.all.allSatisfy { !$0.isPaused })
        #expect(after.clocks[.result]?.dueAt == Situations.terms(urgency).result.due(from: now, Situations.calendar))
    }

    @Test func openCoOrdersStayButForTheNewLeadsOwn() throws {
        var record = Situations.record()
        record.coOrders = [("b", CoOrderStatus.open), ("c", .open), ("d", .done)].map {
            CoOrder(unitId: Situations.id($0.0), task: Situations.note(), required: true, status: $0.1)
        }
        let lines = ["b", "c"].map { Situations.line($0) }
        let step = try Self.reassign(record, Situations.redirection(Situations.line("b"), helping: lines))
        #expect(step.record.coOrders.map(\.status) == [.withdrawn, .open, .done])
    }

    /// Type; complained of; new lead; who is above it; with a ground; whether it is refused.
    @Test(
        arguments: [
            (.complaint, "b", [], nil, true), (.complaint, "x", ["x"], nil, true), (.complaint, "x", [], nil, false),
            (.complaint, "b", [], "别无单位", false), (.report, "b", [], "别无单位", true), (.report, "x", [], nil, false),
        ] as [(CaseType, String, [String], String?, Bool)])
    func thoseComplainedOfDoNotGetIt(
        type: CaseType, about: String, above: [String], ground: String?, isRefused: Bool
    ) throws {
        let record = Situations.record(type: type, about: [about])
        let redirection = Situations.redirection(Situations.line("b", under: above), ground: ground)
        #expect(
            refusal { try Self.reassign(record, redirection) }?.code == (isRefused ? .conflictOfInterest : nil))
        if !isRefused {
            #expect(try Self.reassign(record, redirection).record.hasConflictGround == (ground != nil))
        }
    }

    @Test func aCoUnitThatIsComplainedOfStaysOnlyWhereItWasOrderedOnAGround() {
        for (isOnGround, code) in [(false, Refusal.Code.conflictOfInterest), (true, nil)] as [(Bool, Refusal.Code?)] {
            var record = Situations.record(about: ["c"])
            record.hasConflictGround = isOnGround
            let redirection = Situations.redirection(Situations.line("b"), helping: [Situations.line("c")])
            #expect(refusal { try Self.reassign(record, redirection) }?.code == code)
        }
    }

    @Test func neitherTheSameUnitNorOneThatIsGoneNorOneThatMayNotReadIt() {
        func reason(_ record: CaseRecord, _ line: Rules.UnitLine) -> String? {
            refusal { try Self.reassign(record, Situations.redirection(line)) }?.reason
        }
        #expect(reason(Situations.record(), Situations.line("a")) == "sameUnit")
        #expect(reason(Situations.record(), Situations.line("b", abolishedOn: Day(2026, 3, 2))) == "unitAbolished")
        #expect(reason(Situations.record(), Situations.line("b", abolishedOn: Day(2026, 3, 3))) == nil)
        var withheld = Situations.record(type: .report)
        withheld.unitText = nil
        #expect(reason(withheld, Situations.line("b")) == "unitTextMissing")
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReassignTests {
    private static let method = "assignment.reassign"

    private static func params(_ number: String, to unit: String = "north", ground: String = "wrongUnit") -> JSONValue {
        [
            "caseNumber": JSONValue(number), "leadUnitId": JSONValue(unit), "ground": JSONValue(ground),
            "note": "属县区事权",
        ]
    }

    @Test(arguments: ["wrongUnit", "conflictOfInterest", "leaderInstruction", "unitAbolished"])
    func aCaseGoesToAnotherUnitByANewLetter(ground: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.set("2026-03-04T09:00:00+08:00")
            let answer = try await city.call(Self.method, Self.params(number, ground: ground), as: .office)
            #expect(
                answer.names == [
                    "caseNumber", "deliveredAt", "dueAt", "letterNumber", "provisional", "stages", "status", "version",
                ])
            #expect(answer["status"] == "dispatched" && answer["dueAt"] == "2026-03-13T23:59:59+08:00")
            let view = try await city.get(number)
            #expect(view["leadUnitId"] == "north" && view["responsiblePerson"] == nil)
            #expect(view["timeline"]?.elements?.last?["note"]?.stringValue?.contains("属县区事权") == true)
            #expect(try await city.count("assignment.letters") == 2)
            #expect(try await city.count("assignment.papers WHERE kind = 'reassignment'") == 1)
            var life = City.Life()
            life.lead = "north"
            for status in [CaseStatus.claimed, .reported, .approved, .replied, .closed] {
                try await city.step(number, to: status, life)
            }
        }
    }

    @Test(
        arguments: [
            ("north", "nobody's", -32602, "ground"), ("nobody", "wrongUnit", 1009, "leadUnitId"),
            ("housing", "wrongUnit", 1011, nil),
        ] as [(String, String, Int, String?)])
    func whatDoesNotFitIsRefused(unit: String, ground: String, code: Int, path: String?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let error = await city.refusal(Self.method, Self.params(number, to: unit, ground: ground), as: .office)
            #expect(error?.code == code && error?.firstPath == path)
            #expect(try await city.everything() == before)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                Self.method, Self.params(number), as: .office, other: Self.params(number, to: "transport"),
                and: "assignment.changeUrgency",
                ["caseNumber": JSONValue(number), "urgency": "important", "ground": "影响面广"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
