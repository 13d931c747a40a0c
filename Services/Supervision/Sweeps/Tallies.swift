import Ledger
import ServiceKit

/// 结存统计 — keeps the number of cases that are over, by day, unit, status and urgency; one instance at a time.
enum Tallies: Sweep {
    static let name = "tallies"
    /// Entries in one unit of work.
    static let entriesMax = 2000

    static func run(upTo limit: Int, in work: Work, of supervision: Supervision) throws -> Int {
        try TallyStore.follow(upTo: entriesMax, work.db) == entriesMax ? limit : 0
    }
}
