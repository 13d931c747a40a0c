import Domain
import Foundation
import Testing

struct DayTests {
    @Test func daysFrom1900To2200AreNumberedWithoutGapAndReadBack() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (number, weekday) = (-25_567, 1)  // 1900-01-01 was a Monday.
        var wrong: [String] = []
        for year in 1900...2200 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for month in 1...12 {
                for date in 1...(lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)) {
                    let day = Day(year, month, date)
                    let isRight =
                        day.number == number && day.components == (year, month, date) && day.weekday == weekday
                        && day == Day(number: number) && Day(day.description) == day && day.year == year
                    if !isRight { wrong.append("\(year)-\(month)-\(date)") }
                    number += 1
                    weekday = weekday % 7 + 1
                }
            }
        }
        #expect(wrong == [])
        #expect(Day(1970, 1, 1).number == 0)
        #expect(Day(2000, 2, 29).number == 11_016)
    }

    @Test func aDayBeyondTheMonthsEndRunsIntoTheNextMonth() {
        #expect(Day(2026, 2, 29) == Day(2026, 3, 1))
        #expect(Day(2024, 12, 32) == Day(2025, 1, 1))
    }

    @Test(arguments: ["2026-10-08", "0001-01-01", "9999-12-31", "2024-02-29", "2000-02-29", "1900-02-28"])
    func aDayIsWrittenAsItIsRead(text: String) throws {
        #expect(try Day(text).unwrapped.description == text)
        let json = try JSONEncoder().encode([try Day(text).unwrapped])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([Day].self, from: json).map(\.description) == [text])
    }

    @Test(arguments: [
        "", "2026", "2026-10", "2026-10-8", "2026-1-08", "26-10-08", "2026-13-01", "2026-00-10", "2026-10-00",
        "2026-02-29",
        "1900-02-29", "2100-02-29", "2026-04-31", "2026-06-31", "2026-10-32", "0000-01-01", "12026-10-08",
        "-2026-10-08",
        "+2026-10-08", "2026/10/08", "20261008", "2026-10-08 ", " 2026-10-08", "2026-10-08T00:00:00Z", "２０２６-10-08",
        "2026-10-0x", "2026−10−08", "2026-10-08\u{0}", "2026-W41-4", "2026-281",
    ])
    func whatIsNoDayIsRefused(text: String) {
        #expect(Day(text) == nil)
        #expect(throws: (any Error).self) { try JSONDecoder().decode([Day].self, from: JSONEncoder().encode([text])) }
    }

    @Test func aDayEndsAtOneSecondToMidnightInChina() {
        let day = Day(2026, 10, 8)
        #expect(day.start.description == "2026-10-08T00:00:00+08:00")
        #expect(day.end.description == "2026-10-08T23:59:59+08:00")
        #expect(day.start.adding(milliseconds: -1).day == Day(2026, 10, 7))
        #expect(day.end.adding(milliseconds: 999).day == day)
        #expect(day.end.adding(milliseconds: 1000).day == Day(2026, 10, 9))
        #expect(day.start.millisecondOfDay == 0 && day.start.adding(milliseconds: -1).millisecondOfDay == 86_399_999)
        #expect(Day(2026, 10, 7) < day)
    }
}
