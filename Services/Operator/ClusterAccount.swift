import Foundation
import Glibc
import SystemPackage

/// The system account that the private cluster's server runs as: our own, or `postgres` (or whose the data is) when we are
/// root, which PostgreSQL refuses to run as.
struct ClusterAccount: Sendable {
    /// A Unix socket's address has 108 bytes, the end of the text included.
    private static let socketPathMax = 100

    let user: uid_t
    let group: gid_t
    /// `nil` when it is ours.
    let name: String?

    static func current() throws -> ClusterAccount {
        guard geteuid() == 0 else { return ClusterAccount(user: geteuid(), group: getegid(), name: nil) }
        guard let entry = getpwnam("postgres")?.pointee else {
            throw Failure("there is no user postgres; is the package postgresql-15 installed?")
        }
        return ClusterAccount(user: entry.pw_uid, group: entry.pw_gid, name: "postgres")
    }

    /// Whose a cluster that exists is.
    static func owner(of data: String) throws -> ClusterAccount {
        var status = stat()
        guard lstat(data, &status) == 0 else { throw Failure("\(data) cannot be read") }
        if status.st_uid == geteuid(), geteuid() != 0 { return try current() }
        guard geteuid() == 0, status.st_uid != 0, let entry = getpwuid(status.st_uid)?.pointee else {
            throw Failure("\(data) belongs to another user (\(status.st_uid)); run as that user, or as root")
        }
        return ClusterAccount(user: entry.pw_uid, group: entry.pw_gid, name: String(cString: entry.pw_name))
    }

    /// Whether the server could work in a folder of ours.
    func reaches(_ folder: String) async -> Bool {
        guard let name else { return true }
        return await Tool.succeeds("runuser", ["-u", name, "--", "test", "-x", folder], in: "/")
    }

    /// Runs one of PostgreSQL's programs.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) async throws -> String {
        let command = try command(program, arguments)
        return try await Tool.run(command[0], Array(command.dropFirst()), environment: ["LC_ALL": "C"], in: "/")
    }

    func succeeds(_ program: String, _ arguments: [String]) async -> Bool {
        (try? await run(program, arguments)) != nil
    }

    private func command(_ program: String, _ arguments: [String]) throws -> [String] {
        let given = ProcessInfo.processInfo.environment["RENLING_POSTGRES_BIN"] ?? ""
        let folder = given.isEmpty ? "/usr/lib/postgresql/15/bin" : given
        let path = "\(folder)/\(program)"
        guard access(path, X_OK) == 0 else {
            throw Failure("there is no \(path); is the package postgresql-15 installed?")
        }
        return (name.map { ["runuser", "-u", $0, "--"] } ?? []) + [path] + arguments
    }

    func own(_ path: String) throws {
        guard name != nil else { return }
        guard chown(path, user, group) == 0 else { throw Failure("\(path) cannot be given to \(name ?? "")") }
    }

    /// A folder that only the server may enter; it may exist if it is the server's.
    func makeFolder(_ path: String) throws {
        if mkdir(path, 0o700) == 0 { return try own(path) }
        let problem = Errno(rawValue: errno)
        var status = stat()
        guard problem == .fileExists, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == user
        else { throw Failure("\(path) cannot be made, or belongs to somebody else (\(problem))") }
        guard chmod(path, 0o700) == 0 else { throw Failure("the mode of \(path) cannot be set") }
    }

    /// The folder of the socket: in the installation, beside the data that lies elsewhere, or under `/tmp` where their
    /// paths are too long for a socket.
    func socket(for place: Installation, besides data: String) throws -> String {
        let isElsewhere = data != place.cluster
        let near = isElsewhere ? URL(fileURLWithPath: data).deletingLastPathComponent().path + "/socket" : place.socket
        let fits = "\(near)/.s.PGSQL.5432".utf8.count <= Self.socketPathMax
        let path = fits ? near : "/tmp/renling-\(user)-\(Cluster.hash(of: place.folder))"
        try makeFolder(path)
        return path
    }
}
