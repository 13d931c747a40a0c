import Domain
import Ledger
import Postgres

/// The SQL that reads the log of who read whose identity.
enum IdentityStore {
    /// - Parameter before: the time and the place in the log of the last entry of the page before.
    static func entries(
        of caseId: Int64?, from: Day?, to: Day?, before: [Int64]?, limit: Int, _ db: Connection
    ) throws -> [(entry: IdentityLog.Entry, place: Cursor)] {
        try db.rows(listing(of: caseId, from: from, to: to, before: before, limit: limit)) { row in
            let at: Instant = try row["revealed_at"]
            let entry = IdentityLog.Entry(
                caseNumber: CaseNumber(id: try row["case_id"]), at: at, client: try row["client"],
                role: try row["role"], unitId: try row["unit_id"],
                person: (try row["person"] as JSONText<Person>?)?.value, purpose: try row["purpose"])
            return (entry, Cursor(at.milliseconds, try row["log_id"]))
        }
    }

    static func listing(of caseId: Int64?, from: Day?, to: Day?, before: [Int64]?, limit: Int) -> SQL {
        var conditions: [SQL] = ["true"]
        if let caseId { conditions.append("l.case_id = \(caseId)") }
        if let from { conditions.append("l.revealed_at >= \(from.start)") }
        if let to { conditions.append("l.revealed_at < \(to.advanced(by: 1).start)") }
        if let before {
            conditions.append("(l.revealed_at, l.log_id) < (\(Instant(milliseconds: before[0])), \(before[1]))")
        }
        return """
            SELECT l.log_id, l.case_id, l.role, l.unit_id, l.person, l.purpose, l.revealed_at, c.name AS client
            FROM intake.identity_log l
            JOIN ledger.clients c ON c.client_id = l.client_id
            WHERE \(sql: conditions.joined(separator: " AND "))
            ORDER BY l.revealed_at DESC, l.log_id DESC
            LIMIT \(limit)
            """
    }
}
