import Ledger
import ServiceKit

/// 亮灯统计 — keeps the number of open cases by lead unit, status, urgency and lamp; one instance at a time.
enum Lamps: Sweep {
    static let name = "lamps"
    /// Entries, or lamps, in one unit of work.
    static let casesMax = 2000

    static func run(upTo limit: Int, in work: Work, of supervision: Supervision) throws -> Int {
        try LampStore.follow(upTo: casesMax, at: work.now, work.db) == casesMax ? limit : 0
    }
}
