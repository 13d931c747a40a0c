import Domain

/// The calendars of the tests.
enum Calendars {
    /// Knows no year: Monday to Friday.
    static let weekdays = WorkCalendar(version: 0, years: [:])

    /// The project's own, read from the migration that installs it.
    static func published(_ years: ClosedRange<Int> = 2004...2026) throws -> WorkCalendar {
        let sql = try Repository.text("Shared/Ledger/Migrations/005_calendar.sql")
        let row = /\((\d{4}),\s*'\{([0-9,-]*)\}',\s*'\{([0-9,-]*)\}'/
        let all = try sql.matches(of: row).map { match in
            (try Int(match.1).unwrapped, WorkCalendar.Year(off: try days(match.2), work: try days(match.3)))
        }
        return WorkCalendar(version: 1, years: Dictionary(uniqueKeysWithValues: all.filter { years.contains($0.0) }))
    }

    /// Per year a 1 for each working day and a 0 for each other, from an independent library.
    static func golden() throws -> [Int: [Bool]] {
        let lines = try Repository.text("Tests/Golden/workdays-2019-2026.txt").split(separator: "\n")
        let years = try lines.filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: " ")
            return (try Int(parts[0]).unwrapped, try parts.last.unwrapped.map { $0 == "1" })
        }
        return Dictionary(uniqueKeysWithValues: years)
    }

    private static func days(_ list: Substring) throws -> Set<Day> {
        Set(try list.split(separator: ",").map { try Day(String($0)).unwrapped })
    }
}

/// Numbers that are the same in every run (xorshift).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
