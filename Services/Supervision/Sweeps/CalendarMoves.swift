import Domain
import Ledger
import ServiceKit

/// 时限调整 — moves the open cases whose dates a new version of the calendar changes, in ascending order and a few at a
/// time. How far it came is kept with what it did, so that it goes on after a stop and moves nothing twice.
enum CalendarMoves: Sweep {
    static let name = "calendarMoves"

    static func run(upTo limit: Int, in work: Work, of supervision: Supervision) throws -> Int {
        guard let plan = try Store.nextMoves(work.db) else { return 0 }
        let calendar = try work.calendar(plan.version)
        var due: [(id: Int64, moves: [CalendarChange.Move])] = []
        try CalendarChange.scan(touching: plan.year, by: calendar, after: plan.last, work) { id, moves in
            due.append((id, moves))
            return due.count < limit
        }
        for (id, _) in due {
            let record = try work.take(CaseNumber(id: id), for: .saveCalendar)
            // Counted anew under the lock: the case may have moved on meanwhile.
            let moves = CalendarChange.moves(
                record.clocks, try ClockFacts.all(of: id, work.db), try work.book().policies, calendar, at: work.now)
            if !moves.isEmpty { try work.save(Rules.move(record, moves, version: plan.version), .saveCalendar) }
        }
        if let last = due.last, due.count == limit {
            try Store.noteMoves(version: plan.version, last: last.id, work.db)
        } else {
            try Store.endMoves(version: plan.version, work.db)
        }
        // Another version may wait behind this one.
        return limit
    }
}
