@testable import Domain
@testable import Supervision
import TestKit
import Testing

/// Supervision's decisions by themselves.
struct RulesTests {
    private static let now = Instant(Day(2026, 3, 2), second: 32_400)
    private static let limits = Limits.usual
    private static let calendar = WorkCalendar(
        version: 1, years: [2026: .init(off: [Day(2026, 3, 5)], work: [Day(2026, 3, 7)])])

    private static func record(_ status: CaseStatus = .replied) -> CaseRecord {
        var record = CaseRecord.begun(
            status, type: .complaint, version: 6, holder: status == .closed ? .archive : .supervision)
        if status == .closed { record.closedAt = now }
        return record
    }

    static let outcomes: [(Satisfaction, Int, Int, CaseStatus, Party)] = [
        (.satisfied, 0, 0, .closed, .archive), (.basicallySatisfied, 1, 2, .closed, .archive),
        (.dissatisfied, 0, 0, .claimed, .leadUnit),
        (.dissatisfied, 1, 0, .replied, .office), (.dissatisfied, 2, 0, .replied, .office),
        (.unreachable, 0, 0, .replied, .supervision),
        (.unreachable, 0, 1, .replied, .supervision), (.unreachable, 1, 2, .closed, .archive),
    ]

    @Test(arguments: outcomes)
    func aFollowUpLeadsWhereItsAnswerSays(
        _ answer: Satisfaction, _ dissatisfied: Int, _ unreachable: Int, _ status: CaseStatus, _ holder: Party
    ) throws {
        var record = Self.record()
        (record.dissatisfiedCount, record.unreachableCount) = (dissatisfied, unreachable)
        for step in [
            try Rules.followUp(record, .init(satisfaction: answer), .phone, Self.limits, at: Self.now),
            try Rules.rate(record, .init(satisfaction: answer), counts: true, Self.limits, at: Self.now),
        ] {
            #expect(step.record.status == status && step.record.holder == holder)
            #expect(step.record.round == (status == .claimed ? 2 : 1))
            #expect(step.events == (status == .closed ? [.caseClosed] : []))
        }
        let silent = try Rules.rate(record, .init(satisfaction: answer), counts: false, Self.limits, at: Self.now)
        #expect(silent.record == record && silent.clocks == [] && silent.events == [])
    }

    @Test(arguments: FollowUpMethod.allCases)
    func onlyAVisitFindsAFalseCompletion(_ method: FollowUpMethod) {
        let finding = Rules.Finding(satisfaction: .satisfied, falseCompletion: true)
        func check() throws { try Rules.check(finding, method, resolution: .resolved, of: .help) }
        if method.isVisit {
            #expect(throws: Never.self, performing: check)
        } else {
            #expect(throws: Refusal.self, performing: check)
        }
    }

    @Test(arguments: CaseType.allCases, Satisfaction.allCases)
    func theResolutionIsRequiredUnlessNobodyWasReachedOrTheTypeHasNone(_ type: CaseType, _ answer: Satisfaction) {
        func check() throws { try Rules.check(.init(satisfaction: answer), .phone, resolution: nil, of: type) }
        let isRequired = answer != .unreachable && [.help, .complaint, .report].contains(type)
        if isRequired {
            #expect(throws: Refusal.self, performing: check)
        } else {
            #expect(throws: Never.self, performing: check)
        }
    }

    static let reopenings: [(Int, Bool, Bool?)] = [
        (0, false, true), (30 * 86_400, false, true), (30 * 86_400 + 1, false, nil), (60, true, false),
    ]

    @Test(arguments: reopenings)
    func aDissatisfiedRatingReopensOnceWithinThirtyDays(_ seconds: Int, _ wasReopened: Bool, _ reopens: Bool?) throws {
        var record = Self.record(.closed)
        record.wasReopenedByRating = wasReopened
        let later = Self.now.adding(seconds: seconds)
        guard let reopens else {
            #expect(throws: Refusal.self) {
                try Rules.rate(record, .init(satisfaction: .dissatisfied), counts: true, Self.limits, at: later)
            }
            return
        }
        let step = try Rules.rate(record, .init(satisfaction: .dissatisfied), counts: true, Self.limits, at: later)
        #expect((step.record.status == .claimed) == reopens)
        #expect(step.clocks.contains(.rework) == reopens)
    }

    @Test func aRulingIsGivenOnlyWhereOneIsDue() throws {
        let ground = Note(unchecked: "理由")
        #expect(throws: Refusal.self) {
            try Rules.rule(Self.record(), anotherRoundUnder: nil, ground: ground, at: Self.now)
        }
        var record = Self.record()
        record.holder = .office
        let closed = try Rules.rule(record, anotherRoundUnder: nil, ground: ground, at: Self.now)
        #expect(closed.record.status == .closed && closed.record.closedAt == Self.now)
        let leader = Person(name: Name(unchecked: "何"), title: Name(unchecked: "副市长"))
        let again = try Rules.rule(record, anotherRoundUnder: leader, ground: ground, at: Self.now)
        #expect(again.record.status == .claimed && again.record.round == 2)
    }

    private static func clock(due: Day, provisional: Bool = false, stopped: Bool = false) -> Clock {
        Clock(
            stage: .result, startedAt: now, dueAt: due.end, warnAt: now, provisional: provisional,
            stoppedAt: stopped ? now : nil)
    }

    /// 5 March is off and Saturday the 7th is worked: two working days after Monday the 2nd is the 4th.
    @Test func aRunningDateMovesLaterAlwaysAndEarlierOnlyWhereProvisionalAndTwoWorkingDaysAhead() {
        let old = Day(2026, 3, 10)
        func moves(_ new: Day, provisional: Bool = false, stopped: Bool = false) -> Bool {
            Rules.moves(
                Self.clock(due: old, provisional: provisional, stopped: stopped), to: Self.clock(due: new),
                Self.calendar, at: Self.now)
        }
        #expect(moves(Day(2026, 3, 11)) && moves(Day(2026, 3, 11), provisional: true))
        #expect(!moves(old) && !moves(Day(2026, 3, 11), stopped: true))
        #expect(!moves(Day(2026, 3, 6)))
        #expect(moves(Day(2026, 3, 6), provisional: true) && moves(Day(2026, 3, 4), provisional: true))
        #expect(!moves(Day(2026, 3, 3), provisional: true) && !moves(Day(2026, 3, 1), provisional: true))
    }

    @Test func theDaysOfATermAreListedWithWhyTheyCount() {
        let days = Rules.days(of: Self.clock(due: Day(2026, 3, 9)), .ordinary, Self.calendar)
        #expect(days.map(\.counts) == [false, true, true, false, true, true, false, true])
        #expect(days.map(\.why) == ["起算当日不计", "工作日", "工作日", "法定节假日", "工作日", "调休上班", "周末", "工作日"])
        #expect(Rules.days(of: Self.clock(due: Day(2026, 3, 9)), .critical, Self.calendar).allSatisfy { $0.counts })
        #expect(Rules.days(of: Self.clock(due: Day(2026, 3, 1)), .ordinary, Self.calendar).count == 1)
    }
}
