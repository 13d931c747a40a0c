import Domain
import Testing

struct WorkCalendarTests {
    @Test(arguments: 2019...2026)
    func noDayOfAYearDiffersFromAnIndependentCalendar(year: Int) throws {
        let (calendar, golden) = (try Calendars.published(), try Calendars.golden()[year].unwrapped)
        #expect(calendar.isPublished(year))
        #expect(golden.count == Day(year + 1, 1, 1).number - Day(year, 1, 1).number)
        let wrong = golden.indices.map { Day(year, 1, 1).advanced(by: $0) }.filter { day in
            calendar.isWorking(day) != golden[day.number - Day(year, 1, 1).number]
        }
        #expect(wrong == [])
    }

    @Test func theNthWorkingDayIsTheNthThatTheIndependentCalendarNames() throws {
        let (calendar, golden) = (try Calendars.published(), try Calendars.golden())
        let first = Day(2019, 1, 1)
        let works = (2019...2026).flatMap { golden[$0] ?? [] }
        let working = works.indices.filter { works[$0] }
        var wrong: [String] = []
        for start in 0..<works.count - 40 {
            let later = working[(working.firstIndex { $0 > start } ?? 0)...]
            for count in [1, 2, 3, 5, 7, 10, 15] {
                let expected = first.advanced(by: later[later.startIndex + count - 1])
                let day = calendar.day(count, after: first.advanced(by: start))
                let back = calendar.workingDays(after: first.advanced(by: start), through: day)
                if day != expected || back != count { wrong.append("\(count) after \(first.advanced(by: start))") }
            }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        // In the week.
        ("2026-11-24", 1, "2026-11-25"), ("2026-11-24", 3, "2026-11-27"),
        // Over a weekend; from a Saturday and a Sunday.
        ("2026-11-20", 1, "2026-11-23"), ("2026-11-21", 1, "2026-11-23"), ("2026-11-22", 1, "2026-11-23"),
        ("2026-11-24", 7, "2026-12-03"),
        // National Day 2026 is 1–7 October; Saturday the 10th is worked.
        ("2026-09-30", 1, "2026-10-08"), ("2026-09-30", 3, "2026-10-10"), ("2026-09-30", 4, "2026-10-12"),
        ("2026-10-03", 1, "2026-10-08"), ("2026-09-24", 7, "2026-10-12"),
        // Spring Festival 2026 is 15–23 February; the Saturdays 14 and 28 are worked.
        ("2026-02-13", 1, "2026-02-14"), ("2026-02-13", 2, "2026-02-24"), ("2026-02-27", 1, "2026-02-28"),
        // A make-up Sunday is itself day 0 as any other.
        ("2026-09-20", 1, "2026-09-21"), ("2026-09-18", 1, "2026-09-20"),
        // New Year 2026 is 1–3 January; Sunday the 4th is worked. New Year 2025 is one Wednesday.
        ("2025-12-31", 1, "2026-01-04"), ("2025-12-31", 2, "2026-01-05"), ("2024-12-31", 1, "2025-01-02"),
        // 2023 ends with a weekend that runs into the holiday of 1 January.
        ("2023-12-29", 1, "2024-01-02"),
    ])
    func theDayAfterHolidaysAndMakeUpDaysIs(start: String, count: Int, expected: String) throws {
        let calendar = try Calendars.published()
        #expect(calendar.day(count, after: try Day(start).unwrapped).description == expected)
    }

    @Test func eachDayHasItsReason() throws {
        let calendar = try Calendars.published()
        for (day, counts, why) in [
            ("2026-11-24", true, "工作日"), ("2026-11-22", false, "周末"), ("2026-10-01", false, "法定节假日"),
            ("2026-10-03", false, "法定节假日"), ("2026-10-10", true, "调休上班"),
            ("2027-01-01", true, "工作日（当年放假安排未公布）"), ("2027-01-02", false, "周末（当年放假安排未公布）"),
        ] {
            let reason = calendar.reason(try Day(day).unwrapped)
            #expect(reason.counts == counts && reason.why == why, "\(day): \(reason)")
        }
    }

    @Test func whatIsCountedInAYearThatIsNotPublishedIsProvisional() throws {
        let calendar = try Calendars.published(2024...2026)
        #expect(calendar.validThrough == Day(2026, 12, 31))
        #expect(!calendar.isPublished(2027) && !calendar.isPublished(2023))
        #expect(!calendar.isProvisional(from: Day(2024, 1, 1), through: Day(2026, 12, 31)))
        #expect(calendar.isProvisional(from: Day(2026, 12, 31), through: Day(2027, 1, 1)))
        #expect(calendar.isProvisional(from: Day(2023, 12, 31), through: Day(2024, 1, 2)))
        #expect(Calendars.weekdays.validThrough == nil)
        #expect(Calendars.weekdays.isProvisional(from: Day(2026, 1, 5), through: Day(2026, 1, 5)))
    }

    @Test func aYearThatIsNotPublishedCountsMondayToFriday() {
        let worked = (0..<7).map { Calendars.weekdays.isWorking(Day(2030, 10, 7).advanced(by: $0)) }
        #expect(worked == [true, true, true, true, true, false, false])
    }

    @Test func aYearMissingBetweenTwoIsProvisionalToo() {
        let none = WorkCalendar.Year(off: [], work: [])
        let calendar = WorkCalendar(version: 2, years: [2025: none, 2027: none])
        #expect(calendar.isProvisional(from: Day(2025, 12, 1), through: Day(2027, 1, 5)))
        #expect(!calendar.isProvisional(from: Day(2027, 1, 1), through: Day(2027, 1, 5)))
    }

    @Test func noWorkingDayLiesInAnEmptySpan() {
        #expect(Calendars.weekdays.workingDays(after: Day(2026, 11, 24), through: Day(2026, 11, 24)) == 0)
        #expect(Calendars.weekdays.workingDays(after: Day(2026, 11, 24), through: Day(2026, 11, 20)) == 0)
        #expect(Calendars.weekdays.workingDays(after: Day(2026, 11, 20), through: Day(2026, 11, 22)) == 0)
    }
}
