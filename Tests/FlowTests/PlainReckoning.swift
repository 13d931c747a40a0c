import Foundation

/// Due dates, lateness and figures of the real messages, reckoned from the texts of the data files with whole numbers and
/// nothing of ours: a second opinion on calendar, clocks and measures.
struct PlainReckoning {
    struct Case {
        var unit: String
        var month: String
        var due: String
        var isInTime: Bool
        /// Working days from the letter to the reply.
        var days: Int
    }

    private let exceptions: [Int: Bool]

    /// - Parameter calendar: lines `date,off|work,…` under a heading.
    init(calendar: URL) throws {
        let lines = try String(contentsOf: calendar, encoding: .utf8).split(separator: "\n").dropFirst()
        exceptions = Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let fields = line.split(separator: ",")
                return (Self.day(fields[0]), fields[1] == "work")
            })
    }

    /// - Parameters:
    ///   - letter: when it was delivered, `2018-02-14T09:30:00+08:00`; so is `reply`.
    ///   - term: working days; with 0, 108 hours.
    func reckon(unit: String, letter: String, reply: String, term: Int) -> Case {
        let (start, end) = (Self.seconds(letter), Self.seconds(reply))
        var due = start + 108 * 3600
        if term > 0 {
            var (day, left) = (start / 86400, term)
            while left > 0 {
                day += 1
                if isWorking(day) { left -= 1 }
            }
            due = day * 86400 + 86399
        }
        // The last second of the due date is in time.
        let days = (start / 86400..<max(end / 86400, start / 86400)).count { isWorking($0 + 1) }
        return Case(
            unit: unit, month: String(Self.text(due).prefix(7)), due: Self.text(due), isInTime: end <= due, days: days)
    }

    private func isWorking(_ day: Int) -> Bool {
        // Day 0 was a Thursday.
        exceptions[day] ?? ((day + 3) % 7 < 5)
    }

    /// The value below which `part` of the sorted numbers lie, between neighbours in proportion; to one decimal.
    static func percentile(_ numbers: [Int], _ part: Double) -> Double {
        let sorted = numbers.sorted()
        let place = part * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        let value = Double(sorted[below]) + (place - Double(below)) * Double(sorted[above] - sorted[below])
        return (value * 10).rounded() / 10
    }

    /// Days since 1970-01-01 of a `2018-02-14…`.
    private static func day(_ text: Substring) -> Int {
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        let (year, month) = parts[1] > 2 ? (parts[0], parts[1] - 3) : (parts[0] - 1, parts[1] + 9)
        let era = year / 400
        let ofEra = year - era * 400
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + (153 * month + 2) / 5 + parts[2] - 1 - 719_468
    }

    /// Seconds since then by the clock on the wall in China; all times of the data are its.
    private static func seconds(_ text: String) -> Int {
        let clock = text.dropFirst(11).prefix(8).split(separator: ":").compactMap { Int($0) }
        return day(text[...]) * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    private static func text(_ seconds: Int) -> String {
        let shifted = seconds / 86400 + 719_468
        let era = shifted / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let place = (5 * ofYear + 2) / 153
        let (day, month) = (ofYear - (153 * place + 2) / 5 + 1, place < 10 ? place + 3 : place - 9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let rest = seconds % 86400
        return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest % 3600 / 60)):\(two(rest % 60))+08:00"
    }
}
