/// The working days of 2026, from the State Council's notice (国办发明电〔2025〕7号); of 2027 nothing is published yet.
enum WorkDays {
    /// Days off that are no weekend or belong to a holiday's run: first and last day, counted from 1 January (0).
    private static let holidays = [
        0...2,  // 元旦, 1–3 January
        45...53,  // 春节, 15–23 February
        93...95,  // 清明, 4–6 April
        120...124,  // 劳动节, 1–5 May
        169...171,  // 端午, 19–21 June
        267...269,  // 中秋, 25–27 September
        273...279,  // 国庆, 1–7 October
    ]
    /// 调休: 4 January, 14 and 28 February, 9 May, 20 September, 10 October.
    static let makeUpDays: Set<Int> = [3, 44, 58, 128, 262, 282]

    static var off: [Int] { holidays.flatMap { $0 } }
    /// A day that a later notice makes a day off, for what goes on afterwards.
    @TaskLocal static var dayOff: Int?

    static func isOne(_ day: Int) -> Bool {
        if day == dayOff { return false }
        if makeUpDays.contains(day) { return true }
        if holidays.contains(where: { $0.contains(day) }) { return false }
        // 1 January 2026 is a Thursday.
        return (day + 3) % 7 < 5
    }

    /// The n-th working day after a day, which itself is day 0.
    static func day(_ n: Int, after day: Int) -> Int {
        var (day, counted) = (day, 0)
        while counted < n {
            day += 1
            if isOne(day) { counted += 1 }
        }
        return day
    }

    static func last(before day: Int) -> Int {
        var day = day - 1
        while !isOne(day) { day -= 1 }
        return day
    }
}
