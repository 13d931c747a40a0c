import Postgres
import Synchronization
import Testing

@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct DatabaseTests {
    @Test func aHundredTransactionsShareFourConnections() async throws {
        try await TestServer.withPool(connections: 4) { database, string in
            try await database.transaction {
                try $0.script("CREATE TABLE total (n integer); INSERT INTO total VALUES (0)")
            }
            let pids = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await database.transaction { db in
                            try db.execute("UPDATE total SET n = n + 1")
                            return try db.value("SELECT pg_backend_pid()")
                        }
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect((1...4).contains(pids.count))
            #expect(try await database.read { try $0.value("SELECT n FROM total") as Int } == 100)
        }
    }

    @Test func aFullQueueAnswersBusyAtOnce() async throws {
        try await TestServer.withPool(connections: 1, waitingMax: 2) { database, string in
            try await withGate(string) { key, open in
                // One runs and stands at the gate, two wait, so the fourth is refused while the gate is shut.
                let refused = try await withThrowingTaskGroup(of: PostgresError?.self) { group in
                    for _ in 0..<4 { group.addTask { try await passing(key, database) } }
                    let first = try await group.next() ?? nil
                    try await open()
                    return try await group.reduce(into: [first]) { $0.append($1) }.compactMap(\.self)
                }
                #expect(refused.map(\.code) == [.busy])
            }
        }
    }

    @Test func aDeadlineEndsTheWaitingAndTheBodyDoesNotRun() async throws {
        try await TestServer.withPool(connections: 1) { database, string in
            try await withGate(string) { key, open in
                async let first = passing(key, database)
                let hasRun = Mutex(false)
                let error = try await postgresError {
                    while database.load.running == 0 { await Task.yield() }
                    try await database.transaction(patience: .init(deadline: .now + .milliseconds(30))) { _ in
                        hasRun.withLock { $0 = true }
                    }
                }
                #expect(error.code == .deadline && error.retryable)
                #expect(!hasRun.withLock { $0 })
                #expect([database.load.idle, database.load.running, database.load.waiting] == [0, 1, 0])
                try await open()
                #expect(try await first == nil)
            }
        }
    }

    @Test func aDeadlineEndsARunningStatementAndFreesTheServer() async throws {
        try await TestServer.withPool(connections: 1) { database, _ in
            let pid: Int = try await database.read { try $0.value("SELECT pg_backend_pid()") }
            let error = try await postgresError {
                try await database.transaction(patience: .init(deadline: .now + .milliseconds(30))) { db in
                    _ = try db.execute("SELECT pg_sleep(600)")
                }
            }
            #expect(error.code == .deadline)
            let isOver: Bool = try await database.read { db in
                try db.value("SELECT pg_terminate_backend(\(pid), 10000) OR true")
            }
            #expect(isOver)
        }
    }

    @Test func closingEndsTheRunningRefusesTheWaitingAndClosesTheConnections() async throws {
        try await TestServer.withDatabase { string in
            let database = Database(string, connections: 1)
            try await withGate(string) { key, open in
                async let running = passing(key, database)
                while database.load.running == 0 { await Task.yield() }
                async let waiting = passing(key, database)
                while database.load.waiting == 0 { await Task.yield() }
                async let closing: Void = database.close()
                #expect(try await waiting?.code == .closed)
                try await open()
                #expect(try await running == nil)
                await closing
            }
            let error = try await postgresError { try await database.transaction { _ in } }
            #expect(error.code == .closed)
        }
    }

    @Test func nothingConnectsBeforeItIsNeededAndAnAbsentServerFailsTheCallOnly() async throws {
        let database = Database(try ConnectionString("host=/nonexistent"), connections: 2)
        for _ in 0..<3 {
            let error = try await postgresError { try await database.transaction { _ = try $0.execute("SELECT 1") } }
            #expect(error.code == .connectionRefused && error.retryable)
        }
        #expect([database.load.running, database.load.waiting] == [0, 0])
        await database.close()
    }

    @Test func aSessionThatHidesWarningsIsRefused() async throws {
        let string = try TestServer.connectionString().setting("options", to: "-c client_min_messages=error")
        let error = try await postgresError { try await Connection.open(string) { _ in } }
        #expect(error.code == .other && error.message.contains("client_min_messages"))
    }

    @Test func aConnectionHasTheSettingsItShould() async throws {
        let string = try TestServer.connectionString()
        let (name, encoding) = try await Connection.open(string) { db in
            (try db.value("SHOW application_name") as String, try db.value("SHOW client_encoding") as String)
        }
        #expect(name == "renling" && encoding == "UTF8")
    }

    @Test func theSettingsOfTheServerAreRead() async throws {
        let string = try TestServer.connectionString().setting("options", to: "-c synchronous_commit=on")
        let settings = try await Connection.open(string) { try ServerSettings.read(on: $0) }
        #expect(settings.serverVersion >= 150000 && !settings.isInRecovery)
        #expect(abs(settings.clockDifferenceMs) < 2000)
        #expect(settings.synchronousCommit == "on" && settings.clientMinMessages == "notice")
        #expect(settings.unsafe.isEmpty == (settings.fsync && settings.fullPageWrites))
        let weak = try await Connection.open(string.setting("options", to: "-c synchronous_commit=off")) { db in
            try ServerSettings.read(on: db)
        }
        #expect(weak.unsafe.contains("synchronous_commit"))
    }

    @Test func aServerThatMayLoseWhatItCommitsIsReadAndNotWritten() async throws {
        let weak = try TestServer.connectionString().setting("options", to: "-c synchronous_commit=off")
        let database = Database(weak, connections: 1)
        let error = try await postgresError { try await database.transaction { _ = try $0.execute("SELECT 1") } }
        #expect(error.code == .notDurable && error.retryable && error.message.contains("synchronous_commit"))
        #expect(try await database.read { try $0.value("SELECT 1") } == 1)
        await database.close()
        let allowing = Database(weak, connections: 1, unsafeAllowed: ["synchronous_commit"])
        #expect(try await allowing.transaction { try $0.value("SELECT 1") } == 1)
        await allowing.close()
    }

    @Test func bookkeepingWaitsForNoDisk() async throws {
        let database = Database(try TestServer.connectionString(), connections: 1)
        let show: @Sendable (Connection) throws -> String = { try $0.value("SHOW synchronous_commit") }
        #expect(try await database.transaction(.unsynced, show) == "off")
        #expect(try await database.transaction(.readWrite, show) == "on")
        await database.close()
    }

    @Test func renewedConnectionsAreOthers() async throws {
        let database = Database(try TestServer.connectionString(), connections: 1)
        let backend: @Sendable (Connection) throws -> Int = { try $0.value("SELECT pg_backend_pid()") }
        let first = try await database.read(backend)
        #expect(try await database.read(backend) == first)
        database.renewConnections()
        #expect(try await database.read(backend) != first)
        await database.close()
    }
}

/// Holds a lock that transactions of `passing` wait for, until `open` is called or `body` ends.
private func withGate(
    _ string: ConnectionString, _ body: (Int, _ open: @escaping @Sendable () async throws -> Void) async throws -> Void
) async throws {
    let holder = Database(string, connections: 1)
    let key = Int.random(in: 0 ... .max)
    try await holder.transaction { try $0.execute("SELECT pg_advisory_lock(\(key))") }
    do {
        try await body(key) {
            _ = try await holder.transaction { try $0.execute("SELECT pg_advisory_unlock_all()") }
        }
    } catch {
        await holder.close()
        throw error
    }
    await holder.close()
}

/// Goes through the gate, or returns why not.
private func passing(_ key: Int, _ database: Database) async throws -> PostgresError? {
    do {
        try await database.transaction { try $0.execute("SELECT pg_advisory_xact_lock(\(key))") }
        return nil
    } catch let error as PostgresError {
        return error
    }
}
