import Domain
import Postgres

extension Work {
    /// Open cases whose own clock has run out so that they move by themselves, the longest overdue first, locked. Those that
    /// another transaction holds are passed over.
    ///
    /// - Returns: at most `limit`, in ascending order of their numbers.
    public func lapsing(upTo limit: Int) throws -> [CaseNumber] {
        try db.rows(Lapsing.due(at: now, upTo: limit)) { CaseNumber(id: try $0["case_id"]) }
            .sorted { $0.id ?? 0 < $1.id ?? 0 }
    }
}

enum Lapsing {
    static func due(at now: Instant, upTo limit: Int) -> SQL {
        """
        SELECT case_id
        FROM ledger.cases
        WHERE lapses_at < \(now)
        ORDER BY lapses_at, case_id
        LIMIT \(limit)
        FOR UPDATE SKIP LOCKED
        """
    }
}
