/// One step of a schema, from a file: its name without the ending, `001_cases`, and its text.
public struct Migration: Sendable, Equatable {
    public var name: String
    public var sql: String

    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// Brings the schema of one component forward, never back.
///
/// What has been applied is kept in `public.schema_migrations`, a row per migration with the SHA-256 of its text. Each
/// migration runs in a transaction of its own together with its row, under an advisory lock of that transaction, so two
/// migrators may run at once and each step is done by one of them. Names sort in the order they are to be applied.
///
/// Refused, before anything runs: a text that has changed since it was applied; an applied migration that is
/// missing from the list, unless it is newer than all of the list (a later version has been here and may run beside
/// this one); a new migration that sorts before an applied one.
public struct Migrator: Sendable {
    private let component: String
    private let migrations: [Migration]

    /// - Parameter migrations: names in ascending order.
    public init(component: String, _ migrations: [Migration]) {
        precondition(zip(migrations, migrations.dropFirst()).allSatisfy { $0.name < $1.name }, "names must ascend")
        self.component = component
        self.migrations = migrations
    }

    /// Applies what is missing, as the owner of the schema, outside a transaction.
    ///
    /// - Returns: the names of those applied by this call.
    /// - Throws: `.other` when the list contradicts what has been applied; what a migration's statements throw.
    @discardableResult
    public func apply(on db: Connection) throws -> [String] {
        var applied: [String] = []
        while let name = try db.transaction(.readWrite, applyNext) { applied.append(name) }
        return applied
    }

    /// `nil` when nothing is missing.
    private func applyNext(_ db: Connection) throws -> String? {
        // Another migrator may take long, and so may a step of this one; a lock that a step needs may not.
        try db.script("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
        try db.execute("SELECT pg_advisory_xact_lock(hashtextextended('renling.schema_migrations', 0))")
        try db.script("SET LOCAL lock_timeout TO DEFAULT")
        try createTable(db)
        guard let migration = try firstMissing(db) else { return nil }
        try record(migration, db)
        let transaction: String = try db.value("SELECT pg_current_xact_id()::text")
        try db.script(migration.sql)
        guard transaction == (try db.value("SELECT pg_current_xact_id_if_assigned()::text") as String?) else {
            throw refusal(migration.name, "contains BEGIN, COMMIT or ROLLBACK")
        }
        return migration.name
    }

    private func createTable(_ db: Connection) throws {
        guard try db.value("SELECT to_regclass('public.schema_migrations') IS NULL") else { return }
        try db.script(
            """
            CREATE TABLE public.schema_migrations (
                component  text NOT NULL,
                name       text NOT NULL,
                checksum   text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                CONSTRAINT schema_migrations_pkey PRIMARY KEY (component, name)
            );
            COMMENT ON COLUMN public.schema_migrations.checksum IS 'SHA-256 of the file in UTF-8, hexadecimal';
            """)
    }

    private func record(_ migration: Migration, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO public.schema_migrations (component, name, checksum)
            VALUES (\(component), \(migration.name), encode(sha256(convert_to(\(migration.sql), 'UTF8')), 'hex'))
            """)
    }

    private func firstMissing(_ db: Connection) throws -> Migration? {
        let changed = try changedSinceApplied(db)
        if let name = changed.first { throw refusal(name, "has been changed since it was applied") }
        let applied = try db.rows(
            "SELECT name FROM public.schema_migrations WHERE component = \(component) ORDER BY name COLLATE \"C\""
        ) { row -> String in try row["name"] }
        let listed = migrations.map(\.name)
        if let last = listed.last, let name = applied.first(where: { $0 < last && !listed.contains($0) }) {
            throw refusal(name, "has been applied and is missing from the list")
        }
        guard let missing = migrations.first(where: { !applied.contains($0.name) }) else { return nil }
        if let later = applied.last(where: { $0 > missing.name }) {
            throw refusal(missing.name, "is new and sorts before \(later), which has been applied")
        }
        return missing
    }

    private func changedSinceApplied(_ db: Connection) throws -> [String] {
        try db.rows(
            """
            SELECT file.name
            FROM unnest(\(migrations.map(\.name))::text[], \(migrations.map(\.sql))::text[]) AS file(name, sql)
            JOIN public.schema_migrations AS applied ON applied.component = \(component) AND applied.name = file.name
            WHERE applied.checksum <> encode(sha256(convert_to(file.sql, 'UTF8')), 'hex')
            ORDER BY file.name COLLATE "C"
            """
        ) { row -> String in try row["name"] }
    }

    private func refusal(_ name: String, _ reason: String) -> PostgresError {
        PostgresError(.other, "migration \(component)/\(name) \(reason)")
    }
}
