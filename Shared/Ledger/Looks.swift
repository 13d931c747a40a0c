import Domain
import Postgres

/// 督办巡查 — which cases supervision must look at, and when it looks again.
extension Work {
    /// Cases at which supervision must look now, the most overdue first, locked. Those that another transaction holds are
    /// passed over.
    public func looking(upTo limit: Int) throws -> [WatchedCase] {
        try db.rows(Looks.due(at: now, upTo: limit), Looks.read)
    }

    /// Cases that this unit of work has locked.
    public func watched(_ numbers: [CaseNumber]) throws -> [WatchedCase] {
        let ids = numbers.compactMap(\.id)
        guard !ids.isEmpty else { return [] }
        return try db.rows(
            "SELECT \(sql: Looks.columns) FROM ledger.cases WHERE case_id = ANY (\(ids)::bigint[]) ORDER BY case_id",
            Looks.read)
    }

    /// Says when to look at each case again; `nil` for never. Nothing else of the case changes.
    public func plan(_ looks: [(id: Int64, at: Instant?)]) throws {
        let ids = looks.map(\.id)
        let times = looks.map { $0.at?.description ?? "" }
        try db.execute(
            """
            UPDATE ledger.cases c
            SET look_at = nullif(planned.at, '')::timestamptz
            FROM unnest(\(ids)::bigint[], \(times)::text[]) AS planned (case_id, at)
            WHERE c.case_id = planned.case_id
                AND c.case_id = ANY (\(ids)::bigint[])
                AND c.status <> 'archived'
            """)
    }
}

enum Looks {
    static let columns: SQL = """
        case_id, round, status, urgency, is_classified, holder, lead_unit_id,
        (proceedings ->> 'extensions')::int AS extensions, dissatisfied_count, clocks
        """

    static func due(at now: Instant, upTo limit: Int) -> SQL {
        """
        SELECT \(sql: columns)
        FROM ledger.cases
        WHERE look_at <= \(now)
            AND status <> 'archived'
        ORDER BY due_at, case_id
        LIMIT \(limit)
        FOR UPDATE SKIP LOCKED
        """
    }

    static func read(_ row: borrowing Row) throws -> WatchedCase {
        let (status, holder): (CaseStatus, Party) = (try row["status"], try row["holder"])
        return WatchedCase(
            id: try row["case_id"], round: try row["round"], status: status, urgency: try row["urgency"],
            isClassified: try row["is_classified"], awaitsRuling: status == .replied && holder == .office,
            leadUnitId: try row["lead_unit_id"], extensions: try row["extensions"],
            dissatisfied: try row["dissatisfied_count"], clocks: (try row["clocks"] as JSONText<Clocks>).value)
    }
}
