import Domain
import Foundation
import Testing

struct InstantTests {
    /// Milliseconds from Python's `datetime.fromisoformat`.
    @Test(arguments: [
        ("2026-10-08T09:30:00+08:00", 1_791_423_000_000), ("2026-10-08T01:30:00Z", 1_791_423_000_000),
        ("2026-10-08t01:30:00z", 1_791_423_000_000), ("2026-10-07T15:00:00-10:30", 1_791_423_000_000),
        ("2026-10-08T01:30:00-00:00", 1_791_423_000_000), ("2026-10-08T01:30:00.5Z", 1_791_423_000_500),
        ("2026-10-08T01:30:00.25Z", 1_791_423_000_250), ("2026-10-08T01:30:00.007Z", 1_791_423_000_007),
        ("2026-10-08T01:30:00.0079999999999Z", 1_791_423_000_007), ("2026-10-08T01:30:00.000Z", 1_791_423_000_000),
        ("1969-12-31T23:59:59.999Z", -1), ("1970-01-01T00:00:00Z", 0),
        ("1900-01-01T00:00:00+08:00", -2_209_017_600_000),
        ("2024-02-29T12:00:00Z", 1_709_208_000_000), ("2200-12-31T23:59:59+08:00", 7_289_625_599_000),
        // As PostgreSQL writes it, its offset of the Chinese summer time of 1986–1991 included.
        ("2026-10-08 09:30:00+08", 1_791_423_000_000), ("2026-10-08 01:30:00.123456+00", 1_791_423_000_123),
        ("2026-10-07 15:00:00-10:30", 1_791_423_000_000), ("2026-10-08 10:30:00+09", 1_791_423_000_000),
    ])
    func aMomentIsReadFrom(text: String, milliseconds: Int64) throws {
        #expect(try Instant(text).unwrapped.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-10-08", "2026-10-08T09:30:00", "2026-10-08T09:30+08:00", "2026-10-08T09:30:00 +08:00",
        "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-10-08T24:00:00Z", "2026-10-08T23:60:00Z", "2026-10-08T23:59:61Z", "2026-10-08T9:30:00Z",
        "2026-10-08T09:30:00.Z", "2026-10-08T09:30:00,5Z", "2026-10-08T09:30:00+24:00", "2026-10-08T09:30:00+08:60",
        "2026-10-08T09:30:00+8", "2026-10-08T09:30:00+0800", "2026-10-08T09:30:00+08:00Z", "2026-10-08T09:30:00ZZ",
        "2026-10-08T09:30:00Zulu", "2026-10-08X09:30:00Z", "2026-10-08T09:30:00−08:00", "2026-10-08T09:30:00+08:",
        "2026-10-08T-9:30:00Z", "2026-10-08T09:30:00Z\u{0}", "infinity", "-infinity", "1791423000000", "now",
        // Its year in +08:00 would have five digits, or none.
        "9999-12-31T16:00:00Z", "0001-01-01T00:00:00+09:00", "0000-12-31T23:59:59Z",
    ])
    func whatIsNoMomentIsRefused(text: String) {
        #expect(Instant(text) == nil)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode([Instant].self, from: JSONEncoder().encode([text]))
        }
    }

    @Test func aTextOfMoreThanSixtyFourBytesIsNoMoment() {
        for length in 40...100 {
            let text = "2026-10-08T09:30:00." + String(repeating: "0", count: length - 20 - 3) + "+08"
            #expect((Instant(text) != nil) == (length <= 64))
            #expect(Instant(text + ":00 and more") == nil)
        }
    }

    @Test(arguments: [
        (1_791_423_000_000, "2026-10-08T09:30:00+08:00"), (1_791_423_000_007, "2026-10-08T09:30:00.007+08:00"),
        (1_791_423_000_500, "2026-10-08T09:30:00.500+08:00"), (-1, "1970-01-01T07:59:59.999+08:00"),
        (0, "1970-01-01T08:00:00+08:00"), (1_791_475_199_999, "2026-10-08T23:59:59.999+08:00"),
        (1_791_475_200_000, "2026-10-09T00:00:00+08:00"),
    ])
    func aMomentIsWrittenInTheTimeOfChina(milliseconds: Int64, text: String) throws {
        let instant = Instant(milliseconds: milliseconds)
        #expect(instant.description == text)
        let json = try JSONEncoder().encode([instant])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([Instant].self, from: json) == [instant])
    }

    @Test func everyMomentReadsBackAsItself() {
        var numbers = SeededNumbers(1900)
        let (first, last) = (Instant(Day(1900, 1, 1)).milliseconds, Instant(Day(2200, 12, 31)).milliseconds)
        let wrong = (0..<5000).map { _ in Instant(milliseconds: .random(in: first...last, using: &numbers)) }.filter {
            Instant($0.description) != $0
                || Instant($0.description.replacing("T", with: " ").replacing("+08:00", with: "+08")) != $0
                || $0.day.start.milliseconds + $0.millisecondOfDay != $0.milliseconds
        }
        #expect(wrong == [])
    }

    @Test func aMomentLosesItsFractionDownwards() {
        #expect(Instant(milliseconds: 1999).wholeSecond == Instant(milliseconds: 1000))
        #expect(Instant(milliseconds: -1).wholeSecond == Instant(milliseconds: -1000))
        #expect(Instant(milliseconds: 5000).wholeSecond == Instant(milliseconds: 5000))
    }
}
