@testable import Domain
@testable import Supervision
import Testing

/// The ladder, from DOMAIN's text: warning at 20% left, urge at due, notice the next working day, 5 working days later the
/// supervision letter, 10 the interview, 15 the proposal of accountability.
struct RulesOfLadderTests {
    struct Letter: Sendable {
        var urgency: Urgency
        var delivered: String
        var steps: [String]
    }

    static let letters = [
        // Seven working days to 11 March; a fifth of them is 1.4 days.
        Letter(
            urgency: .ordinary, delivered: "2026-03-02T09:00:00",
            steps: [
                "claim warning 2026-03-03T19:11:59", "claim urge 2026-03-03T23:59:59",
                "result warning 2026-03-10T14:23:59", "result urge 2026-03-11T23:59:59",
                "result notice 2026-03-12T09:00:00", "result supervisionLetter 2026-03-19T09:00:00",
                "result interview 2026-03-26T09:00:00", "result accountability 2026-04-02T09:00:00",
            ]),
        // Three working days; Qingming lies between the letter and the interview.
        Letter(
            urgency: .important, delivered: "2026-03-20T17:00:00",
            steps: [
                "claim warning 2026-03-23T19:11:59", "claim urge 2026-03-23T23:59:59",
                "result warning 2026-03-25T09:35:59", "result urge 2026-03-25T23:59:59",
                "result notice 2026-03-26T09:00:00", "result supervisionLetter 2026-04-02T09:00:00",
                "result interview 2026-04-10T09:00:00", "result accountability 2026-04-17T09:00:00",
            ]),
        // Over the Spring Festival, with make-up days on two Saturdays.
        Letter(
            urgency: .ordinary, delivered: "2026-02-13T15:00:00",
            steps: [
                "claim warning 2026-02-14T19:11:59", "claim urge 2026-02-14T23:59:59",
                "result warning 2026-02-28T14:23:59", "result urge 2026-03-02T23:59:59",
                "result notice 2026-03-03T09:00:00", "result supervisionLetter 2026-03-10T09:00:00",
                "result interview 2026-03-17T09:00:00", "result accountability 2026-03-24T09:00:00",
            ]),
        // Before the National Day: the next working day is the 8th, and Saturday the 10th is worked.
        Letter(
            urgency: .important, delivered: "2026-09-27T10:00:00",
            steps: [
                "claim warning 2026-09-28T19:11:59", "claim urge 2026-09-28T23:59:59",
                "result warning 2026-09-30T09:35:59", "result urge 2026-09-30T23:59:59",
                "result notice 2026-10-08T09:00:00", "result supervisionLetter 2026-10-14T09:00:00",
                "result interview 2026-10-21T09:00:00", "result accountability 2026-10-28T09:00:00",
            ]),
        // One-three-one, in days of 24 hours, weekends and all.
        Letter(
            urgency: .critical, delivered: "2026-03-02T09:00:00",
            steps: [
                "claim warning 2026-03-03T04:12:00", "claim urge 2026-03-03T09:00:00",
                "opinion warning 2026-03-05T13:48:00", "result warning 2026-03-05T23:24:00",
                "opinion urge 2026-03-06T09:00:00", "result urge 2026-03-06T21:00:00",
                "result notice 2026-03-07T21:00:00", "result supervisionLetter 2026-03-12T21:00:00",
                "result interview 2026-03-17T21:00:00", "result accountability 2026-03-22T21:00:00",
            ]),
    ]

    @Test(arguments: letters) func aUnitsStepsComeInTheirOrderAndEachOnce(_ letter: Letter) {
        var life = LadderLife(.dispatched, letter.urgency)
        life.add(.start, .claim, letter.delivered)
        if letter.urgency == .critical { life.add(.start, .opinion, letter.delivered) }
        life.add(.start, .result, letter.delivered)
        life.climb(from: letter.delivered)
        #expect(life.taken == letter.steps)
        #expect(life.steps.allSatisfy { $0.holder == .leadUnit && $0.unitId?.text == "housing" && $0.ordinal == 0 })
    }

    /// A look that comes late takes all that it missed, and nothing twice.
    @Test(arguments: letters) func aLateLookMissesNothing(_ letter: Letter) {
        var life = LadderLife(.dispatched, letter.urgency)
        for stage in [Stage.claim, .opinion, .result] where stage != .opinion || letter.urgency == .critical {
            life.add(.start, stage, letter.delivered)
        }
        #expect(life.look("2026-12-31T12:00:00").next == nil)
        #expect(life.taken.count == letter.steps.count)
        #expect(Set(life.steps.map { "\($0.stage) \($0.step)" }).count == letter.steps.count)
        #expect(life.look("2026-12-31T12:00:01") == Rules.Look())
    }

    struct Desk: Sendable {
        var stage: Stage
        var status: CaseStatus
        var holder: Party
        var ordinary: [String]
        var critical: [String]
        var awaitsRuling = false
        var isClassified = true
    }

    /// Each desk's clock, started on Monday 2 March 2026 at 09:00: warning, urge, notice.
    static let desks = [
        Desk(
            stage: .registration, status: .registered, holder: .registry,
            ordinary: ["2026-03-03T19:11:59", "2026-03-03T23:59:59", "2026-03-04T09:00:00"],
            critical: ["2026-03-02T09:48:00", "2026-03-02T10:00:00", "2026-03-03T10:00:00"], isClassified: false),
        Desk(
            stage: .dispatch, status: .registered, holder: .office,
            ordinary: ["2026-03-03T19:11:59", "2026-03-03T23:59:59", "2026-03-04T09:00:00"],
            critical: ["2026-03-02T09:48:00", "2026-03-02T10:00:00", "2026-03-03T10:00:00"]),
        Desk(
            stage: .returning, status: .returning, holder: .office,
            ordinary: ["2026-03-03T19:11:59", "2026-03-03T23:59:59", "2026-03-04T09:00:00"],
            critical: ["2026-03-02T12:12:00", "2026-03-02T13:00:00", "2026-03-03T13:00:00"]),
        Desk(
            stage: .review, status: .reported, holder: .office,
            ordinary: ["2026-03-04T14:23:59", "2026-03-04T23:59:59", "2026-03-05T09:00:00"],
            critical: ["2026-03-02T13:48:00", "2026-03-02T15:00:00", "2026-03-03T15:00:00"]),
        Desk(
            stage: .publication, status: .approved, holder: .publisher,
            ordinary: ["2026-03-03T19:11:59", "2026-03-03T23:59:59", "2026-03-04T09:00:00"],
            critical: ["2026-03-02T13:48:00", "2026-03-02T15:00:00", "2026-03-03T15:00:00"]),
        Desk(
            stage: .followUp, status: .replied, holder: .supervision,
            ordinary: ["2026-03-12T23:59:59", "2026-03-16T23:59:59", "2026-03-17T09:00:00"],
            critical: ["2026-03-04T18:36:00", "2026-03-05T09:00:00", "2026-03-06T09:00:00"]),
        Desk(
            stage: .ruling, status: .replied, holder: .office,
            ordinary: ["2026-03-06T23:59:59", "2026-03-09T23:59:59", "2026-03-10T09:00:00"],
            critical: ["2026-03-06T23:59:59", "2026-03-09T23:59:59", "2026-03-10T23:59:59"], awaitsRuling: true),
    ]

    @Test(arguments: desks, Urgency.allCases) func aDeskHasThreeStepsAndNoCard(_ desk: Desk, _ urgency: Urgency) {
        var life = LadderLife(desk.status, urgency)
        (life.record.awaitsRuling, life.record.isClassified) = (desk.awaitsRuling, desk.isClassified)
        if desk.status == .registered { life.record.leadUnitId = nil }
        life.add(.start, desk.stage, "2026-03-02T09:00:00")
        life.climb(from: "2026-03-02T09:00:00")
        let times = urgency == .critical ? desk.critical : desk.ordinary
        let expected = zip(["warning", "urge", "notice"], times).map { "\(desk.stage) \($0) \($1)" }
        #expect(life.taken == expected)
        #expect(life.steps.allSatisfy { $0.holder == desk.holder && $0.unitId == nil && $0.explainBy == nil })
    }

    @Test func thePetitionerAndTheReplysDateHaveNoLadder() {
        for stage in [Stage.petitioner, .reply] {
            let clock = Clock(
                stage: stage, startedAt: LadderLife.at("2026-03-02T09:00:00"),
                dueAt: LadderLife.at("2026-03-03T09:00:00"), warnAt: LadderLife.at("2026-03-03T04:00:00"),
                provisional: false)
            #expect(
                Rules.rungs(of: clock, .ordinary, LadderLife.ladder, LadderLife.published).isEmpty, "\(stage)")
        }
    }

    @Test func theNumbersAreThePolicysUnderWhichTheClockStarted() {
        var life = LadderLife(.claimed)
        var later = LadderLife.ladder
        (later.noticeDays, later.letterDays, later.interviewDays, later.accountabilityDays) = (2, 3, 4, 5)
        later.paperHour = 0
        life.ladders = PolicyHistory([
            .init(from: Day(2000, 1, 1).start, value: LadderLife.ladder),
            .init(from: Day(2026, 3, 2).start, value: later),
            .init(from: Day(2026, 3, 3).start, value: LadderLife.ladder),
        ])
        life.add(.start, .result, "2026-03-02T09:00:00")
        life.climb(from: "2026-03-02T09:00:00")
        #expect(
            life.taken.suffix(4) == [
                "result notice 2026-03-13T00:00:00", "result supervisionLetter 2026-03-18T00:00:00",
                "result interview 2026-03-19T00:00:00", "result accountability 2026-03-20T00:00:00",
            ])
    }

    @Test func whatIsOverdueInWorkingDaysIsLookedAtEveryDay() {
        var life = LadderLife(.claimed)
        life.add(.start, .result, "2026-03-02T09:00:00")
        #expect(life.look("2026-03-02T09:00:00").next == LadderLife.at("2026-03-10T14:23:59"))
        #expect(life.look("2026-03-11T23:59:59").next == LadderLife.at("2026-03-12T00:00:00"))
        #expect(life.look("2026-03-12T00:00:00").next == LadderLife.at("2026-03-12T09:00:00"))
        #expect(life.look("2026-03-12T09:00:00").next == LadderLife.at("2026-03-13T00:00:00"))
        #expect(life.look("2026-04-02T09:00:00").next == nil)
    }
}
