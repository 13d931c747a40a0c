import Domain
import JSONRPC
import Ledger
import Postgres

/// The only SQL for schema `archive`; what other services keep of a case comes from their published views.
enum Store {
    struct File: Sendable {
        var document: String
        var sha256: [UInt8]
        var day: Day
        var position: Int64
        /// `nil` only where its line in the catalogue was taken away.
        var retention: Retention?
        var keepUntil: Day?
    }

    static let papersMax = 10_000

    /// The papers of a case, in the order of their timeline entries.
    ///
    /// - Throws: `.notAccepted` when there are more than `papersMax`: a file is whole or it is not sealed.
    static func papers(of caseId: Int64, _ db: Connection) throws -> [Document.Paper] {
        let papers = try db.rows(
            """
            SELECT seq, kind, paper
            FROM (
                SELECT seq, kind, paper, 0 AS place FROM intake.papers WHERE case_id = \(caseId)
                UNION ALL
                SELECT seq, kind, paper, 0 FROM assignment.papers WHERE case_id = \(caseId)
                UNION ALL
                SELECT seq, kind, paper, 0 FROM handling.papers WHERE case_id = \(caseId)
                UNION ALL
                SELECT seq, kind, paper, place FROM supervision.papers WHERE case_id = \(caseId)
            ) AS papers
            ORDER BY seq, kind, place
            LIMIT \(papersMax + 1)
            """
        ) { row in
            Document.Paper(
                seq: try row["seq"], kind: try row["kind"], content: (try row["paper"] as JSONText<JSONValue>).value)
        }
        guard papers.count <= papersMax else { throw tooManyPapers }
        return papers
    }

    /// 并件 — the cases that run with this one, in ascending order.
    ///
    /// - Throws: `.notAccepted` when there are more than `papersMax`.
    static func members(of caseId: Int64, _ db: Connection) throws -> [CaseNumber] {
        let members = try db.rows(
            "SELECT case_id FROM ledger.cases WHERE master = \(caseId) ORDER BY case_id LIMIT \(papersMax + 1)"
        ) { CaseNumber(id: try $0["case_id"]) }
        guard members.count <= papersMax else { throw tooManyPapers }
        return members
    }

    private static let tooManyPapers = Refusal.notAccepted("tooManyPapers", "该件材料过多，无法归档")

    /// Adds a file and its line in the catalogue at the next position. Writers take turns until they commit, so positions
    /// have no gap. The day is never before that of the file before it, nor one whose root is on file, whoever's clock is
    /// behind: the files of a day are neighbours, and a day that is over gets no more of them.
    ///
    /// - Parameter record: as it ended.
    static func insert(
        _ document: [UInt8], sha256: [UInt8], of record: CaseRecord, _ retention: Retention, at now: Instant,
        _ db: Connection
    ) throws -> (position: Int64, day: Day) {
        try db.execute("SELECT pg_advisory_xact_lock(hashtext('renling archive'))")
        let coUnits = record.coOrders.filter { $0.status != .withdrawn }.map(\.unitId)
        return try db.one(
            """
            WITH place AS (
                SELECT coalesce(max(position), 0) + 1 AS position,
                    greatest(max(day), \(now.day)::date, (SELECT max(day) + 1 FROM archive.roots)) AS day
                FROM (SELECT position, day FROM archive.catalogue ORDER BY position DESC LIMIT 1) AS last
            ), filed AS (
                INSERT INTO archive.files (position, case_id, day, document, sha256, sealed_at)
                SELECT position, \(record.id)::bigint, day, \(String(decoding: document, as: UTF8.self)),
                    \(sha256)::bytea, \(now)::timestamptz
                FROM place
            )
            INSERT INTO archive.catalogue (position, case_id, day, sha256, bytes, retention, keep_until, type, urgency,
                outcome, category, division_code, lead_unit_id, co_unit_ids, is_withheld)
            SELECT position, \(record.id)::bigint, day, \(sha256)::bytea, \(document.count)::int, \(retention),
                make_date(extract(year FROM day)::int + \(retention.yearCount)::int, 12, 31), \(record.type),
                \(record.urgency), \(record.status), \(record.category), \(record.divisionCode),
                \(record.leadUnitId), \(coUnits)::text[], \(record.isWithheldFromUnits)
            FROM place
            RETURNING position, day
            """
        ) { (position: try $0["position"], day: try $0["day"]) }
    }

    static func file(of caseId: Int64, _ db: Connection) throws -> File? {
        try db.row(
            """
            SELECT f.document, f.sha256, f.day, f.position, k.retention, k.keep_until
            FROM archive.files f
            LEFT JOIN archive.catalogue k ON k.case_id = f.case_id
            WHERE f.case_id = \(caseId)
            """
        ) { row in
            File(
                document: try row["document"], sha256: try row["sha256"], day: try row["day"],
                position: try row["position"], retention: try row["retention"], keepUntil: try row["keep_until"])
        }
    }

    static func wait(_ caseId: Int64, after end: Instant, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO archive.waiting (case_id, sealable_after)
            VALUES (\(caseId), \(end))
            ON CONFLICT (case_id) DO UPDATE
            SET sealable_after = excluded.sealable_after
            """)
    }

    /// Cases that may be due to be sealed, locked; those that another instance looks at are passed over.
    ///
    /// - Returns: at most `limit`, in ascending order of their numbers.
    static func waiting(at now: Instant, upTo limit: Int, _ db: Connection) throws -> [Int64] {
        try db.rows(Waiting.due(at: now, upTo: limit)) { try $0["case_id"] as Int64 }.sorted()
    }

    static func stopWaiting(_ caseId: Int64, _ db: Connection) throws {
        try db.execute("DELETE FROM archive.waiting WHERE case_id = \(caseId)")
    }
}

enum Waiting {
    static func due(at now: Instant, upTo limit: Int) -> SQL {
        """
        SELECT case_id
        FROM archive.waiting
        WHERE sealable_after < \(now)
        ORDER BY sealable_after, case_id
        LIMIT \(limit)
        FOR UPDATE SKIP LOCKED
        """
    }
}
