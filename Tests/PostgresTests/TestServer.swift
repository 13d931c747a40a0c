import Dispatch
import Glibc
import Postgres
import Synchronization
import Testing

/// The server the tests share: RENLING_TEST_DATABASE holds a libpq string of a superuser.
enum TestServer {
    static let text = getenv("RENLING_TEST_DATABASE").map { String(cString: $0) }
    static let isGiven = text != nil
    static let absence: Comment = "RENLING_TEST_DATABASE is not set"

    static func connectionString() throws -> ConnectionString {
        try ConnectionString(#require(text))
    }

    /// A database of the test's own, dropped afterwards.
    static func withDatabase(_ body: (ConnectionString) async throws -> Void) async throws {
        let server = try connectionString()
        let name = "renling_postgres_\(UInt64.random(in: 0 ... .max))"
        try await Connection.open(server) { try $0.execute("CREATE DATABASE \(raw: name)") }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server.setting("dbname", to: name)))
        } catch {
            result = .failure(error)
        }
        try await Connection.open(server) { try $0.execute("DROP DATABASE \(raw: name) WITH (FORCE)") }
        try result.get()
    }

    /// The same, with a pool that is closed afterwards.
    static func withPool(
        connections: Int, waitingMax: Int = 4096, prepares: Bool = false,
        _ body: (Database, ConnectionString) async throws -> Void
    ) async throws {
        try await withDatabase { string in
            let database = Database(string, connections: connections, waitingMax: waitingMax, prepares: prepares)
            try await body(database, string)
            await database.close()
        }
    }
}

/// A server of a test's own, for what would disturb others. It listens on a socket in its own directory only.
/// PostgreSQL does not run as root, so root becomes `postgres` for it.
struct PrivateCluster: Sendable {
    static let binaries = getenv("RENLING_POSTGRES_BIN").map { String(cString: $0) } ?? "/usr/lib/postgresql/15/bin"
    static let isPossible = access("\(binaries)/initdb", X_OK) == 0
    static let absence: Comment = "no initdb in /usr/lib/postgresql/15/bin nor RENLING_POSTGRES_BIN"

    private let directory: String
    private let settings: String
    let connectionString: ConnectionString

    /// - Parameter settings: options for `postgres`, as in `-c fsync=off`.
    static func with(_ settings: String = "", _ body: (PrivateCluster) async throws -> Void) async throws {
        let cluster = try await PrivateCluster(settings)
        try await cluster.start()
        let result: Result<Void, any Error>
        do { result = .success(try await body(cluster)) } catch { result = .failure(error) }
        try await cluster.stop("immediate")
        try await run("rm", "-rf", cluster.directory)
        try result.get()
    }

    private init(_ settings: String) async throws {
        directory = "/tmp/renling-cluster-\(UInt32.random(in: 0 ... .max))"
        self.settings = settings
        connectionString = try ConnectionString("host=\(directory) user=postgres dbname=postgres")
        try await Self.run("mkdir", directory)
        if geteuid() == 0 { try await Self.run("chown", "postgres", directory) }
        try await Self.runAsOwner("initdb", "-N", "-A", "trust", "-U", "postgres", "-D", "\(directory)/data")
    }

    func start() async throws {
        let options = "-k \(directory) -c listen_addresses= \(settings)"
        try await Self.runAsOwner(
            "pg_ctl", "-D", "\(directory)/data", "-o", options, "-l", "\(directory)/log", "-w", "start")
    }

    func stop(_ mode: String) async throws {
        try await Self.runAsOwner("pg_ctl", "-D", "\(directory)/data", "-m", mode, "-w", "stop")
    }

    private static func runAsOwner(_ program: String, _ arguments: String...) async throws {
        let command = ["\(binaries)/\(program)"] + arguments
        try await run(geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] + command : command)
    }

    private static func run(_ command: String...) async throws { try await run(command) }

    /// Not `Foundation.Process`, which takes the server that `pg_ctl` leaves behind for the command still running.
    private static func run(_ command: [String]) async throws {
        let status = await withCheckedContinuation { continuation in
            DispatchQueue(label: "command").async { continuation.resume(returning: spawn(command)) }
        }
        try #require(status == 0, "\(command.joined(separator: " "))")
    }

    /// Runs a command without its output and waits for it; 0 when it succeeded.
    private static func spawn(_ command: [String]) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for output in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
        }
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        guard posix_spawnp(&child, command[0], &actions, nil, &arguments, environ) == 0 else { return -1 }
        var status: Int32 = -1
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }
}

/// What `body` throws, which must be a `PostgresError`; fails the test when it does not throw.
func postgresError<T>(_ body: () async throws -> T) async throws -> PostgresError {
    do {
        _ = try await body()
    } catch let error as PostgresError {
        return error
    }
    throw PostgresError(.other, "nothing was thrown")
}

/// Counts the runs of a body, which may be run again.
final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    /// 1 the first time.
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}
