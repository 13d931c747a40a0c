import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// The SQL of registrations, of one message or of many.
enum RegistrationStore {
    /// A message that may be registered together with others.
    struct Candidate: Sendable {
        /// Its place in the group.
        var index: Int
        var channel: ChannelCode
        var externalId: ExternalID
        var textDigest: [UInt8]
        /// See `Repeats.digests`.
        var matter: [[UInt8]]
        var request: WorkRequest
    }

    /// A candidate whose message is now this transaction's.
    struct Claimed: Sendable {
        /// Among the candidates.
        var place: Int
        var caseId: Int64
        /// The case that is over and was on the same matter.
        var related: CaseNumber?
    }

    /// Takes the external ids of new messages for new cases, in one round trip. Left out, and nothing is written of them:
    /// messages that are known, keys that have been used, petitioners who wrote on the matter before.
    ///
    /// Locks are taken in one order by all: petitioners' first, then external ids in theirs.
    ///
    /// - Throws: `.lockTimeout` while another transaction registers one of them.
    static func claim(_ candidates: [Candidate], _ work: GroupWork) throws -> [Claimed] {
        guard !candidates.isEmpty else { return [] }
        let texts = Array(Set(candidates.map { $0.matter[0] }))
        let lock = MatterStore.lock(candidates.map(\.matter)).map { [$0] } ?? []
        let answers = try work.ask(lock + [claim(candidates, at: work.now), MatterStore.known(texts)]).suffix(2)
        let matches = try MatterStore.matches(answers[answers.endIndex - 1], work.db) { _ in false }
        let places = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, $0 + 1) })
        let limits = try work.currentBook().limits
        return try answers[answers.startIndex].map { row in
            let place: Int = try row["place"]
            let others = places[candidates[place].matter[0]].flatMap { matches[$0] } ?? []
            return Claimed(
                place: place, caseId: try row["case_id"],
                related: Rules.relation(to: others, limits, at: work.now).related)
        }
    }

    private static func claim(_ candidates: [Candidate], at now: Instant) -> SQL {
        """
        WITH fresh AS (
            SELECT i.*, \(CaseNumber.id(0, registeredOn: now.day))::bigint + nextval('ledger.case_running') AS case_id
            FROM unnest(
                \(column: candidates.map(\.channel))::text[], \(column: candidates.map(\.externalId))::text[],
                \(column: candidates.map(\.textDigest))::bytea[],
                \(column: candidates.map(\.request.caller.clientId))::bigint[],
                \(column: candidates.map { $0.request.key?.text })::text[],
                \(column: candidates.map { $0.matter.dropFirst().first })::bytea[],
                \(column: candidates.map { $0.matter.dropFirst(2).first })::bytea[]
            ) WITH ORDINALITY AS i (channel, external_id, text_digest, client_id, key, owner, other_owner, place)
            WHERE (SELECT true FROM ledger.idempotency_keys k WHERE k.client_id = i.client_id AND k.key = i.key) IS NULL
                AND (SELECT true FROM intake.matters m WHERE m.digest = i.owner LIMIT 1) IS NULL
                AND (SELECT true FROM intake.matters m WHERE m.digest = i.other_owner LIMIT 1) IS NULL
            ORDER BY i.place
        ), claimed AS (
            INSERT INTO ledger.natural_keys (channel, external_id, case_id, text_digest)
            SELECT channel, external_id, case_id, text_digest
            FROM fresh
            ORDER BY channel, external_id
            ON CONFLICT DO NOTHING
            RETURNING case_id
        )
        SELECT fresh.place - 1 AS place, fresh.case_id
        FROM fresh
        JOIN claimed USING (case_id)
        ORDER BY fresh.place
        """
    }

    /// Locks the messages that are known already, in the order in which everybody locks them: two batches that hold the
    /// same ones in another order wait for one another, and do not stand in each other's way.
    static func lockKnown(_ messages: [(channel: ChannelCode, externalId: ExternalID)], _ db: Connection) throws {
        guard messages.count > 1 else { return }
        try db.execute(
            """
            SELECT 1
            FROM ledger.natural_keys
            WHERE (channel, external_id) IN (
                SELECT channel, external_id
                FROM unnest(
                    \(column: messages.map(\.channel))::text[], \(column: messages.map(\.externalId))::text[]
                ) AS known (channel, external_id))
            ORDER BY channel, external_id
            FOR UPDATE
            """)
    }

    /// What is written of new cases beside the ledger's own rows.
    struct Parts {
        private var petitioners: [(caseId: Int64, sealed: [UInt8], phone: [UInt8]?, account: [UInt8]?)] = []
        private var filings: [(caseId: Int64, filing: Store.Filing)] = []
        private var matters: [(caseId: Int64, digests: [[UInt8]])] = []

        /// - Parameter matter: what is still to be filed of it.
        mutating func add(
            _ filing: Store.Filing, _ petitioner: Petitioner?, matter: [[UInt8]] = [], of number: CaseNumber, id: Int64,
            _ secrets: Secrets
        ) throws {
            if let petitioner, !petitioner.isAnonymous {
                petitioners.append(
                    (
                        id, try secrets.seal(try JSONWriter.encode(petitioner), for: number),
                        petitioner.phone.map { secrets.index(Masking.folded($0.text), kind: "phone") },
                        petitioner.account.map { secrets.index($0.text, kind: "account") }
                    ))
            }
            if !filing.isEmpty { filings.append((id, filing)) }
            if !matter.isEmpty { matters.append((id, matter)) }
        }

        var insert: [SQL] {
            (petitioners.isEmpty ? [] : [insertPetitioners]) + (filings.isEmpty ? [] : [insertFilings])
                + (matters.isEmpty ? [] : [MatterStore.insert(matters)])
        }

        func write(_ db: Connection) throws { try db.later(insert) }

        private var insertPetitioners: SQL {
            """
            INSERT INTO intake.petitioners (case_id, sealed, phone_index, account_index)
            SELECT new.*
            FROM unnest(
                \(column: petitioners.map(\.caseId))::bigint[], \(column: petitioners.map(\.sealed))::bytea[],
                \(column: petitioners.map(\.phone))::bytea[], \(column: petitioners.map(\.account))::bytea[]
            ) AS new (case_id, sealed, phone_index, account_index)
            """
        }

        private var insertFilings: SQL {
            """
            INSERT INTO intake.filings (case_id, address, latitude, longitude, posted_at, captured_at, attachments)
            SELECT new.*
            FROM unnest(
                \(column: filings.map(\.caseId))::bigint[], \(column: filings.map(\.filing.address))::text[],
                \(column: filings.map(\.filing.latitude))::text[], \(column: filings.map(\.filing.longitude))::text[],
                \(column: filings.map(\.filing.postedAt))::timestamptz[],
                \(column: filings.map(\.filing.capturedAt))::timestamptz[],
                \(column: filings.map { JSONText($0.filing.attachments) })::jsonb[]
            ) AS new (case_id, address, latitude, longitude, posted_at, captured_at, attachments)
            """
        }
    }
}
