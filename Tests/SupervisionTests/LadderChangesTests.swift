@testable import Domain
@testable import Supervision
import Testing

/// What pauses, extensions, calendars, letters and rounds do to the ladder.
struct LadderChangesTests {
    /// An ordinary case, delivered on 2 March 2026 and due on 11 March, warned of and urged, with a notice.
    private static func overdue() -> LadderLife {
        var life = LadderLife(.claimed)
        life.add(.start, .result, "2026-03-02T09:00:00")
        life.climb(from: "2026-03-02T09:00:00", to: "2026-03-12T09:00:00")
        return life
    }

    @Test func aClockThatPausesLeadsToNothing() {
        var life = LadderLife(.claimed)
        life.add(.start, .result, "2026-03-02T09:00:00")
        life.record.status = .awaitingPetitioner
        life.add(.pause, nil, "2026-03-09T10:00:00")
        life.add(.start, .petitioner, "2026-03-09T10:00:00")
        #expect(life.look("2026-03-20T09:00:00") == Rules.Look())
        // Three days at whose end it waited do not count: due on the 16th.
        life.add(.stop, .petitioner, "2026-03-12T10:00:00")
        life.add(.resume, nil, "2026-03-12T10:00:00")
        life.record.status = .claimed
        life.climb(from: "2026-03-12T10:00:00")
        #expect(life.taken[1] == "result urge 2026-03-16T23:59:59")
    }

    @Test func criticalClocksDoNotPause() {
        var life = LadderLife(.claimed, .critical)
        life.add(.start, .result, "2026-03-02T09:00:00")
        life.add(.pause, nil, "2026-03-03T10:00:00")
        life.record.status = .awaitingPetitioner
        life.climb(from: "2026-03-03T10:00:00")
        #expect(life.taken.count == 6)
    }

    @Test func anExtensionMarksWhatItMakesWrongAndThoseStepsComeAgain() {
        var life = Self.overdue()
        #expect(life.taken.count == 3)
        life.add(.extend, .result, "2026-03-12T10:00:00", until: "2026-03-20T23:59:59")
        let look = life.look("2026-03-12T10:00:01")
        #expect(look.wrong.map(\.id) == [1, 2, 3])
        #expect(look.wrong.allSatisfy { $0.dueAt == LadderLife.at("2026-03-20T23:59:59") })
        #expect(look.due.isEmpty)
        life.climb(from: "2026-03-12T10:00:02")
        #expect(
            life.taken.dropFirst(3) == [
                // Fourteen working days, a fifth of which are 2.8.
                "result warning 2026-03-18T04:47:59", "result urge 2026-03-20T23:59:59",
                "result notice 2026-03-23T09:00:00", "result supervisionLetter 2026-03-30T09:00:00",
                "result interview 2026-04-07T09:00:00", "result accountability 2026-04-14T09:00:00",
            ])
        #expect(life.steps.dropFirst(3).map(\.ordinal) == [1, 1, 1, 0, 0, 0])
    }

    @Test func whatHasBeenFiledInTheMeantimeIsJudgedToo() {
        var life = Self.overdue()
        life.add(.extend, .result, "2026-03-12T10:00:00", until: "2026-03-20T23:59:59")
        life.add(.stop, .result, "2026-03-12T10:00:00")
        life.record.status = .reported
        #expect(life.look("2026-03-12T10:00:01").wrong.count == 3)
        life.record.status = .closed
        #expect(life.look("2026-03-12T10:00:02") == Rules.Look())
    }

    @Test(arguments: [CaseStatus.reported, .archived]) func onlyASealedCaseStaysAsItIs(_ status: CaseStatus) {
        var life = Self.overdue()
        life.add(.extend, .result, "2026-03-12T10:00:00", until: "2026-03-20T23:59:59")
        life.add(.stop, .result, "2026-03-12T10:00:00")
        life.record.status = status
        let look = life.look("2026-03-12T10:00:01")
        #expect(status == .archived ? look == Rules.Look() : look.wrong.count == 3)
    }

    @Test func aNoticeOnADayThatIsNoWorkingDayAnyMoreIsWrong() {
        var life = Self.overdue()
        life.calendar = life.calendar.replacing(2026, with: .init(off: [Day(2026, 3, 12)], work: []))
        let look = life.look("2026-03-12T12:00:00")
        #expect(look.wrong.map(\.id) == [3] && look.due.isEmpty)
        life.climb(from: "2026-03-12T12:00:01", to: "2026-03-14T00:00:00")
        #expect(life.taken.last == "result notice 2026-03-13T09:00:00")
    }

    @Test func aCalendarThatMovesTheDateMarksTheWarning() {
        var life = LadderLife(.claimed)
        life.add(.start, .result, "2026-03-02T09:00:00")
        life.climb(from: "2026-03-02T09:00:00", to: "2026-03-10T20:00:00")
        life.add(.calendar, .result, "2026-03-10T20:00:00", until: "2026-03-12T23:59:59")
        #expect(life.look("2026-03-10T20:00:01").wrong.map(\.id) == [1])
    }

    /// "Passed stages stay passed."
    @Test func aRaisedUrgencyMakesNothingWrong() {
        var life = Self.overdue()
        life.record.urgency = .critical
        life.add(.urgency, nil, "2026-03-12T10:00:00")
        #expect(life.look("2026-03-12T10:00:01").wrong.isEmpty)
        life.climb(from: "2026-03-12T10:00:02")
        #expect(life.taken.count == 6)
    }

    @Test func aRoundMoreHasItsOwnSteps() {
        var life = Self.overdue()
        life.record.round = 2
        life.add(.rework, .result, "2026-03-16T09:00:00")
        life.climb(from: "2026-03-16T09:00:00")
        #expect(life.taken.count == 9 && life.steps.dropFirst(3).allSatisfy { $0.ordinal == 0 })
        #expect(life.onFile.allSatisfy { !$0.isWrong })
    }

    @Test func anotherUnitIsWarnedForItself() {
        var life = Self.overdue()
        life.record.leadUnitId = UnitID(unchecked: "transport")
        life.add(.start, .result, "2026-03-13T09:00:00")
        life.climb(from: "2026-03-13T09:00:00")
        #expect(life.steps.dropFirst(3).map { $0.unitId?.text } == Array(repeating: "transport", count: 6))
    }

    // MARK: 亮牌

    @Test func aNoticeIsYellowAndALetterRed() {
        var life = LadderLife(.claimed)
        life.add(.start, .result, "2026-03-02T09:00:00")
        life.climb(from: "2026-03-02T09:00:00")
        let cards = life.steps.map { $0.explainBy == nil ? nil : $0.step.card }
        #expect(cards == [nil, nil, .yellow, .red, nil, nil])
        // Five working days from the card.
        #expect(life.steps[2].explainBy == LadderLife.at("2026-03-19T23:59:59"))
        var critical = LadderLife(.claimed, .critical)
        critical.add(.start, .result, "2026-03-02T09:00:00")
        critical.climb(from: "2026-03-02T09:00:00")
        #expect(critical.steps[2].explainBy == LadderLife.at("2026-03-12T21:00:00"))
    }

    @Test func aClaimThatLapsesIsBlue() throws {
        var life = LadderLife(.dispatched)
        life.add(.start, .claim, "2026-03-02T09:00:00")
        let now = LadderLife.at("2026-03-04T00:00:00")
        let step = try #require(Rules.claimLapsed(life.record, life.ladders, life.calendar, at: now))
        #expect(step.step.card == .blue && step.unitId?.text == "housing")
        #expect(step.explainBy == LadderLife.at("2026-03-11T23:59:59"))
        life.record.status = .replied
        #expect(Rules.claimLapsed(life.record, life.ladders, life.calendar, at: now) == nil)
    }

    @Test(arguments: [SupervisionStep.secondExtension, .secondDissatisfied])
    func theSecondTimeIsRedAndIsSoOnce(_ step: SupervisionStep) {
        var life = LadderLife(.claimed)
        life.add(.start, .result, "2026-03-02T09:00:00")
        for count in 1...3 {
            if step == .secondExtension { life.record.extensions = count } else { life.record.dissatisfied = count }
            let look = life.look("2026-03-02T0\(count):30:00")
            #expect(look.due.map(\.step) == (count == 2 ? [step] : []))
            #expect(look.due.allSatisfy { $0.step.card == .red && $0.explainBy != nil })
        }
    }
}
