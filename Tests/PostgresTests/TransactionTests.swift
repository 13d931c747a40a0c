import Dispatch
import Postgres
import Synchronization
import Testing

private struct Refusal: Error {}

@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct TransactionTests {
    private static let table = "CREATE TABLE account (id integer CONSTRAINT account_pkey PRIMARY KEY, amount integer)"

    private func withAccounts(
        connections: Int = 2, _ body: (Database, ConnectionString) async throws -> Void
    ) async throws {
        try await TestServer.withPool(connections: connections) { database, string in
            try await database.transaction { db in
                try db.execute("\(raw: Self.table)")
                try db.execute("INSERT INTO account VALUES (1, 100), (2, 100)")
            }
            try await body(database, string)
        }
    }

    private func amounts(_ database: Database) async throws -> [Int] {
        try await database.read { db in try db.rows("SELECT amount FROM account ORDER BY id") { try $0[0] as Int } }
    }

    @Test func whatTheBodyReturnsIsReturnedAndItsWritesStay() async throws {
        try await withAccounts { database, _ in
            let changed = try await database.transaction { try $0.execute("UPDATE account SET amount = 7") }
            #expect(changed == 2)
            #expect(try await amounts(database) == [7, 7])
        }
    }

    @Test func aThrowingBodyIsRolledBackAndItsErrorThrownAgain() async throws {
        try await withAccounts(connections: 1) { database, _ in
            await #expect(throws: Refusal.self) {
                try await database.transaction { db in
                    try db.execute("UPDATE account SET amount = 7")
                    throw Refusal()
                }
            }
            let left = try await amounts(database)
            #expect(left == [100, 100])
        }
    }

    @Test func aSwallowedErrorIsNotCommitted() async throws {
        try await withAccounts { database, _ in
            let error = try await postgresError {
                try await database.transaction { db in
                    try db.execute("UPDATE account SET amount = 7")
                    _ = try? db.execute("SELECT 1 / 0")
                }
            }
            #expect(error.code == .notCommitted)
            #expect(try await amounts(database) == [100, 100])
        }
    }

    @Test func aDeferredConstraintRefusesTheCommitUnderItsName() async throws {
        try await withAccounts { database, _ in
            try await database.transaction { db in
                try db.script(
                    """
                    ALTER TABLE account ADD CONSTRAINT parent_fkey FOREIGN KEY (amount) REFERENCES account (id)
                        DEFERRABLE INITIALLY DEFERRED NOT VALID
                    """)
            }
            let error = try await postgresError {
                try await database.transaction { try $0.execute("UPDATE account SET amount = 7") }
            }
            #expect(error.code == .foreignKeyViolation && error.constraint == "parent_fkey")
            #expect(try await amounts(database) == [100, 100])
        }
    }

    @Test func aReadingCannotWrite() async throws {
        try await withAccounts { database, _ in
            let error = try await postgresError {
                try await database.read { _ = try $0.execute("UPDATE account SET amount = 7") }
            }
            #expect(error.code == .readOnly)
        }
    }

    @Test func aBodyWithoutStatementsSucceeds() async throws {
        try await withAccounts { database, _ in
            let five = try await database.transaction { _ in 5 }
            #expect(five == 5)
        }
    }

    @Test func aSerializationFailureIsTriedAgain() async throws {
        try await withAccounts { database, _ in
            let meeting = Meeting()
            let runs = Counter()
            // Each reads the sum and changes one account: one of them must run again, and then sees the other's change.
            @Sendable func withdraw(_ id: Int) async throws {
                try await database.transaction { db in
                    _ = runs.next()
                    try db.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
                    let sum: Int = try db.value("SELECT sum(amount) FROM account")
                    meeting.attend(id)
                    try db.execute("UPDATE account SET amount = \(sum) WHERE id = \(id)")
                }
            }
            async let first: Void = withdraw(1)
            async let second: Void = withdraw(2)
            _ = try await (first, second)
            #expect(runs.count >= 3)
            #expect(try await amounts(database).sorted() == [200, 300])
        }
    }

    @Test func twoUpdatesThatDeadlockBothFinish() async throws {
        try await withAccounts { database, _ in
            let meeting = Meeting()
            let runs = Counter()
            @Sendable func update(_ ids: [Int]) async throws {
                try await database.transaction { db in
                    _ = runs.next()
                    try db.script("SET LOCAL deadlock_timeout = '10ms'")
                    try db.execute("UPDATE account SET amount = amount + 1 WHERE id = \(ids[0])")
                    meeting.attend(ids[0])
                    try db.execute("UPDATE account SET amount = amount + 1 WHERE id = \(ids[1])")
                }
            }
            async let first: Void = update([1, 2])
            async let second: Void = update([2, 1])
            _ = try await (first, second)
            #expect(runs.count >= 3)
            #expect(try await amounts(database) == [102, 102])
        }
    }

    @Test func aConnectionKilledInTheMiddleIsReplacedAndTheBodyRunsAgain() async throws {
        try await withAccounts { database, string in
            let runs = Counter()
            try await database.transaction { db in
                let run = runs.next()
                try db.execute("UPDATE account SET amount = amount + 1")
                if run == 1 { try kill(db, string) }
                try db.execute("UPDATE account SET amount = amount + 1")
            }
            #expect(runs.count == 2)
            #expect(try await amounts(database) == [102, 102])
        }
    }

    @Test func aConnectionKilledJustBeforeCommitIsKnownNotToHaveCommitted() async throws {
        try await withAccounts { database, string in
            let runs = Counter()
            try await database.transaction { db in
                let run = runs.next()
                try db.execute("UPDATE account SET amount = amount + 1")
                if run == 1 { try kill(db, string) }
            }
            #expect(runs.count == 2)
            #expect(try await amounts(database) == [101, 101])
        }
    }

    @Test func aConnectionKilledWhileIdleIsReplacedUnnoticed() async throws {
        try await withAccounts(connections: 1) { database, string in
            let runs = Counter()
            let pid: Int = try await database.read { try $0.value("SELECT pg_backend_pid()") }
            try await Connection.open(string) { try terminate(pid, $0) }
            let other: Int = try await database.transaction { db in
                _ = runs.next()
                return try db.value("SELECT pg_backend_pid()")
            }
            #expect(other != pid && runs.count == 1)
        }
    }

    @Test func aServerFoundReadOnlyIsLeftForANewConnection() async throws {
        try await withAccounts { database, _ in
            let runs = Counter()
            let pids = Mutex<Set<Int>>([])
            try await database.transaction { db in
                let pid: Int = try db.value("SELECT pg_backend_pid()")
                _ = pids.withLock { $0.insert(pid) }
                if runs.next() == 1 { try db.execute("SET TRANSACTION READ ONLY") }
                try db.execute("UPDATE account SET amount = amount + 1")
            }
            #expect(runs.count == 2 && pids.withLock { $0.count } == 2)
            #expect(try await amounts(database) == [101, 101])
        }
    }

    @Test func aConnectionKilledEveryTimeIsGivenUp() async throws {
        try await withAccounts { database, string in
            let runs = Counter()
            let error = try await postgresError {
                try await database.transaction { db in
                    _ = runs.next()
                    try db.execute("UPDATE account SET amount = amount + 1")
                    try kill(db, string)
                    try db.execute("SELECT 1")
                }
            }
            #expect([.connectionLost, .adminShutdown].contains(error.code) && error.retryable)
            #expect(runs.count == 4)
            #expect(try await amounts(database) == [100, 100])
        }
    }

    @Test func anOutcomeTheServerDoubtsIsUnknownAndRunsAgainOnlyOnRequest() async throws {
        try await withAccounts { database, _ in
            try await database.transaction { db in
                try db.script(
                    """
                    CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN IF NEW.amount = 7 THEN RAISE WARNING 'doubt'; END IF; RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER account_warn AFTER UPDATE ON account
                        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn();
                    """)
            }
            let error = try await postgresError {
                try await database.transaction { try $0.execute("UPDATE account SET amount = 7") }
            }
            #expect(error.code == .outcomeUnknown && !error.retryable)
            let runs = Counter()
            try await database.transaction(retryUnknown: true) { db in
                let run = runs.next()
                try db.execute("UPDATE account SET amount = \(run == 1 ? 7 : 8)")
            }
            #expect(runs.count == 2)
            #expect(try await amounts(database) == [8, 8])
        }
    }
}

/// Ends the backend of `db` and returns when it is gone.
private func kill(_ db: Connection, _ string: ConnectionString) throws {
    try terminate(db.value("SELECT pg_backend_pid()"), Connection(string))
}

private func terminate(_ pid: Int, _ admin: Connection) throws {
    let isGone: Bool = try admin.value("SELECT pg_terminate_backend(\(pid), 10000)")
    try #require(isGone)
}

/// Two first runs wait for each other, on their connections' own threads; later runs pass.
private final class Meeting: Sendable {
    private let attended = Mutex<Set<Int>>([])
    private let both = DispatchGroup()

    init() {
        both.enter()
        both.enter()
    }

    func attend(_ who: Int) {
        if attended.withLock({ $0.insert(who).inserted }) { both.leave() }
        both.wait()
    }
}
