import Domain
import JSONRPC
import Ledger
import Postgres

/// The only SQL for schema `archive`; what other services keep of a case comes from their published views.
enum Store {
    struct File: Sendable {
        var caseNumber: CaseNumber
        var document: String
        var sha256: [UInt8]
        var day: Day
        var position: Int64
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
                SELECT case_id, seq, kind, paper FROM intake.papers WHERE case_id = \(caseId)
                UNION ALL
                SELECT case_id, seq, kind, paper FROM assignment.papers WHERE case_id = \(caseId)
                UNION ALL
                SELECT case_id, seq, kind, paper FROM handling.papers WHERE case_id = \(caseId)
                UNION ALL
                SELECT case_id, seq, kind, paper FROM supervision.papers WHERE case_id = \(caseId)
            ) AS papers
            ORDER BY seq, kind
            LIMIT \(papersMax + 1)
            """
        ) { row in
            Document.Paper(
                seq: try row["seq"], kind: try row["kind"], content: (try row["paper"] as JSONText<JSONValue>).value)
        }
        guard papers.count <= papersMax else { throw Refusal.notAccepted("tooManyPapers", "该件材料过多，无法归档") }
        return papers
    }

    /// Adds a file at the next position. Writers take turns until they commit, so positions have no gap. The day is never
    /// before that of the file before it, whoever's clock is behind: the files of a day are neighbours.
    static func insert(
        _ document: [UInt8], sha256: [UInt8], of caseId: Int64, at now: Instant, _ db: Connection
    ) throws -> (position: Int64, day: Day) {
        try db.execute("SELECT pg_advisory_xact_lock(hashtext('renling archive'))")
        return try db.one(
            """
            INSERT INTO archive.files (position, case_id, day, document, sha256, sealed_at)
            SELECT coalesce(max(position), 0) + 1, \(caseId)::bigint, greatest(max(day), \(now.day)::date),
                \(String(decoding: document, as: UTF8.self)), \(sha256)::bytea, \(now)::timestamptz
            FROM (SELECT position, day FROM archive.files ORDER BY position DESC LIMIT 1) AS last
            RETURNING position, day
            """
        ) { (position: try $0["position"], day: try $0["day"]) }
    }

    static func file(of caseId: Int64, _ db: Connection) throws -> File? {
        try db.row("SELECT \(sql: columns) FROM archive.files WHERE case_id = \(caseId)", read)
    }

    /// Files of a range of days by position; at most 200 after `last`.
    static func files(from: Day, to: Day, after last: Int64, _ db: Connection) throws -> [File] {
        try db.rows(
            """
            SELECT \(sql: columns)
            FROM archive.files
            WHERE day BETWEEN \(from) AND \(to) AND position > \(last)
            ORDER BY position
            LIMIT 200
            """, read)
    }

    /// The positions of the files next to these, whatever their day; `nil` where there is none.
    static func neighbours(of first: Int64, _ last: Int64, _ db: Connection) throws -> (before: Int64?, after: File?) {
        (
            before: try db.value("SELECT max(position) FROM archive.files WHERE position < \(first)"),
            after: try db.row(
                "SELECT \(sql: columns) FROM archive.files WHERE position > \(last) ORDER BY position LIMIT 1", read)
        )
    }

    static func wait(_ caseId: Int64, from day: Day, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO archive.waiting (case_id, sealable_from)
            VALUES (\(caseId), \(day))
            ON CONFLICT (case_id) DO UPDATE
            SET sealable_from = excluded.sealable_from
            """)
    }

    /// Cases that may be due to be sealed, locked; those that another instance looks at are passed over.
    ///
    /// - Returns: at most `limit`, in ascending order of their numbers.
    static func waiting(on day: Day, upTo limit: Int, _ db: Connection) throws -> [Int64] {
        try db.rows(
            """
            SELECT case_id
            FROM archive.waiting
            WHERE sealable_from <= \(day)
            ORDER BY sealable_from, case_id
            LIMIT \(limit)
            FOR UPDATE SKIP LOCKED
            """
        ) { try $0["case_id"] as Int64 }.sorted()
    }

    static func stopWaiting(_ caseId: Int64, _ db: Connection) throws {
        try db.execute("DELETE FROM archive.waiting WHERE case_id = \(caseId)")
    }

    private static let columns: SQL = "position, case_id, day, document, sha256"

    private static func read(_ row: borrowing Row) throws -> File {
        File(
            caseNumber: CaseNumber(id: try row["case_id"]), document: try row["document"], sha256: try row["sha256"],
            day: try row["day"], position: try row["position"])
    }
}
