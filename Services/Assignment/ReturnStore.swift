import Domain
import Ledger
import Postgres

/// The SQL for returns, their rulings, and reassignments.
extension Store {
    struct Return: Sendable {
        var seq: Int
        var unitId: UnitID
    }

    /// A ruling with the return that it decided, as lists show it.
    struct Ruling: Codable, Sendable, Hashable {
        var caseNumber: CaseNumber
        var seq: Int
        var unitId: UnitID
        var ground: Note
        var dutyClause: Note
        var suggestedUnitId: UnitID?
        var requestedAt: Instant
        var isAdjudication: Bool
        var decision: ReturnDecision
        var leadUnitId: UnitID?
        var rulingGround: Note
        var ruledAt: Instant
    }

    static func insert(
        _ request: RequestReturn.Params, of unit: UnitID, isAdjudication: Bool, _ change: CaseChange, at now: Instant,
        _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.returns (case_id, seq, unit_id, ground, duty_clause, suggested_unit_id,
                is_adjudication, requested_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(unit), \(request.ground), \(request.dutyClause),
                \(request.suggestedUnitId), \(isAdjudication), \(now))
            """)
    }

    /// With the registry no exclusion is ruled on: one that waits has lapsed.
    static func voidExclusion(of caseId: Int64, seq: Int, at now: Instant, _ db: Connection) throws {
        try db.execute("SELECT supervision.void_exclusion(\(caseId), \(seq), \(now))")
    }

    /// The return that waits for its ruling: the last one of a case that is returning.
    static func lastReturn(of record: CaseRecord, _ db: Connection) throws -> Return? {
        try db.row(
            """
            SELECT seq, unit_id
            FROM assignment.returns
            WHERE case_id = \(record.id)
            ORDER BY seq DESC
            LIMIT 1
            """
        ) { Return(seq: try $0["seq"], unitId: try $0["unit_id"]) }
    }

    static func insert(
        _ ruling: DecideReturn.Params, on request: Return, isAdjudication: Bool, _ change: CaseChange, at now: Instant,
        _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.rulings (case_id, seq, return_seq, unit_id, kind, decision, to_unit_id, ground,
                ruled_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(request.seq), \(request.unitId),
                \(isAdjudication ? "adjudication" : "ruling"), \(ruling.decision), \(ruling.leadUnitId),
                \(ruling.ground), \(now))
            """)
    }

    static func insert(
        _ params: Reassign.Params, from unit: UnitID, _ change: CaseChange, at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.reassignments (case_id, seq, from_unit_id, to_unit_id, ground, note, reassigned_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(unit), \(params.leadUnitId), \(params.ground),
                \(params.note), \(now))
            """)
    }

    /// Rulings that the caller may see, newest first: a unit those on its own returns and on those of units beneath it.
    static func rulings(
        for caller: Caller, unit: UnitID?, decision: ReturnDecision?, limit: PageLimit, cursor: Cursor?,
        _ db: Connection
    ) throws -> (items: [Ruling], next: Cursor?) {
        let items = try db.rows(
            Rulings.listing(for: caller, unit: unit, decision: decision, limit: limit.count + 1, cursor: cursor), ruling
        )
        guard items.count > limit.count else { return (items, nil) }
        let page = Array(items.prefix(limit.count))
        return (page, page.last.map { Cursor($0.ruledAt.milliseconds, $0.caseNumber.id ?? 0, Int64($0.seq)) })
    }

    private static func ruling(_ row: borrowing Row) throws -> Ruling {
        Ruling(
            caseNumber: CaseNumber(id: try row["case_id"]), seq: try row["seq"], unitId: try row["unit_id"],
            ground: try row["ground"], dutyClause: try row["duty_clause"],
            suggestedUnitId: try row["suggested_unit_id"], requestedAt: try row["requested_at"],
            isAdjudication: try row["kind"] as String == "adjudication", decision: try row["decision"],
            leadUnitId: try row["to_unit_id"], rulingGround: try row["ruling_ground"], ruledAt: try row["ruled_at"])
    }
}

enum Rulings {
    static func listing(
        for caller: Caller, unit: UnitID?, decision: ReturnDecision?, limit: Int, cursor: Cursor?
    ) throws -> SQL {
        var conditions: [SQL] = [
            caller.role == .unit
                ? "r.unit_id = ANY (\(Array(caller.subtree))::text[])" : CaseSearch.sight(of: caller)
        ]
        if let unit { conditions.append("r.unit_id = \(unit)") }
        if let decision { conditions.append("r.decision = \(decision)") }
        if let last = try cursor?.places(3) {
            guard last[0] <= Day(9999, 12, 31).end.milliseconds else {
                throw Refusal.field("cursor", "not a cursor of this list")
            }
            conditions.append(
                "(r.ruled_at, r.case_id, r.seq) < (\(Instant(milliseconds: last[0])), \(last[1])::bigint, \(last[2])::bigint)"
            )
        }
        return """
            SELECT r.case_id, r.seq, r.unit_id, r.kind, r.decision, r.to_unit_id, r.ground AS ruling_ground, r.ruled_at,
                asked.ground, asked.duty_clause, asked.suggested_unit_id, asked.requested_at
            FROM assignment.rulings r
            JOIN assignment.returns asked ON asked.case_id = r.case_id AND asked.seq = r.return_seq
            JOIN ledger.cases c ON c.case_id = r.case_id
            WHERE \(sql: conditions.joined(separator: " AND "))
            ORDER BY r.ruled_at DESC, r.case_id DESC, r.seq DESC
            LIMIT \(limit)
            """
    }
}
