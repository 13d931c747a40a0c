import Foundation
import Glibc
import Postgres
import SystemPackage

/// The folder in which a running installation keeps what is its own: `.local` unless `RENLING_DATA` names another.
struct Installation: Sendable {
    /// Absolute.
    let folder: String

    init(folder: String) {
        let base = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
        self.folder = URL(fileURLWithPath: folder, isDirectory: true, relativeTo: base).standardizedFileURL.path
    }

    /// The one that the environment names.
    static var current: Installation {
        let given = ProcessInfo.processInfo.environment["RENLING_DATA"] ?? ""
        return Installation(folder: given.isEmpty ? ".local" : given)
    }

    /// The private cluster's data folder, or a link to it.
    var cluster: String { "\(folder)/postgres" }
    var socket: String { "\(folder)/socket" }
    /// The libpq string of the database, as its owner.
    var database: String { "\(folder)/database" }
    /// The installation's key, 64 hexadecimal digits.
    var key: String { "\(folder)/key" }
    /// The demo clients' tokens.
    var clients: String { "\(folder)/clients.json" }
    /// What runs: `[{service, pid, zmq, http}]`.
    var running: String { "\(folder)/run.json" }
    /// How far the demo data has been loaded, and into which database.
    var demo: String { "\(folder)/demo.json" }
    var logs: String { "\(folder)/log" }
    var lock: String { "\(folder)/dev.pid" }

    func make() throws {
        for path in [folder, logs] {
            do {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw Failure("\(path) cannot be made: \(error.localizedDescription)")
            }
        }
    }

    /// Replaces a file in one step; readable by its owner only.
    static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        let draft = "\(path).\(getpid()).new"
        do {
            let file = try FileDescriptor.open(
                FilePath(draft), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
            _ = try file.closeAfter { try file.writeAll(bytes) }
        } catch {
            throw Failure("\(draft) cannot be written: \(error)")
        }
        guard rename(draft, path) == 0 else { throw Failure("\(path) cannot be written: \(Errno(rawValue: errno))") }
    }

    static func write(_ text: String, to path: String) throws { try write(text.utf8, to: path) }

    /// `nil` when there is no such file.
    static func read(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Where the other programs lie: beside this one.
    static var programs: String {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own ?? CommandLine.arguments[0]).deletingLastPathComponent().path
    }

    /// The database that the operator's commands work on.
    ///
    /// - Parameter given: what the command line says, before `RENLING_DATABASE` and the file `database`.
    func connection(_ given: String? = nil) throws -> ConnectionString {
        let fromEnvironment = ProcessInfo.processInfo.environment["RENLING_DATABASE"].flatMap { $0.isEmpty ? nil : $0 }
        guard let text = given ?? fromEnvironment ?? Self.read(database) else {
            throw Failure("no database: set RENLING_DATABASE to a libpq connection string (there is no \(database))")
        }
        return try ConnectionString(text)
    }
}
