/// A moment of the city's clock (+08:00), in whole seconds since the beginning of 2026.
struct Moment: Hashable, Comparable, Sendable, CustomStringConvertible {
    var seconds: Int

    /// The beginning of 2026 (+08:00), in seconds since 1970.
    static let epoch = 1_767_196_800

    init(_ seconds: Int) { self.seconds = seconds }
    init(day: Int, hour: Int) { seconds = day * 86_400 + hour * 3_600 }

    /// 23:59:59 of the day.
    static func end(of day: Int) -> Moment { Moment(day * 86_400 + 86_399) }

    /// Days since 1 January 2026, which is 0.
    var day: Int { seconds / 86_400 }
    var isEndOfDay: Bool { seconds % 86_400 == 86_399 }
    func adding(seconds more: Int) -> Moment { Moment(seconds + more) }
    func adding(hours: Int) -> Moment { Moment(seconds + hours * 3_600) }
    static func < (a: Moment, b: Moment) -> Bool { a.seconds < b.seconds }

    /// RFC 3339, as the city writes it.
    var description: String {
        let second = seconds % 86_400
        return "\(Self.date(day))T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))+08:00"
    }

    /// The day as `2026-03-02`.
    static func date(_ day: Int) -> String {
        var (year, month, left) = (2026, 0, day)
        while left >= months[month] {
            left -= months[month]
            month += 1
            if month == 12 { (year, month) = (year + 1, 0) }
        }
        return "\(year)-\(two(month + 1))-\(two(left + 1))"
    }

    /// The days of the months, in 2026 and 2027 alike.
    private static let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
