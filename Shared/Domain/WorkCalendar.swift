/// Which days count when a term is given in working days: the State Council's holidays and make-up days (调休).
///
/// They are data, not arithmetic. A year that nobody has published yet counts Monday to Friday, and what is computed
/// with it is provisional.
public struct WorkCalendar: Sendable, Equatable {
    /// One published year.
    public struct Year: Sendable, Equatable {
        /// Days off, weekends among them only where the notice names them.
        public var off: Set<Day>
        /// Weekend days on which people work.
        public var work: Set<Day>

        public init(off: Set<Day>, work: Set<Day>) {
            self.off = off
            self.work = work
        }
    }

    /// Counts up with every saved year; 0 is the calendar that knows no year.
    public let version: Int
    private let years: [Int: Year]

    public init(version: Int, years: [Int: Year]) {
        self.version = version
        self.years = years
    }

    /// The same calendar with other days for one year, which nobody has saved yet.
    public func replacing(_ year: Int, with days: Year) -> WorkCalendar {
        var years = years
        years[year] = days
        return WorkCalendar(version: version, years: years)
    }

    /// The last day for which holidays are published; `nil` when none are.
    public var validThrough: Day? { years.keys.max().map { Day($0, 12, 31) } }

    public func isPublished(_ year: Int) -> Bool { years[year] != nil }

    public func isWorking(_ day: Day) -> Bool { reason(day).counts }

    /// The working day that lies `count` working days after `start`; `start` itself is day 0 and is not counted.
    ///
    /// - Precondition: `count` is at least 1.
    public func day(_ count: Int, after start: Day) -> Day {
        precondition(count >= 1)
        var (day, left) = (start, count)
        while left > 0 {
            day = day.advanced(by: 1)
            if isWorking(day) { left -= 1 }
        }
        return day
    }

    /// The number of working days in `(start, end]`.
    public func workingDays(after start: Day, through end: Day) -> Int {
        guard start < end else { return 0 }
        return (start.number + 1...end.number).count { isWorking(Day(number: $0)) }
    }

    /// Whether any day in `[start, end]` belongs to a year without published holidays.
    public func isProvisional(from start: Day, through end: Day) -> Bool {
        (start.year...max(start.year, end.year)).contains { !isPublished($0) }
    }

    /// The moment that lies `milliseconds` of working time before `end`, where only working days count, each with its
    /// whole 24 hours. It is never before `floor`.
    ///
    /// - Parameter excluded: working days that do not count here.
    public func moment(
        _ milliseconds: Int64, ofWorkBefore end: Instant, notBefore floor: Instant, without excluded: Set<Day> = []
    ) -> Instant {
        var (left, moment) = (milliseconds, end)
        while left > 0, moment > floor {
            let day = moment.adding(milliseconds: -1).day
            let available = moment.milliseconds - day.start.milliseconds
            guard isWorking(day), !excluded.contains(day) else {
                moment = day.start
                continue
            }
            if available >= left { return max(floor, moment.adding(milliseconds: -left)) }
            left -= available
            moment = day.start
        }
        return max(floor, moment)
    }

    /// Whether `day` counts, and the words for it that `supervision.explainDeadline` shows.
    public func reason(_ day: Day) -> (counts: Bool, why: String) {
        let published = years[day.year]
        if let published {
            if published.work.contains(day) { return (true, "调休上班") }
            if published.off.contains(day) { return (false, "法定节假日") }
        }
        let isWeekend = day.weekday > 5
        let unpublished = published == nil ? "（当年放假安排未公布）" : ""
        return (!isWeekend, (isWeekend ? "周末" : "工作日") + unpublished)
    }
}
