import Domain
import Testing

/// `moment(ofWorkBefore:)`, from which the warnings come.
struct WorkMomentTests {
    private static let hour: Int64 = 3_600_000
    private static let longAgo = Instant(Day(2000, 1, 1))

    @Test(arguments: [
        // Within a day, and a whole day.
        ("2026-11-25T23:59:59+08:00", 0, "2026-11-25T23:59:59+08:00"),
        ("2026-11-25T23:59:59+08:00", 288, "2026-11-25T19:11:59+08:00"),
        ("2026-11-25T23:59:59+08:00", 1440, "2026-11-24T23:59:59+08:00"),
        // Over a weekend; from within one.
        ("2026-11-30T23:59:59+08:00", 1440, "2026-11-27T23:59:59+08:00"),
        ("2026-11-30T00:00:00+08:00", 60, "2026-11-27T23:00:00+08:00"),
        ("2026-11-29T12:00:00+08:00", 60, "2026-11-27T23:00:00+08:00"),
        // Over National Day, and a make-up Saturday that counts.
        ("2026-10-08T23:59:59+08:00", 1440, "2026-09-30T23:59:59+08:00"),
        ("2026-10-12T23:59:59+08:00", 1440, "2026-10-10T23:59:59+08:00"),
        // Over the turn of the year: 1–3 January 2026 are off, the Sunday after them is worked.
        ("2026-01-04T23:59:59+08:00", 1500, "2025-12-31T22:59:59+08:00"),
    ])
    func itLiesSoManyMinutesOfWorkBefore(end: String, minutes: Int, expected: String) throws {
        let moment = try Calendars.published().moment(
            Int64(minutes) * 60_000, ofWorkBefore: try Instant(end).unwrapped, notBefore: Self.longAgo)
        #expect(moment.description == expected)
    }

    @Test func itIsNeverBeforeTheFloor() throws {
        let calendar = try Calendars.published()
        let end = try Instant("2026-11-30T23:59:59+08:00").unwrapped
        for floor in ["2026-11-30T12:00:00+08:00", "2026-11-28T12:00:00+08:00", "2026-11-27T20:00:00+08:00"] {
            let floor = try Instant(floor).unwrapped
            #expect(calendar.moment(30 * Self.hour, ofWorkBefore: end, notBefore: floor) == floor)
        }
        #expect(calendar.moment(0, ofWorkBefore: end, notBefore: end.adding(seconds: 5)) == end.adding(seconds: 5))
    }

    @Test func itAgreesWithWalkingBackHourByHour() throws {
        let calendar = try Calendars.published()
        var numbers = SeededNumbers(20_261_124)
        var wrong: [String] = []
        for _ in 0..<2000 {
            let end = Instant(Day(2024, 1, 1)).adding(seconds: 3600 * Int.random(in: 1000...24_000, using: &numbers))
            let hours = Int.random(in: 1...200, using: &numbers)
            var (walked, left) = (end, hours)
            while left > 0 {
                walked = walked.adding(seconds: -3600)
                if calendar.isWorking(walked.day) { left -= 1 }
            }
            let moment = calendar.moment(Int64(hours) * Self.hour, ofWorkBefore: end, notBefore: Self.longAgo)
            if moment != walked { wrong.append("\(hours) h before \(end): \(moment), not \(walked)") }
        }
        #expect(wrong == [])
    }
}
