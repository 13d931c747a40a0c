import Domain
import Ledger
import ServiceKit

/// 督办巡查 — takes the steps of the ladder that are due, against the most overdue first.
enum Climbing: Sweep {
    static let name = "ladder"
    /// A look locks the case for no longer than two statements take, and changes nothing of it.
    static let atOnce = 200

    static func run(upTo limit: Int, in work: Work, of supervision: Supervision) throws -> Int {
        let cases = try work.looking(upTo: limit)
        try Ladder.look(at: cases, in: work)
        return cases.count
    }
}
