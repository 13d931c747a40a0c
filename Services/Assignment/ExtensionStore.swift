import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// The SQL for extensions, and for the identity that an interim reply must not hold.
extension Store {
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

    /// The petitioner's name and phone, for keeping them out of a text. Intake keeps them encrypted and lends only this.
    static func identity(of number: CaseNumber, _ secrets: Secrets, _ db: Connection) throws -> KnownIdentity? {
        guard let sealed: [UInt8] = try db.value("SELECT intake.sealed_identity(\(number.id))") else { return nil }
        let json = try JSONValue(parsing: try secrets.open(sealed, for: number))
        return KnownIdentity(name: json["name"]?.stringValue, phone: json["phone"]?.stringValue)
    }
}
