import Domain
import JSONRPC
import Ledger
import Postgres

/// The SQL for promises (挂账). What results promised comes from handling's published view.
enum PromiseStore {
    struct Promised: Sendable {
        var resultSeq: Int
        var ordinal: Int
        var unit: UnitID
        var commitment: Note
        var dueOn: Day
    }

    private struct Filed: Codable, Sendable {
        var commitment: Note
        var dueOn: Day
    }

    /// What the last result of a case promises. An answer that it has from its master since is not its own.
    static func promised(in caseId: Int64, _ db: Connection) throws -> [Promised] {
        let last = try db.row(
            """
            SELECT p.seq, p.unit_id, p.promises
            FROM handling.promises p
            WHERE p.case_id = \(caseId)
                AND NOT EXISTS (
                    SELECT
                    FROM ledger.timeline t
                    WHERE t.case_id = \(caseId) AND t.seq > p.seq AND t.action = 'follow'
                )
            ORDER BY p.seq DESC
            LIMIT 1
            """
        ) { row in
            (
                seq: try row["seq"] as Int, unit: try row["unit_id"] as UnitID,
                promises: (try row["promises"] as JSONText<[Filed]>).value
            )
        }
        guard let last else { return [] }
        return last.promises.enumerated().map {
            Promised(
                resultSeq: last.seq, ordinal: $0 + 1, unit: last.unit, commitment: $1.commitment, dueOn: $1.dueOn)
        }
    }

    static func open(_ promised: [Promised], _ change: CaseChange, at now: Instant, _ db: Connection) throws {
        for promise in promised {
            try db.execute(
                """
                INSERT INTO supervision.promises (case_id, seq, result_seq, ordinal, unit_id, commitment, due_on, status,
                    opened_at)
                VALUES (\(change.caseNumber.id), \(change.version), \(promise.resultSeq), \(promise.ordinal),
                    \(promise.unit), \(promise.commitment), \(promise.dueOn), 'open', \(now))
                """)
        }
    }

    struct Held: Sendable {
        var caseNumber: CaseNumber
        var promise: Rules.Promise
    }

    static func promise(_ id: Int64, forUpdate: Bool, _ db: Connection) throws -> Held? {
        try db.row(
            """
            SELECT case_id, commitment, due_on, status, moved_from
            FROM supervision.promises
            WHERE promise_id = \(id)
            \(sql: forUpdate ? "FOR UPDATE" : "")
            """
        ) { row in
            Held(
                caseNumber: CaseNumber(id: try row["case_id"]),
                promise: Rules.Promise(
                    commitment: try row["commitment"], dueOn: try row["due_on"],
                    isOpen: try row["status"] as String == "open", wasMoved: try row["moved_from"] as Day? != nil))
        }
    }

    /// - Parameter seq: the timeline entry.
    static func settle(
        _ id: Int64, as outcome: SettlePromise.Outcome, evidence: Note, newDueOn: Day?, seq: Int, at now: Instant,
        _ db: Connection
    ) throws {
        switch outcome {
        case .kept, .broken:
            try db.execute(
                """
                UPDATE supervision.promises
                SET status = \(outcome), evidence = \(evidence), settled_seq = \(seq), settled_at = \(now)
                WHERE promise_id = \(id)
                """)
        case .moved:
            try db.execute(
                """
                UPDATE supervision.promises
                SET moved_from = due_on, due_on = \(newDueOn), moved_evidence = \(evidence), moved_seq = \(seq)
                WHERE promise_id = \(id)
                """)
        }
    }

    /// What the caller may see of them, by due date.
    static func list(
        _ params: Promises.Params, for caller: Caller, limit: Int, _ db: Connection
    ) throws -> [Promises.Item] {
        try db.rows(listing(params, for: caller, limit: limit), item)
    }

    static func listing(_ params: Promises.Params, for caller: Caller, limit: Int) throws -> SQL {
        var conditions = [CaseSearch.sight(of: caller, asFormerLead: false)]
        if let id = params.caseNumber?.id { conditions.append("p.case_id = \(id)") }
        if let unit = params.unitId { conditions.append("p.unit_id = \(unit)") }
        if let status = params.status { conditions.append("p.status = \(status)") }
        if let after = try params.cursor?.places(2) {
            conditions.append("(p.due_on, p.promise_id) > (\(Day(number: Int(clamping: after[0]))), \(after[1]))")
        }
        return """
            SELECT p.promise_id, p.case_id, p.unit_id, p.commitment, p.due_on, p.moved_from, p.status, p.evidence,
                p.settled_at
            FROM supervision.promises p
            JOIN ledger.cases c ON c.case_id = p.case_id
            WHERE \(sql: conditions.joined(separator: " AND "))
            ORDER BY p.due_on, p.promise_id
            LIMIT \(limit)
            """
    }

    private static func item(_ row: borrowing Row) throws -> Promises.Item {
        Promises.Item(
            promiseId: MatterID(try row["promise_id"] as Int64), caseNumber: CaseNumber(id: try row["case_id"]),
            unitId: try row["unit_id"], commitment: try row["commitment"], dueOn: try row["due_on"],
            movedFrom: try row["moved_from"], status: try row["status"], evidence: try row["evidence"],
            settledAt: try row["settled_at"])
    }
}
