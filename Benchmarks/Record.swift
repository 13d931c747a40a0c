import Postgres

/// What the database says a stretch has written.
struct Record: Sendable {
    let database: ConnectionString
    /// The upper six digits of the case ids of this month.
    var month = 0

    /// The rows of a case that was registered under that external id and key.
    func sample(_ externalId: String) async throws -> Sample {
        try await Connection.open(database) { try Sample(externalId: externalId, $0) }
    }

    /// Waits until no event is on its way.
    func settle() async throws {
        for _ in 0..<100 {
            let pending = try await Connection.open(database) { db -> Int in
                try db.value("SELECT count(*) FROM ledger.outbox")
            }
            if pending == 0 { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure("the outbox does not become empty")
    }

    /// The case id after which the next ones follow.
    func mark() async throws -> Int {
        try await Connection.open(database) { [month] db in
            let running: Int = try db.value("SELECT last_value FROM ledger.case_running")
            return month * 1_000_000_000 + running
        }
    }

    /// - Throws: `Failure` unless there are as many new cases as successful replies.
    ///
    /// - Parameter status: of all of them; `nil` for any.
    func check(_ what: String, _ stretch: Stretch, after mark: Int, status: String? = nil) async throws {
        let cases = try await Connection.open(database) { db -> Int in
            try db.value(
                "SELECT count(*) FROM ledger.cases WHERE case_id > \(mark) AND status = coalesce(\(status), status)")
        }
        guard cases == stretch.replies else {
            throw Failure("\(what): \(stretch.replies) replies and \(cases) new cases")
        }
    }

    /// The rows of a whole load, table by table.
    ///
    /// - Returns: bytes in a case's rows, on average.
    /// - Throws: `Failure` unless each table has the rows that a reply should have made.
    func bytesPerCase(_ what: String, _ stretch: Stretch, run: String, after mark: Int) async throws -> Int {
        let tables: [(String, SQL, rowsPerCase: Int)] = [
            ("ledger.cases", "case_id > \(mark)", 1), ("ledger.timeline", "case_id > \(mark)", 1),
            ("ledger.clock_facts", "case_id > \(mark)", 1), ("intake.petitioners", "case_id > \(mark)", 1),
            ("intake.matters", "case_id > \(mark)", 2),
            ("ledger.natural_keys", "external_id LIKE \(run + "-%")", 1),
            ("ledger.idempotency_keys", "key LIKE \("c:" + run + "-%")", 1),
        ]
        return try await Connection.open(database) { db in
            var bytes = 0
            for (table, isNew, rowsPerCase) in tables {
                let (rows, size) = try db.one(
                    """
                    SELECT count(*) AS rows, coalesce(sum(pg_column_size(t.*)), 0) AS bytes
                    FROM \(raw: table) t
                    WHERE \(sql: isNew)
                    """
                ) { (try $0["rows"] as Int, try $0["bytes"] as Int) }
                guard rows == stretch.replies * rowsPerCase else {
                    throw Failure("\(what): \(stretch.replies) replies, but \(rows) rows in \(table)")
                }
                bytes += size
            }
            return bytes / max(1, stretch.replies)
        }
    }

    /// What a step wrote for as many cases of ours and of pgbench's, table by table.
    ///
    /// - Throws: `Failure` unless pgbench's cases are as far, with as many rows, and as many bytes to 5 %.
    func compare(_ step: Step, _ trace: [Trace.Statement], _ ours: Int, _ theirs: Int, count: Int) async throws {
        let tables = Set(trace.compactMap { $0.text.firstMatch(of: /^(?:INSERT INTO|UPDATE) (\w+\.\w+)/)?.output.1 })
        try await Connection.open(database) { db in
            for table in tables where table != "ledger.outbox" {
                let (own, other) = (try size(table, ours, count, db), try size(table, theirs, count, db))
                guard own.rows == other.rows, own.rows > 0, abs(own.bytes - other.bytes) * 100 <= own.bytes * 5 else {
                    throw Failure("\(step.rawValue): pgbench wrote \(other) to \(table), we \(own)")
                }
            }
            for first in [ours, theirs] {
                let last = first + count - 1
                let done: Int = try db.value(
                    """
                    SELECT count(*)
                    FROM ledger.cases
                    WHERE case_id BETWEEN \(first) AND \(last) AND version = \(step.version)
                    """)
                guard done == count else { throw Failure("\(step.rawValue): \(done) of \(count) cases were taken") }
            }
        }
    }

    private func size(
        _ table: Substring, _ first: Int, _ count: Int, _ db: Connection
    ) throws -> (rows: Int, bytes: Int) {
        let last = first + count - 1
        let isOne: SQL =
            table == "ledger.idempotency_keys"
            ? "replace(right(key, 16), '-', '') BETWEEN \(String(first)) AND \(String(last))"
            : "case_id BETWEEN \(first) AND \(last)"
        return try db.one(
            """
            SELECT count(*) AS rows, coalesce(sum(pg_column_size(t.*)), 0) AS bytes
            FROM \(raw: String(table)) t
            WHERE \(sql: isOne)
            """
        ) { (try $0["rows"] as Int, try $0["bytes"] as Int) }
    }

    /// Takes out what pgbench left in the outbox.
    func dropEvents(_ cases: Range<Int>, expected: Int) async throws {
        let gone = try await Connection.open(database) { db -> Int in
            try db.execute(
                "DELETE FROM ledger.outbox WHERE case_id BETWEEN \(cases.lowerBound) AND \(cases.upperBound - 1)")
        }
        guard gone == expected else { throw Failure("pgbench left \(gone) events instead of \(expected)") }
    }
}
