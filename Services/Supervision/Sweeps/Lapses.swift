import Domain
import Ledger
import ServiceKit

/// 超时自动流转 — an unclaimed case counts as claimed by the unit's head, an unanswered question goes back to the unit, a
/// follow-up that reached nobody closes the case unrated.
enum Lapses: Sweep {
    static let name = "lapses"

    static func run(upTo limit: Int, in work: Work, of supervision: Supervision) throws -> Int {
        let numbers = try work.lapsing(upTo: limit)
        // What the clocks that end here still owe is not missed because this sweep comes first.
        let cases = try work.watched(numbers)
        try Ladder.look(at: cases, in: work)
        try Ladder.noteLapses(of: cases, in: work)
        for number in numbers {
            let record = try work.take(number, for: .lapse)
            let head = try record.leadUnitId.flatMap { try Reference.units([$0], work.db)[$0]?.head }
            _ = try Closing.save(try Rules.lapse(record, head: head, at: work.now), .lapse, in: work)
        }
        return numbers.count
    }
}
