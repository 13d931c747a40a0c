import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// The only SQL for schema `handling`.
enum Store {
    static func insert(
        _ result: FileResult.Params, of record: CaseRecord, _ change: CaseChange, at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO handling.results (case_id, seq, round, unit_id, factual, resolution, unresolved_reason, contacted_at,
                internal_account, public_reply, signed_by, overdue_co_units, promises, attachments, filed_at, due_at)
            VALUES (\(record.id), \(change.version), \(record.round), \(record.leadUnitId), \(result.factual),
                \(result.resolution), \(result.unresolvedReason), \(result.contactedAt), \(result.internalAccount),
                \(result.publicReply), \(JSONText(result.signedBy)), \(result.overdueCoUnits ?? []),
                \(JSONText(result.promises ?? [])), \(JSONText(result.attachments ?? [])), \(now),
                \(record.clocks[.result]?.dueAt))
            """)
    }

    static func insertCoResult(_ change: CaseChange, unit: UnitID, _ account: Essay, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO handling.co_results (case_id, seq, unit_id, account)
            VALUES (\(change.caseNumber.id), \(change.version), \(unit), \(account))
            """)
    }

    static func insert(_ review: Review.Params, _ change: CaseChange, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO handling.reviews (case_id, seq, decision, comment, reviewer)
            VALUES (\(change.caseNumber.id), \(change.version), \(review.decision), \(review.comment),
                \(JSONText(review.reviewer)))
            """)
    }

    static func insert(
        _ publication: ConfirmPublication.Params, differs: Bool, _ change: CaseChange, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO handling.publications (case_id, seq, way, published_at, url, sha256, differs, original_gone, note)
            VALUES (\(change.caseNumber.id), \(change.version), \(publication.way), \(publication.at), \(publication.url),
                \(publication.sha256), \(differs), \(publication.originalGone ?? false), \(publication.note))
            """)
    }

    /// The petitioner's name and phone, for keeping them out of a text. Intake keeps them encrypted and lends only this.
    static func identity(of number: CaseNumber, _ secrets: Secrets, _ db: Connection) throws -> Rules.KnownIdentity? {
        guard let sealed: [UInt8] = try db.value("SELECT intake.sealed_identity(\(number.id))") else { return nil }
        let json = try JSONValue(parsing: try secrets.open(sealed, for: number))
        return Rules.KnownIdentity(name: json["name"]?.stringValue, phone: json["phone"]?.stringValue)
    }
}
