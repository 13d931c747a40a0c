import Foundation
import Glibc
import Postgres
import ServiceKit

/// The installation's private PostgreSQL 15. It listens on a Unix socket in a folder that only its owner may enter, keeps
/// what it acknowledges, and can be started and stopped with `pg_ctl -D .local/postgres` as well.
struct Cluster: Sendable {
    static let superuser = "postgres"
    static let database = "renling"
    /// Only names the socket's file; nothing listens on it.
    private static let port = 5432

    /// The data folder itself, where `.local/postgres` may be a link.
    let data: String
    /// The folder of the socket.
    let socket: String
    let account: ClusterAccount

    /// Finds the cluster of an installation, or the place for one, and makes the folders around it.
    static func locate(_ place: Installation) async throws -> Cluster {
        if let data = existingData(place) {
            let account = try ClusterAccount.owner(of: data)
            return Cluster(data: data, socket: try account.socket(for: place, besides: data), account: account)
        }
        let account = try ClusterAccount.current()
        // Takes away a link to a cluster that is gone, and nothing else.
        unlink(place.cluster)
        if await account.reaches(place.folder) {
            return Cluster(
                data: place.cluster, socket: try account.socket(for: place, besides: place.cluster), account: account)
        }
        let home = "/var/lib/renling-\(hash(of: place.folder))"
        try account.makeFolder(home)
        let data = "\(home)/data"
        let cluster = Cluster(data: data, socket: try account.socket(for: place, besides: data), account: account)
        if FileManager.default.fileExists(atPath: data) { try await cluster.setAside() }
        guard symlink(data, place.cluster) == 0 else {
            throw Failure("\(place.cluster) cannot be made a link to \(data)")
        }
        return cluster
    }

    /// What an installation left behind whose folder, and with it the key to what is in here, was removed by hand.
    private func setAside() async throws {
        try await stop()
        let other = "\(data).\(time(nil))"
        guard rename(data, other) == 0 else { throw Failure("\(data) cannot be renamed to \(other)") }
        Console.warn("found the cluster of an earlier installation without its key; it is kept as \(other)")
    }

    /// As the owner of everything in it.
    var connection: String {
        get throws {
            let isPlain = socket.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\\")
            }
            if isPlain {
                return "host=\(socket) port=\(Self.port) dbname=\(Self.database) user=\(Self.superuser)"
            }
            return try ConnectionString("").setting("host", to: socket).setting("port", to: "\(Self.port)")
                .setting("dbname", to: Self.database).setting("user", to: Self.superuser).text
        }
    }

    /// Starts the cluster, made before if it is not there yet, or takes over one that an earlier run left running.
    func start() async throws {
        if !FileManager.default.fileExists(atPath: "\(data)/PG_VERSION") { try await initialize() }
        try writeSettings()
        if await isRunning {
            if await answers { return }
            try await stop()
        }
        do {
            try await account.run("pg_ctl", ["-D", data, "-l", "\(data)/start.log", "-w", "-t", "60", "-s", "start"])
        } catch {
            throw Failure("PostgreSQL does not start; see \(data)/start.log and \(data)/log/postgres.log\n\(error)")
        }
        try await makeDatabase()
    }

    /// Starts PostgreSQL again whenever its postmaster has been killed, until the task is cancelled. One that was stopped
    /// in order has taken its pid file away, and is left to whoever stopped it.
    func keepRunning() async {
        while !Task.isCancelled {
            // Cut short only by the end of everything, which the loop sees.
            try? await Task.sleep(for: .milliseconds(250))
            guard let pid = postmaster, Processes.program(of: pid) == nil else { continue }
            Console.say("PostgreSQL ended without a word; it is started again")
            do {
                // A task of its own is not cancelled: a server that is half started could not be stopped.
                try await Task { try await start() }.value
            } catch {
                Console.warn("\(error)")
            }
        }
    }

    /// The process that the pid file names; `nil` when nothing is said to run.
    private var postmaster: Int32? {
        Installation.read("\(data)/postmaster.pid")?.split(separator: "\n").first.flatMap { Int32($0) }
    }

    /// Nothing happens to one that does not run.
    func stop() async throws {
        guard await isRunning else { return }
        try await account.run("pg_ctl", ["-D", data, "-m", "fast", "-w", "-t", "60", "-s", "stop"])
    }

    private var isRunning: Bool {
        get async {
            forgetDeadPostmaster()
            return await account.succeeds("pg_ctl", ["-D", data, "status"])
        }
    }

    private var answers: Bool {
        get async { (try? await makeDatabase()) != nil }
    }

    /// Into a draft that is renamed when it is complete: a run that was cut off leaves no half of a cluster.
    private func initialize() async throws {
        let draft = "\(data).new"
        try? FileManager.default.removeItem(atPath: draft)
        try account.makeFolder(draft)
        try await account.run(
            "initdb",
            [
                "-D", draft, "-U", Self.superuser, "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
                "--auth-local=trust", "--auth-host=reject",
            ])
        let main = "\(draft)/postgresql.conf"
        guard let file = FileHandle(forWritingAtPath: main) else { throw Failure("\(main) cannot be written") }
        try file.seekToEnd()
        try file.write(contentsOf: Data("\ninclude 'renling.conf'\n".utf8))
        try file.close()
        try Installation.write("", to: "\(draft)/renling.conf")
        guard rename(draft, data) == 0 else { throw Failure("\(draft) cannot be renamed to \(data)") }
    }

    private func writeSettings() throws {
        let path = "\(data)/renling.conf"
        try Installation.write(ClusterSettings.text(socket: socket, port: Self.port), to: path)
        try account.own(path)
    }

    private func makeDatabase() async throws {
        let server = try ConnectionString(try connection).setting("dbname", to: "postgres")
        try await Connection.open(server) { db in
            let exists: Bool = try db.value("SELECT EXISTS (SELECT FROM pg_database WHERE datname = \(Self.database))")
            if !exists { try db.execute("CREATE DATABASE \(raw: Self.database)") }
        }
    }

    /// After a crash of the whole machine or container another process may have the number of the old postmaster, and
    /// PostgreSQL's programs would take it for that.
    private func forgetDeadPostmaster() {
        guard let pid = postmaster, let program = Processes.program(of: pid), !program.hasSuffix("/postgres") else {
            return
        }
        unlink("\(data)/postmaster.pid")
        unlink("\(socket)/.s.PGSQL.\(Self.port).lock")
    }

    private static func existingData(_ place: Installation) -> String? {
        let data = URL(fileURLWithPath: place.cluster).resolvingSymlinksInPath().path
        return FileManager.default.fileExists(atPath: "\(data)/PG_VERSION") ? data : nil
    }

    /// Twelve digits that stand for a path.
    static func hash(of path: String) -> String { String(Secrets.hex(Secrets.sha256(Array(path.utf8))).prefix(12)) }
}
