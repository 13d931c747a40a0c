import Domain
import Ledger
import ServiceKit

/// What a changed calendar does to the dates of open cases: which clocks move, and from when to when.
enum CalendarChange {
    struct Move: Equatable {
        var stage: Stage
        var from: Instant
        var to: Instant
    }

    /// The days of a year as an administrator states them.
    struct Days: Codable, Sendable {
        /// 1990–2100
        var year: Int
        var off: [Day]
        var work: [Day]
    }

    /// The running clocks of a case that a recount by another calendar moves: later always, earlier only where the date was
    /// provisional and lies two or more working days ahead. What somebody decided (an extension) stays.
    static func moves(
        _ clocks: Clocks, _ facts: [ClockFact], _ policies: PolicyBook, _ calendar: WorkCalendar, at now: Instant
    ) -> [Move] {
        let recounted = Clocks(facts.filter { $0.kind != .calendar }, policies) { _ in calendar }
        return clocks.all.compactMap { old in
            guard let new = recounted[old.stage], Rules.moves(old, to: new, calendar, at: now) else { return nil }
            return Move(stage: old.stage, from: old.dueAt, to: new.dueAt)
        }
    }

    static func check(_ days: Days) throws(Refusal) {
        guard (1990...2100).contains(days.year) else { throw .field("year", "must be 1990 to 2100") }
        for (path, list) in [("off", days.off), ("work", days.work)] {
            if list.count > 50 { throw .field(path, "must have at most 50 items") }
            for (index, day) in list.enumerated() where day.year != days.year {
                throw .field("\(path)[\(index)]", "lies in another year")
            }
        }
        for (index, day) in days.work.enumerated() where days.off.contains(day) {
            throw .field("work[\(index)]", "is also a day off")
        }
    }

    /// Open cases that the calendar moves, from the first after `last` on, in ascending order.
    ///
    /// - Parameter visit: called for each with its moves; `false` ends it.
    static func scan(
        touching year: Int, by calendar: WorkCalendar, after last: Int64 = 0, _ work: Work,
        _ visit: (_ caseId: Int64, [Move]) throws -> Bool
    ) throws {
        let policies = try work.book().policies
        var last = last
        while true {
            let batch = try Store.openCases(touching: year, after: last, limit: 500, work.db)
            let facts = try ClockFacts.all(of: batch.map(\.id), work.db)
            for (id, clocks) in batch {
                let moves = moves(clocks, facts[id] ?? [], policies, calendar, at: work.now)
                if !moves.isEmpty, try !visit(id, moves) { return }
            }
            guard let end = batch.last else { return }
            last = end.id
        }
    }
}
