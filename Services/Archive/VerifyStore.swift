import Domain
import Ledger
import Postgres

/// The SQL that lays files and catalogue side by side.
enum VerifyStore {
    static let pairsAtOnce = 100

    /// A file and its line in the catalogue; either may have been taken away.
    struct Pair: Sendable {
        var position: Int64
        var caseNumber: CaseNumber
        var day: Day
        var document: String?
        /// The digest beside the document, and the one in the catalogue.
        var filed: [UInt8]?
        var listed: [UInt8]?
        /// Both speak of the same case and day.
        var isOne: Bool
    }

    private static let columns: SQL = """
        position, coalesce(f.case_id, k.case_id) AS case_id, coalesce(k.day, f.day) AS day, f.document, f.sha256 AS filed,
        k.sha256 AS listed, coalesce(k.case_id = f.case_id AND k.day = f.day, false) AS is_one
        """

    /// Of a day, the first behind a position: at most `pairsAtOnce`. Each side's first so many hold all of them.
    static func pairs(of day: Day, after position: Int64, _ db: Connection) throws -> [Pair] {
        try db.rows(
            """
            SELECT \(sql: columns)
            FROM (
                SELECT position, case_id, day, sha256
                FROM archive.catalogue
                WHERE day = \(day) AND position > \(position)
                ORDER BY position
                LIMIT \(pairsAtOnce)
            ) AS k
            FULL JOIN (
                SELECT position, case_id, day, sha256, document
                FROM archive.files
                WHERE day = \(day) AND position > \(position)
                ORDER BY position
                LIMIT \(pairsAtOnce)
            ) AS f USING (position)
            ORDER BY position
            LIMIT \(pairsAtOnce)
            """, read)
    }

    static func pair(of number: CaseNumber, _ db: Connection) throws -> Pair? {
        try db.row(
            """
            SELECT \(sql: columns)
            FROM (SELECT position, case_id, day, sha256 FROM archive.catalogue WHERE case_id = \(number.id)) AS k
            FULL JOIN (SELECT position, case_id, day, sha256, document FROM archive.files WHERE case_id = \(number.id)) AS f
                USING (position)
            ORDER BY position
            LIMIT 1
            """, read)
    }

    /// The first day from `day` on of which anything is on file: a file, a line in the catalogue, a root.
    static func day(from day: Day, upTo last: Day, _ db: Connection) throws -> Day? {
        try db.value(
            """
            SELECT least(
                (SELECT min(day) FROM archive.files WHERE day >= \(day) AND day <= \(last)),
                (SELECT min(day) FROM archive.catalogue WHERE day >= \(day) AND day <= \(last)),
                (SELECT min(day) FROM archive.roots WHERE day >= \(day) AND day <= \(last)))
            """)
    }

    /// The last position before a day; 0 when there is none.
    static func lastPosition(before day: Day, _ db: Connection) throws -> Int64 {
        try db.value(
            """
            SELECT coalesce(greatest(
                (SELECT position FROM archive.files WHERE day < \(day) ORDER BY day DESC, position DESC LIMIT 1),
                (SELECT position FROM archive.catalogue WHERE day < \(day) ORDER BY day DESC, position DESC LIMIT 1)), 0)
            """)
    }

    static func neighbour(after position: Int64, _ db: Connection) throws -> (caseNumber: CaseNumber, position: Int64)?
    {
        try db.row(
            """
            SELECT case_id, position FROM (
                (SELECT case_id, position FROM archive.files WHERE position > \(position) ORDER BY position LIMIT 1)
                UNION ALL
                (SELECT case_id, position FROM archive.catalogue WHERE position > \(position) ORDER BY position LIMIT 1)
            ) AS next
            ORDER BY position
            LIMIT 1
            """
        ) { (caseNumber: CaseNumber(id: try $0["case_id"]), position: try $0["position"]) }
    }

    /// The last up to a position.
    static func neighbour(before position: Int64, _ db: Connection) throws -> (caseNumber: CaseNumber, position: Int64)?
    {
        try db.row(
            """
            SELECT case_id, position FROM (
                (SELECT case_id, position FROM archive.files WHERE position <= \(position) ORDER BY position DESC LIMIT 1)
                UNION ALL
                (SELECT case_id, position FROM archive.catalogue
                WHERE position <= \(position) ORDER BY position DESC LIMIT 1)
            ) AS last
            ORDER BY position DESC
            LIMIT 1
            """
        ) { (caseNumber: CaseNumber(id: try $0["case_id"]), position: try $0["position"]) }
    }

    private static func read(_ row: borrowing Row) throws -> Pair {
        Pair(
            position: try row["position"], caseNumber: CaseNumber(id: try row["case_id"]), day: try row["day"],
            document: try row["document"], filed: try row["filed"], listed: try row["listed"],
            isOne: try row["is_one"])
    }
}
