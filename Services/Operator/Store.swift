import Domain
import Ledger
import Postgres
import ServiceKit

/// The only SQL of the operator's command. It runs as the database's owner.
enum Store {
    // MARK: Programs

    /// Gives a program's database role its password, and lets nothing of it be logged.
    static func setPassword(_ password: String, of service: String, _ db: Connection) throws {
        try db.execute(
            """
            SELECT set_config('log_statement', 'none', true), set_config('log_min_error_statement', 'panic', true),
                set_config('log_min_duration_statement', '-1', true)
            FROM pg_roles
            WHERE rolname = current_user AND rolsuper
            """)
        // No value can be bound here; both are names and digits of our own.
        try db.execute("ALTER ROLE \(raw: "renling_\(service)") PASSWORD '\(raw: password)'")
    }

    /// One at a time, until the transaction ends: a session may be another's afterwards (PgBouncer).
    static func lockMigration(_ db: Connection) throws {
        try db.execute("SELECT pg_advisory_xact_lock(hashtextextended('renling.migrate', 0))")
    }

    // MARK: Clients

    struct Client: Sendable {
        var name: String
        var role: Role
        var unit: UnitID?
        var channels: [ChannelCode]
        var division: DivisionCode?
        var ratePerSecond: Int?
        var isRevoked: Bool
        /// A day, in the server's time zone.
        var createdOn: String
    }

    /// All clients, the programs' own left out; at most 10,000.
    static func clients(_ db: Connection) throws -> [Client] {
        try db.rows(
            """
            SELECT name, role, unit_id, channels, division_code, rate_per_second, revoked_at IS NOT NULL AS revoked,
                created_at::date::text AS created_on
            FROM ledger.clients
            WHERE role <> 'service'
            ORDER BY role, name
            LIMIT 10000
            """
        ) { row in
            Client(
                name: try row["name"], role: try row["role"], unit: try row["unit_id"], channels: try row["channels"],
                division: try row["division_code"], ratePerSecond: try row["rate_per_second"],
                isRevoked: try row["revoked"], createdOn: try row["created_on"])
        }
    }

    static func hasClient(named name: String, _ db: Connection) throws -> Bool {
        try db.value("SELECT EXISTS (SELECT FROM ledger.clients WHERE name = \(name))")
    }

    static func hasClient(named name: String, tokenDigest: [UInt8], _ db: Connection) throws -> Bool {
        try db.value(
            "SELECT EXISTS (SELECT FROM ledger.clients WHERE name = \(name) AND token_sha256 = \(tokenDigest))")
    }

    /// - Returns: whether there was such a client.
    static func revoke(_ name: String, _ db: Connection) throws -> Bool {
        try db.execute(
            """
            UPDATE ledger.clients
            SET revoked_at = COALESCE(revoked_at, now())
            WHERE name = \(name) AND role <> 'service'
            """) == 1
    }

    // MARK: Demo

    /// Which database this is, so that another one is not taken for it.
    static func identity(_ db: Connection) throws -> String {
        try db.value(
            """
            SELECT system_identifier::text || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
            FROM pg_control_system()
            """)
    }

    /// Parents come before what lies in them.
    static func save(_ divisions: [Demo.Division], _ db: Connection) throws {
        for division in divisions {
            try db.execute(
                """
                INSERT INTO ledger.divisions (code, name, parent)
                VALUES (\(division.code), \(division.name), \(division.parent))
                ON CONFLICT (code) DO UPDATE
                SET name = excluded.name, parent = excluded.parent
                """)
        }
    }

    // MARK: Doctor

    /// The components whose migrations have been applied, with their number.
    static func migrations(_ db: Connection) throws -> [String: Int] {
        guard try db.value("SELECT to_regclass('public.schema_migrations') IS NOT NULL") else { return [:] }
        let rows = try db.rows(
            "SELECT component, count(*)::int AS count FROM public.schema_migrations GROUP BY component LIMIT 100"
        ) { (try $0["component"] as String, try $0["count"] as Int) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// How many months from the present one on have partitions, without a gap.
    static func monthsAhead(_ db: Connection) throws -> Int {
        let made = try db.rows(
            """
            SELECT to_regclass('ledger.cases_' || to_char(month, 'YYYY')) IS NOT NULL
                AND to_regclass('ledger.inbox_' || to_char(month, 'YYYYMM')) IS NOT NULL AS made
            FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '36 months',
                interval '1 month') AS month
            """
        ) { try $0["made"] as Bool }
        return made.firstIndex(of: false) ?? made.count
    }

    struct Outbox: Sendable {
        var pending: Int
        var dead: Int
        var oldestSeconds: Int
    }

    /// Counted up to 100,000 rows.
    static func outbox(_ db: Connection) throws -> Outbox {
        try db.one(
            """
            SELECT count(*) FILTER (WHERE dead_reason IS NULL)::int AS pending,
                count(*) FILTER (WHERE dead_reason IS NOT NULL)::int AS dead,
                COALESCE(extract(epoch FROM now() - min(created_at) FILTER (WHERE dead_reason IS NULL)), 0)::int AS oldest
            FROM (SELECT dead_reason, created_at FROM ledger.outbox LIMIT 100000) AS rows
            """
        ) { Outbox(pending: try $0["pending"], dead: try $0["dead"], oldestSeconds: try $0["oldest"]) }
    }
}
