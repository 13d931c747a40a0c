/// One clock of a case, as its facts leave it.
public struct Clock: Codable, Hashable, Sendable {
    public var stage: Stage
    public var startedAt: Instant
    public var dueAt: Instant
    /// From here on the lamp is yellow.
    public var warnAt: Instant
    /// Counted with a year whose holidays were not published.
    public var provisional: Bool
    public var stoppedAt: Instant?
    /// Since then it waits for the petitioner.
    public var pausedAt: Instant?
    /// The day from which the due date was counted, where that is not the day it started on: an old date that a rework
    /// kept, or a term that another urgency counted anew.
    public var dayZero: Day?
    /// Working days at whose end it waited; they do not count.
    public var pausedDays: [Day]?
    /// The petitioner's only: how much of its term the earlier questions took, in working days or seconds.
    public var spent: Int?

    public init(
        stage: Stage, startedAt: Instant, dueAt: Instant, warnAt: Instant, provisional: Bool, stoppedAt: Instant? = nil
    ) {
        self.stage = stage
        self.startedAt = startedAt
        self.dueAt = dueAt
        self.warnAt = warnAt
        self.provisional = provisional
        self.stoppedAt = stoppedAt
    }

    public var isRunning: Bool { stoppedAt == nil }
    public var isPaused: Bool { isRunning && pausedAt != nil }
}

/// How a span becomes a clock: when it warns and whether it is provisional. What counts is what its term counts.
struct Counting {
    let calendar: WorkCalendar
    /// The share of the time that is left when the lamp turns yellow, in percent.
    let percent: Int

    func clock(_ stage: Stage, from start: Instant, due: Instant, isHourly: Bool, without paused: [Day] = []) -> Clock {
        var clock = Clock(
            stage: stage, startedAt: start, dueAt: due,
            warnAt: isHourly ? hourly(start, due) : worked(start, due, without: paused),
            provisional: !isHourly && calendar.isProvisional(from: start.day, through: max(start, due).day))
        if !paused.isEmpty { clock.pausedDays = paused }
        return clock
    }

    /// The same clock with another due date.
    func moved(_ clock: Clock, to due: Instant, isHourly: Bool) -> Clock {
        var moved = self.clock(
            clock.stage, from: clock.startedAt, due: due, isHourly: isHourly, without: clock.pausedDays ?? [])
        (moved.stoppedAt, moved.pausedAt, moved.spent) = (clock.stoppedAt, clock.pausedAt, clock.spent)
        moved.dayZero = clock.dayZero
        return moved
    }

    /// The due date of a clock that waited from its pause until `end`: for each working day whose end lies between, and
    /// that still counted, one working day later. Day 0 counts for nothing anyway, and a date that was past before the
    /// wait began stays past.
    func resumed(_ clock: Clock, at end: Instant) -> Clock {
        guard let start = clock.pausedAt else { return clock }
        var (due, paused) = (clock.dueAt, clock.pausedDays ?? [])
        var day = start.day
        while day.end < end {
            if calendar.isWorking(day), day > (clock.dayZero ?? clock.startedAt.day) {
                paused.append(day)
                if day <= due.day, start <= clock.dueAt { due = calendar.day(1, after: due.day).end }
            }
            day = day.advanced(by: 1)
        }
        var resumed = self.clock(clock.stage, from: clock.startedAt, due: due, isHourly: false, without: paused)
        (resumed.stoppedAt, resumed.dayZero) = (clock.stoppedAt, clock.dayZero)
        return resumed
    }

    private func hourly(_ start: Instant, _ due: Instant) -> Instant {
        due.adding(milliseconds: -max(0, due.milliseconds - start.milliseconds) * Int64(percent) / 100)
    }

    /// The share of the working days from the day after the start to the due date, each with its 24 hours.
    private func worked(_ start: Instant, _ due: Instant, without paused: [Day]) -> Instant {
        let left = paused.filter { start.day < $0 && $0 <= due.day }.count
        let span = Int64(calendar.workingDays(after: start.day, through: due.day) - left) * 86_400_000
        return calendar.moment(
            span * Int64(percent) / 100, ofWorkBefore: due, notBefore: min(start, due), without: Set(paused))
    }
}
