import Foundation
import Glibc
import Postgres

/// A PostgreSQL server of the run's own.
struct Server: Sendable {
    static let database = "renling"
    private static let superuser = "postgres"

    /// Under which it stands in its partner's list of standbys: `a` or `b`.
    let name: String
    let disk: Disk
    /// For its socket and its log, beside the disk that may be full.
    let folder: String
    let port: Int

    var data: String { "\(disk.path)/data" }
    private var log: String { "\(folder)/postgres.log" }

    /// As superuser, past every proxy.
    var address: ConnectionString {
        get throws {
            try ConnectionString(
                "host=\(folder) port=\(port) dbname=\(Self.database) user=\(Self.superuser) connect_timeout=5")
        }
    }

    /// A new cluster.
    func initialize() async throws {
        try makeFolder(folder)
        try makeFolder(data)
        try await run(
            "initdb",
            [
                "-D", data, "-U", Self.superuser, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
                "--auth-local=trust", "--auth-host=trust",
            ])
        let conf = "\(data)/postgresql.conf"
        guard let file = FileHandle(forWritingAtPath: conf) else { throw Failure("\(conf) cannot be written") }
        try file.seekToEnd()
        try file.write(contentsOf: Data("\ninclude 'torture.conf'\n".utf8))
        try file.close()
        try configure()
    }

    /// A standby that follows `primary`, in place of whatever was here.
    func copy(of primary: Server) async throws {
        if FileManager.default.fileExists(atPath: data) { try FileManager.default.removeItem(atPath: data) }
        try makeFolder(folder)
        try makeFolder(data)
        try await run(
            "pg_basebackup",
            [
                "-d",
                "host=\(primary.folder) port=\(primary.port) user=\(Self.superuser) application_name=\(name)",
                "-D", data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync",
            ])
        try configure()
        try await start()
    }

    func start() async throws {
        try await run("pg_ctl", ["-D", data, "-l", log, "-w", "-t", "120", "-s", "start"])
    }

    /// Has it running and answering, whatever it is at.
    ///
    /// - Throws: what it said last when it does not come up.
    func revive() async throws {
        var last = "it does not answer"
        let isUp = await Wait.until(.seconds(120), every: 200) {
            if await answers { return true }
            guard await !isRunning else { return false }
            do {
                try await start()
            } catch {
                last = "\(error)"
            }
            return false
        }
        if !isUp { throw Failure("PostgreSQL \(name) does not come up: \(last)") }
    }

    private var answers: Bool {
        get async {
            guard let address = try? address else { return false }
            return (try? await Connection.open(address) { db in try db.execute("SELECT 1") }) != nil
        }
    }

    /// At once, as when the power fails; also where nothing runs.
    func stopAtOnce() async {
        // It may be down already, which is what is wanted.
        _ = try? await run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "-t", "60", "-s", "stop"])
    }

    func promote() async throws { try await run("pg_ctl", ["-D", data, "-w", "-t", "60", "-s", "promote"]) }

    var isRunning: Bool {
        get async { (try? await run("pg_ctl", ["-D", data, "status"])) != nil }
    }

    private func configure() throws {
        let text = """
            listen_addresses = '127.0.0.1'
            port = \(port)
            unix_socket_directories = '\(folder)'
            max_connections = 300
            shared_buffers = 128MB
            wal_compression = on
            max_wal_size = 256MB
            min_wal_size = 64MB
            wal_keep_size = 64MB
            max_wal_senders = 6
            random_page_cost = 1.1
            log_line_prefix = '%m [%p] %a '

            """
        let path = "\(data)/torture.conf"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try own(path)
    }

    private func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure("\(path) cannot be made") }
        try own(path)
    }

    /// PostgreSQL does not run as root.
    private func own(_ path: String) throws {
        guard geteuid() == 0 else { return }
        guard let entry = getpwnam("postgres")?.pointee, chown(path, entry.pw_uid, entry.pw_gid) == 0 else {
            throw Failure("\(path) cannot be given to the user postgres")
        }
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) async throws -> String {
        let given = ProcessInfo.processInfo.environment["RENLING_POSTGRES_BIN"] ?? ""
        let path = "\(given.isEmpty ? "/usr/lib/postgresql/15/bin" : given)/\(program)"
        let command = (geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] : []) + [path] + arguments
        return try await Tool.run(command[0], Array(command.dropFirst()), environment: ["LC_ALL": "C"], in: "/")
    }
}
