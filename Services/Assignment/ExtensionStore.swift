import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// The SQL for extensions, and for the identity that an interim reply must not hold.
extension Store {
    /// An extension that was asked for, with its decision.
    struct Extension: Codable, Sendable, Hashable {
        var caseNumber: CaseNumber
        var seq: Int
        /// The unit that asked.
        var unitId: UnitID
        /// The result's due date when it asked, and the day it asked for.
        var dueAt: Instant
        var until: Day
        var reason: Note
        var legalBasis: Note
        var interimReply: Essay
        var requestedAt: Instant
        /// It waits for its decision. One that neither waits nor was decided ended with the result or a new letter.
        var open: Bool
        var decision: ExtensionDecision?
        var decisionGround: Note?
        /// The result's due date after the decision.
        var decidedDueAt: Instant?
        var decidedAt: Instant?
    }

    static func insert(
        _ request: RequestExtension.Params, of record: CaseRecord, _ change: CaseChange, at now: Instant,
        _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.extensions (case_id, seq, unit_id, due_at, until, reason, legal_basis, interim_reply,
                requested_at)
            VALUES (\(record.id), \(change.version), \(record.leadUnitId), \(record.clocks[.result]?.dueAt),
                \(request.until), \(request.reason), \(request.legalBasis), \(request.interimReply), \(now))
            """)
    }

    static func insert(
        _ decision: DecideExtension.Params, of asked: CaseRecord, dueAt: Instant?, _ change: CaseChange,
        at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.extension_decisions (case_id, seq, until, decision, ground, due_at, decided_at)
            VALUES (\(asked.id), \(change.version), \(asked.proceedings.extensionUntil), \(decision.decision),
                \(decision.ground), \(dueAt), \(now))
            """)
    }

    /// Extensions that the caller may see, newest first: a unit those that it and units beneath it asked for.
    static func extensions(
        _ params: ReadExtensions.Params, for caller: Caller, limit: Int, _ db: Connection
    ) throws -> [Extension] {
        try db.rows(try listing(params, for: caller, limit: limit), extensionItem)
    }

    static func listing(_ params: ReadExtensions.Params, for caller: Caller, limit: Int) throws -> SQL {
        var conditions: [SQL] = [
            caller.role == .unit
                ? "e.unit_id = ANY (\(Array(caller.subtree))::text[])" : CaseSearch.sight(of: caller)
        ]
        if let id = params.caseNumber?.id { conditions.append("e.case_id = \(id)") }
        if let unit = params.unitId { conditions.append("e.unit_id = \(unit)") }
        let waits: SQL = "(d.seq IS NULL AND later.seq IS NULL AND c.proceedings ->> 'extensionUntil' IS NOT NULL)"
        if let open = params.open { conditions.append(open ? waits : "NOT \(sql: waits)") }
        if let last = try params.cursor?.places(3) {
            guard last[0] <= Day(9999, 12, 31).end.milliseconds else {
                throw Refusal.field("cursor", "not a cursor of this list")
            }
            conditions.append(
                """
                (e.requested_at, e.case_id, e.seq)
                    < (\(Instant(milliseconds: last[0])), \(last[1])::bigint, \(last[2])::bigint)
                """)
        }
        return """
            SELECT e.case_id, e.seq, e.unit_id, e.due_at, e.until, e.reason, e.legal_basis, e.interim_reply,
                e.requested_at, \(sql: waits) AS open, d.decision, d.ground, d.due_at AS decided_due_at, d.decided_at
            FROM assignment.extensions e
            JOIN ledger.cases c ON c.case_id = e.case_id
            LEFT JOIN LATERAL (
                SELECT next.seq FROM assignment.extensions next
                WHERE next.case_id = e.case_id AND next.seq > e.seq
                ORDER BY next.seq LIMIT 1
            ) later ON true
            LEFT JOIN LATERAL (
                SELECT made.seq, made.decision, made.ground, made.due_at, made.decided_at
                FROM assignment.extension_decisions made
                WHERE made.case_id = e.case_id AND made.seq > e.seq AND (later.seq IS NULL OR made.seq < later.seq)
                ORDER BY made.seq LIMIT 1
            ) d ON true
            WHERE \(sql: conditions.joined(separator: " AND "))
            ORDER BY e.requested_at DESC, e.case_id DESC, e.seq DESC
            LIMIT \(limit)
            """
    }

    private static func extensionItem(_ row: borrowing Row) throws -> Extension {
        Extension(
            caseNumber: CaseNumber(id: try row["case_id"]), seq: try row["seq"], unitId: try row["unit_id"],
            dueAt: try row["due_at"], until: try row["until"], reason: try row["reason"],
            legalBasis: try row["legal_basis"], interimReply: try row["interim_reply"],
            requestedAt: try row["requested_at"], open: try row["open"], decision: try row["decision"],
            decisionGround: try row["ground"], decidedDueAt: try row["decided_due_at"],
            decidedAt: try row["decided_at"])
    }

    /// The petitioner's name and phone, for keeping them out of a text. Intake keeps them encrypted and lends only this.
    static func identity(of number: CaseNumber, _ secrets: Secrets, _ db: Connection) throws -> KnownIdentity? {
        guard let sealed: [UInt8] = try db.value("SELECT intake.sealed_identity(\(number.id))") else { return nil }
        let json = try JSONValue(parsing: try secrets.open(sealed, for: number))
        return KnownIdentity(name: json["name"]?.stringValue, phone: json["phone"]?.stringValue)
    }
}
