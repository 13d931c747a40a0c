import Domain
import Ledger
import Postgres

/// The SQL for bulletins.
enum BulletinStore {
    struct Held: Sendable {
        var isPublished: Bool
        var formula: String
        /// RFC 8785 text.
        var document: String
        var sha256: [UInt8]
        var compiledAt: Instant
        var publishedAt: Instant?
    }

    static func bulletin(of month: Month, forUpdate: Bool = false, _ db: Connection) throws -> Held? {
        try db.row(
            """
            SELECT status, formula, document, sha256, compiled_at, published_at
            FROM supervision.bulletins
            WHERE month = \(month.first)
            \(sql: forUpdate ? "FOR UPDATE" : "")
            """
        ) { row in
            Held(
                isPublished: try row["status"] as String == "published", formula: try row["formula"],
                document: try row["document"], sha256: try row["sha256"], compiledAt: try row["compiled_at"],
                publishedAt: try row["published_at"])
        }
    }

    /// One at a time compiles or publishes a month.
    static func lock(_ month: Month, _ db: Connection) throws {
        try db.execute("SELECT pg_advisory_xact_lock(hashtext('renling bulletin'), \(month.first.number))")
    }

    /// Takes the rows in place of those of the draft before.
    static func replaceItems(of month: Month, by rows: SQL, _ db: Connection) throws {
        try db.execute("DELETE FROM supervision.bulletin_items WHERE month = \(month.first)")
        try db.execute(
            """
            INSERT INTO supervision.bulletin_items (month, measure, unit_id, case_id, value)
            SELECT \(month.first)::date, measure, unit_id, case_id, value
            FROM (\(sql: rows)) AS live
            """)
    }

    static func save(
        _ month: Month, formula: String, document: String, sha256: [UInt8], at now: Instant, _ db: Connection
    )
        throws
    {
        try db.execute(
            """
            INSERT INTO supervision.bulletins (month, status, formula, document, sha256, compiled_at)
            VALUES (\(month.first), 'draft', \(formula), \(document), \(sha256), \(now))
            ON CONFLICT (month) DO UPDATE
            SET formula = excluded.formula, document = excluded.document, sha256 = excluded.sha256,
                compiled_at = excluded.compiled_at
            """)
    }

    static func publish(
        _ month: Month, document: String, sha256: [UInt8], criticised: [(unit: UnitID, due: Day)], at now: Instant,
        _ db: Connection
    ) throws {
        for (unit, due) in criticised {
            try db.execute(
                """
                INSERT INTO supervision.criticisms (month, unit_id, explanation_due_on)
                VALUES (\(month.first), \(unit), \(due))
                """)
        }
        try db.execute(
            """
            UPDATE supervision.bulletins
            SET status = 'published', document = \(document), sha256 = \(sha256), published_at = \(now)
            WHERE month = \(month.first)
            """)
    }

    /// The value of a policy in effect on that day; for days before all of them the first.
    static func policy<Value: Codable & Sendable>(
        _ name: String, on day: Day, as type: Value.Type, _ db: Connection
    ) throws -> Value {
        let held: JSONText<Value>? = try db.value(
            """
            SELECT value
            FROM ledger.policies
            WHERE name = \(name)
            ORDER BY effective_from <= \(day) DESC, CASE WHEN effective_from <= \(day) THEN effective_from END DESC,
                effective_from, policy_id DESC
            LIMIT 1
            """)
        guard let held else { throw PostgresError(.decoding, "the policy \(name) is missing") }
        return held.value
    }

    struct Unit: Sendable {
        var unitId: UnitID
        var name: String
        var level: UnitLevel
    }

    /// A city has some hundreds.
    static func units(_ db: Connection) throws -> [Unit] {
        try db.rows("SELECT unit_id, name, level FROM ledger.units ORDER BY unit_id LIMIT 20000") {
            Unit(unitId: try $0["unit_id"], name: try $0["name"], level: try $0["level"])
        }
    }

    /// What was registered in the month, by `column`, the most first; the names come from `names`.
    static func shares(
        of month: Month, by column: String, names: String?, _ db: Connection
    ) throws -> [BulletinDocument.Share] {
        let name: SQL = names.map { "(SELECT n.name FROM ledger.\(raw: $0) n WHERE n.code = s.code)" } ?? "NULL"
        return try db.rows(
            """
            SELECT s.code, coalesce(\(sql: name), s.code, '未分类') AS name, s.cases
            FROM (
                SELECT \(raw: column) AS code, count(*) AS cases
                FROM ledger.cases
                WHERE \(sql: registered(in: month))
                GROUP BY \(raw: column)
            ) AS s
            ORDER BY s.cases DESC, s.code
            LIMIT \(BulletinDocument.listMax)
            """
        ) { .init(code: try $0["code"], name: try $0["name"], cases: try $0["cases"]) }
    }

    /// The day by which a unit owes an explanation to the bulletin; `nil` where that does not criticise it.
    static func explanationDue(_ month: Month, _ unit: UnitID, _ db: Connection) throws -> Day? {
        try db.value(
            """
            SELECT explanation_due_on
            FROM supervision.criticisms
            WHERE month = \(month.first) AND unit_id = \(unit)
            """)
    }

    static func registered(in month: Month, _ db: Connection) throws -> Int {
        try db.value("SELECT count(*) FROM ledger.cases WHERE \(sql: registered(in: month))")
    }

    /// The key begins with the month of registration.
    static func registered(in month: Month) -> SQL {
        """
        case_id >= \(CaseNumber.id(0, registeredOn: month.first))
            AND case_id < \(CaseNumber.id(0, registeredOn: month.next.first))
        """
    }

    /// The roots of the days of a month over the files sealed on each, as the archive publishes them.
    static func roots(of month: Month, _ db: Connection) throws -> [BulletinDocument.Root] {
        try db.rows(
            """
            SELECT day, encode(root, 'hex') AS root, files
            FROM archive.printed_roots
            WHERE day >= \(month.first)
                AND day < \(month.next.first)
            ORDER BY day
            LIMIT 31
            """
        ) { .init(day: try $0["day"], root: try $0["root"], files: try $0["files"]) }
    }
}
