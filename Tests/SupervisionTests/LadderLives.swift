@testable import Domain
@testable import Supervision

/// A case whose clocks run, looked at again and again, as the sweep does it.
struct LadderLife {
    static let limitless = PolicyHistory([.init(from: Day(2000, 1, 1).start, value: ladder)])
    static let ladder = LadderPolicy(
        noticeDays: 1, letterDays: 5, interviewDays: 10, accountabilityDays: 15, explanationDays: 5, paperHour: 9)
    /// Spring Festival, Qingming, May, Mid-Autumn and the National Day of 2026, as the State Council published them.
    static let published = WorkCalendar(
        version: 1,
        years: [
            2026: .init(
                off: Set(
                    [
                        days(2, 15...23), days(4, 4...6), days(5, 1...5), days(6, 19...21), days(9, 25...27),
                        days(10, 1...7),
                    ].joined()),
                work: [
                    Day(2026, 2, 14), Day(2026, 2, 28), Day(2026, 5, 9), Day(2026, 9, 20), Day(2026, 10, 10),
                ])
        ])
    static let policies = PolicyBook([
        Policy(
            effectiveFrom: Day(2000, 1, 1), warningPercent: 20, ordinary: terms(result: 7, rework: 3),
            important: terms(result: 3, rework: 2),
            critical: Terms(
                registration: .hours(1), returning: .hours(4), claim: .hours(24), opinion: .hours(96),
                result: .hours(108), rework: .hours(24), review: .hours(6), publication: .hours(6),
                followUp: .hours(72), ruling: .workingDays(5), petitioner: .hours(12), objection: .hours(12)))
    ])

    private static func days(_ month: Int, _ days: ClosedRange<Int>) -> [Day] { days.map { Day(2026, month, $0) } }
    private static func terms(result: Int, rework: Int) -> Terms {
        Terms(
            registration: .workingDays(1), returning: .workingDays(1), claim: .workingDays(1), opinion: nil,
            result: .workingDays(result), rework: .workingDays(rework), review: .workingDays(2),
            publication: .workingDays(1), followUp: .workingDays(10), ruling: .workingDays(5),
            petitioner: .workingDays(5), objection: .workingDays(2))
    }

    var record: WatchedCase
    var calendar = published
    var ladders = limitless
    private(set) var onFile: [Rules.StepOnFile] = []
    /// What was taken: step, clock, time without the offset.
    private(set) var taken: [String] = []
    private(set) var steps: [Rules.DueStep] = []

    init(_ status: CaseStatus, _ urgency: Urgency = .ordinary) {
        record = WatchedCase(
            id: 202_603_000_000_001, round: 1, status: status, urgency: urgency, isClassified: true,
            awaitsRuling: false, leadUnitId: UnitID(unchecked: "housing"), extensions: 0, dissatisfied: 0,
            clocks: Clocks())
    }

    mutating func add(_ kind: ClockFact.Kind, _ stage: Stage?, _ at: String, until: String? = nil) {
        let fact = ClockFact(
            kind, stage, at: Self.at(at), urgency: record.urgency, calendarVersion: calendar.version,
            until: until.map(Self.at))
        record.clocks.apply(fact, Self.policies, calendar)
    }

    @discardableResult
    mutating func look(_ at: String) -> Rules.Look { look(Self.at(at)) }

    /// Looks, and puts on file what that finds.
    @discardableResult
    mutating func look(_ now: Instant) -> Rules.Look {
        let look = Rules.look(at: record, onFile, ladders, calendar, at: now)
        for wrong in look.wrong {
            for index in onFile.indices where onFile[index].id == wrong.id { onFile[index].isWrong = true }
        }
        for step in look.due {
            onFile.append(
                Rules.StepOnFile(
                    id: Int64(onFile.count + 1), step: step.step, stage: step.stage, startedAt: step.startedAt,
                    ordinal: step.ordinal, dueAt: step.dueAt, takenAt: now, isWrong: false))
            taken.append("\(step.stage) \(step.step) \(now.description.dropLast(6))")
            steps.append(step)
        }
        return look
    }

    /// Looks whenever a look says that it is time, from `start` until nothing more will come.
    mutating func climb(from start: String, to end: String = "2027-01-01T00:00:00") {
        var next: Instant? = Self.at(start)
        while let now = next, now <= Self.at(end) {
            let found = look(now).next
            precondition(found.map { $0 > now } ?? true, "a look that leads to itself")
            next = found
        }
    }

    static func at(_ text: String) -> Instant { Instant(text + "+08:00") ?? Day(1970, 1, 1).start }
}
