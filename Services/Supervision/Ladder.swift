import Domain
import Ledger

/// 督办 — looks at cases, takes the steps that are due, marks those that have become wrong, and plans the next look. All of
/// it in the caller's transaction, over locked cases.
enum Ladder {
    static func look(at cases: [WatchedCase], in work: Work) throws {
        guard !cases.isEmpty else { return }
        let book = try work.book()
        let onFile = try LadderStore.steps(of: cases.map(\.id), work.db)
        let looks = cases.map { record in
            (
                record: record,
                look: Rules.look(
                    at: record, onFile[record.id] ?? [], book.ladders, book.calendar, at: work.now)
            )
        }
        // The marks first: a step that is taken again follows the one that was wrong.
        try LadderStore.mark(looks.flatMap(\.look.wrong), at: work.now, work.db)
        try LadderStore.insert(
            looks.flatMap { record, look in look.due.map { (record, $0) } }, at: work.now, work.db)
        try work.plan(looks.map { ($0.record.id, $0.look.next) })
    }

    /// Looks at a case that this unit of work has changed.
    static func look(at number: CaseNumber, in work: Work) throws {
        try look(at: try work.watched([number]), in: work)
    }

    /// 蓝牌 — for those of the cases, as they were before they lapsed, that nobody claimed.
    static func noteLapses(of cases: [WatchedCase], in work: Work) throws {
        let book = try work.book()
        let cards = cases.compactMap { record in
            Rules.claimLapsed(record, book.ladders, book.calendar, at: work.now).map { (record, $0) }
        }
        try LadderStore.insert(cards, at: work.now, work.db)
    }
}
