import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// The only SQL for schema `intake`, and for the keys under which sources know their messages.
enum Store {
    // MARK: Natural keys

    struct Known: Sendable {
        var caseId: Int64
        var textDigest: [UInt8]
    }

    /// Takes a channel's external id for a new case.
    ///
    /// - Returns: `nil` when it is taken now; the case that has it otherwise, read with a lock: see `Keys.claim`.
    /// - Throws: `.keyInUse` while another transaction registers the same message.
    static func claim(
        _ channel: ChannelCode, _ id: ExternalID, caseId: Int64, digest: [UInt8], _ db: Connection
    ) throws -> Known? {
        try orInUse {
            let claimed = try db.execute(
                """
                INSERT INTO ledger.natural_keys (channel, external_id, case_id, text_digest)
                VALUES (\(channel), \(id), \(caseId), \(digest))
                ON CONFLICT DO NOTHING
                """)
            if claimed == 1 { return nil }
            return try db.one(
                """
                SELECT case_id, text_digest
                FROM ledger.natural_keys
                WHERE channel = \(channel) AND external_id = \(id)
                FOR UPDATE
                """
            ) { Known(caseId: try $0["case_id"], textDigest: try $0["text_digest"]) }
        }
    }

    /// - Throws: `.keyInUse` where another transaction, that registers the same message, holds what `body` waits for.
    static func orInUse<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as PostgresError where error.code == .lockTimeout {
            throw Refusal(.keyInUse, "keyInUse", "同一来件正在登记中，请稍后再试", .retryAfter(milliseconds: 1000))
        }
    }

    static func textDigest(_ channel: ChannelCode, _ id: ExternalID, _ db: Connection) throws -> [UInt8] {
        try db.value("SELECT text_digest FROM ledger.natural_keys WHERE channel = \(channel) AND external_id = \(id)")
    }

    static func rememberText(_ channel: ChannelCode, _ id: ExternalID, digest: [UInt8], _ db: Connection) throws {
        try db.execute(
            """
            UPDATE ledger.natural_keys
            SET text_digest = \(digest)
            WHERE channel = \(channel) AND external_id = \(id)
            """)
    }

    static func nextRunning(_ db: Connection) throws -> Int64 { try db.value("SELECT nextval('ledger.case_running')") }

    // MARK: Petitioners

    static func petitioner(of number: CaseNumber, _ secrets: Secrets, _ db: Connection) throws -> Petitioner? {
        guard
            let sealed: [UInt8] = try db.value("SELECT sealed FROM intake.petitioners WHERE case_id = \(number.id)")
        else { return nil }
        let json = try JSONValue(parsing: try secrets.open(sealed, for: number))
        return try ParamsDecoder.decode(Petitioner.self, from: json, unknownNames: .ignored)
    }

    static func logReveal(_ record: CaseRecord, _ purpose: IdentityPurpose, _ work: Work) throws {
        try work.db.execute(
            """
            INSERT INTO intake.identity_log (case_id, client_id, role, unit_id, person, purpose, revealed_at)
            VALUES (\(record.id), \(work.caller.clientId), \(work.caller.role), \(work.caller.unit),
                \(work.person.map(JSONText.init)), \(purpose), \(work.now))
            """)
    }

    // MARK: What came with a message

    struct Filing: Sendable {
        var address: Note?
        var latitude: String?
        var longitude: String?
        var postedAt: Instant?
        var capturedAt: Instant?
        var attachments: [Attachment]

        var isEmpty: Bool {
            address == nil && latitude == nil && postedAt == nil && capturedAt == nil && attachments.isEmpty
        }
    }

    static func attachments(of caseId: Int64, _ db: Connection) throws -> [Attachment] {
        let filed: JSONText<[Attachment]>? = try db.value(
            "SELECT attachments FROM intake.filings WHERE case_id = \(caseId)")
        return filed?.value ?? []
    }

    static func insertSupplement(
        _ text: String, _ attachments: [Attachment], _ change: CaseChange, at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO intake.supplements (case_id, seq, text, attachments, filed_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(text), \(JSONText(attachments)), \(now))
            """)
    }

    // MARK: Declining

    struct Decline: Sendable {
        var ground: DeclineGround
        var explanation: Essay
        var rightChannel: Note?
    }

    static func insertDecline(
        _ decline: Decline, transferred: ProposeDecline.Params.Transfer?, _ change: CaseChange, at now: Instant,
        _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO intake.declines (case_id, seq, ground, explanation, right_channel, transferred, proposed_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(decline.ground), \(decline.explanation),
                \(decline.rightChannel), \(transferred.map(JSONText.init)), \(now))
            """)
    }

    static func lastDecline(of caseId: Int64, _ db: Connection) throws -> Decline? {
        try db.row(
            """
            SELECT ground, explanation, right_channel
            FROM intake.declines
            WHERE case_id = \(caseId)
            ORDER BY seq DESC
            LIMIT 1
            """
        ) {
            Decline(ground: try $0["ground"], explanation: try $0["explanation"], rightChannel: try $0["right_channel"])
        }
    }

    // MARK: Answers

    static func noteAnswer(_ caseId: Int64, version: Int, at now: Instant, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO intake.answers (case_id, version, answered_at)
            VALUES (\(caseId), \(version), \(now))
            ON CONFLICT DO NOTHING
            """)
    }
}
