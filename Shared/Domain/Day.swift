/// A civil date of the Gregorian calendar, with no clock and no time zone. Written `2026-10-08`.
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let number: Int

    public init(number: Int) { self.number = number }

    /// The date of that year, month (1–12) and day (1–31); a day beyond the month's end runs into the next month.
    public init(_ year: Int, _ month: Int, _ day: Int) {
        // Days from a civil date, after Howard Hinnant's public-domain algorithm: years begin in March, so that the
        // leap day is the last of its year.
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    public var components: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    public var year: Int { components.year }

    /// Monday is 1, Sunday is 7.
    public var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

    /// 23:59:59 of this day, +08:00: the moment at which what is due on it is due.
    public var end: Instant { Instant(self, second: 86_399) }
    public var start: Instant { Instant(self) }

    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }
    public func advanced(by days: Int) -> Day { Day(number: number + days) }
}
