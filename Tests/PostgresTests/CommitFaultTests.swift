import Glibc
import Postgres
import Synchronization
import Testing

/// What happens around COMMIT when the standby or the server is gone. Each test has a server of its own, whose
/// synchronous standby does not exist, so that a COMMIT that asks for it waits.
@Suite(.serialized, .enabled(if: PrivateCluster.isPossible, PrivateCluster.absence))
struct CommitFaultTests {
    private static let ghost = "-c synchronous_standby_names=ghost -c synchronous_commit=local"

    private func withGhost(_ body: (Database, Database) async throws -> Void) async throws {
        try await PrivateCluster.with(Self.ghost) { cluster in
            let database = Database(
                cluster.connectionString, connections: 1,
                unsafeAllowed: ["fsync", "full_page_writes", "synchronous_commit"])
            let admin = Database(
                cluster.connectionString, connections: 1, applicationName: "admin",
                unsafeAllowed: ["fsync", "full_page_writes", "synchronous_commit"])
            try await admin.transaction { try $0.execute("CREATE TABLE t (n integer)") }
            try await body(database, admin)
            await database.close()
            await admin.close()
        }
    }

    /// A transaction whose COMMIT waits for the standby; `inOneFlush`: it travels with the other statements.
    private func insert(
        _ n: Int, _ database: Database, deadline: ContinuousClock.Instant? = nil, inOneFlush: Bool = false
    ) async throws {
        let statements: [SQL] = ["SET LOCAL synchronous_commit = on", "INSERT INTO t VALUES (\(n))"]
        try await database.transaction(patience: .init(deadline: deadline)) { db in
            if inOneFlush {
                _ = try db.finish(statements)
            } else {
                for statement in statements { try db.execute(statement) }
            }
        }
    }

    /// Waits until a backend waits for the standby, and sends it a signal with `function`.
    private func signalWaiting(_ function: String, _ admin: Database) async throws {
        let giveUp = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < giveUp {
            let signalled: [Void] = try await admin.read { db in
                try db.rows("SELECT \(raw: function)(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") { _ in }
            }
            if !signalled.isEmpty { return }
        }
        Issue.record("no COMMIT waits for the standby")
    }

    private func numbers(_ admin: Database) async throws -> [Int] {
        try await admin.read { db in try db.rows("SELECT n FROM t ORDER BY n") { try $0[0] as Int } }
    }

    @Test(arguments: ["pg_cancel_backend", "pg_terminate_backend"], [false, true])
    func aCommitWhoseWaitForTheStandbyIsEndedIsUnknown(_ function: String, inOneFlush: Bool) async throws {
        try await withGhost { database, admin in
            async let outcome = postgresError { try await insert(1, database, inOneFlush: inOneFlush) }
            try await signalWaiting(function, admin)
            let error = try await outcome
            #expect(error.code == .outcomeUnknown && !error.retryable)
            // It did take effect here, which is why it must not be called a failure.
            #expect(try await numbers(admin) == [1])
            #expect(try await database.transaction { try $0.execute("INSERT INTO t VALUES (2)") } == 1)
        }
    }

    @Test func aRunOnRequestAfterAnUnknownOutcomeFindsTheFirstOne() async throws {
        try await withGhost { database, admin in
            async let rows = database.transaction(retryUnknown: true) { db -> Int in
                // The idempotency key: the second run finds what the first one wrote.
                if let n: Int = try db.value("SELECT n FROM t") { return n }
                try db.script("SET LOCAL synchronous_commit = on")
                try db.execute("INSERT INTO t VALUES (1)")
                return 0
            }
            try await signalWaiting("pg_cancel_backend", admin)
            #expect(try await rows == 1)
            #expect(try await numbers(admin) == [1])
        }
    }

    @Test(arguments: [false, true])
    func aDeadlineDoesNotEndTheCommitButTheWaitingForIt(_ inOneFlush: Bool) async throws {
        try await withGhost { database, admin in
            let error = try await postgresError {
                try await insert(1, database, deadline: .now + .milliseconds(300), inOneFlush: inOneFlush)
            }
            #expect(error.code == .outcomeUnknown)
            #expect(database.load.idle == 0, "the lane stays with its COMMIT")
            #expect(try await numbers(admin) == [])
            async let next = database.transaction { try $0.execute("INSERT INTO t VALUES (2)") }
            try await signalWaiting("pg_cancel_backend", admin)
            #expect(try await next == 1)
            #expect(try await numbers(admin) == [1, 2])
        }
    }

    @Test func closingDoesNotWaitForACommitWithoutAnEnd() async throws {
        try await withGhost { database, _ in
            _ = try await postgresError { try await insert(1, database, deadline: .now + .milliseconds(300)) }
            await database.close()
        }
    }

    @Test func aServerThatStopsFailsCallsAndOneThatReturnsIsFound() async throws {
        try await PrivateCluster.with { cluster in
            let database = Database(
                cluster.connectionString, connections: 2,
                unsafeAllowed: ["fsync", "full_page_writes", "synchronous_commit"])
            let started: Int = try await database.read { try $0.value("SELECT pg_backend_pid()") }
            try await cluster.stop("immediate")
            let error = try await postgresError { _ = try await database.read { try $0.execute("SELECT 1") } }
            #expect(error.code == .connectionRefused)
            try await cluster.start()
            var found: Int?
            let giveUp = ContinuousClock.now + .seconds(20)
            while found == nil, ContinuousClock.now < giveUp {
                found = try? await database.read { try $0.value("SELECT pg_backend_pid()") as Int }
            }
            #expect(found != nil && found != started)
            await database.close()
        }
    }
}
