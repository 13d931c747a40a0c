import Domain
import Foundation
import JSONRPC
import Postgres
import ServiceKit
import TestKit

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The sample city on several hosts: PostgreSQL on `db`, the programs wherever they are started.
actor ScatteredCity {
    private static let services = ["intake", "assignment", "handling", "supervision", "archive"]
    private let hosts: Hosts
    private let folder: String
    private let programs: String
    private var processes: [String: Process] = [:]
    private let session = URLSession(configuration: .ephemeral)

    static func with(_ hosts: Hosts, programs: String, _ body: (ScatteredCity) async throws -> Void) async throws {
        let city = try ScatteredCity(hosts, programs)
        do {
            try await city.makeDatabase()
            try await body(city)
            await city.end()
        } catch {
            await city.end()
            throw error
        }
    }

    private init(_ hosts: Hosts, _ programs: String) throws {
        self.hosts = hosts
        self.programs = programs
        folder = "/tmp/renling-hosts.\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try SampleCity.keyText.write(toFile: "\(folder)/key", atomically: true, encoding: .utf8)
    }

    private var superuser: String { "host=\(hosts.address("db")) user=postgres connect_timeout=5" }

    private func makeDatabase() async throws {
        try await Hosts.run(["install", "-d", "-o", "postgres", "-g", "postgres", "\(folder)/postgres"])
        try await server([
            "initdb", "-D", "\(folder)/postgres/data", "-U", "postgres", "--no-sync", "--encoding=UTF8",
            "--locale=C.UTF-8", "--auth=trust",
        ])
        let settings = "-c listen_addresses=\(hosts.address("db")) -c unix_socket_directories=\(folder)/postgres"
        try await Hosts.run(
            [
                "runuser", "-u", "postgres", "--", "sh", "-c",
                "echo 'host all all \(hosts.subnet) trust' >> \(folder)/postgres/data/pg_hba.conf",
            ])
        try await server([
            "pg_ctl", "-D", "\(folder)/postgres/data", "-l", "\(folder)/postgres/log", "-o", settings, "-w", "-s",
            "start",
        ])
        let database = try ConnectionString("\(superuser) dbname=renling")
        try await Connection.open(try ConnectionString("\(superuser) dbname=postgres")) { db in
            try db.execute("CREATE DATABASE renling")
        }
        try await Connection.open(database) { db in try TestCluster.build(db) }
    }

    /// A program of PostgreSQL's, on its host, as its user.
    private func server(_ command: [String]) async throws {
        let path = "/usr/lib/postgresql/15/bin/\(command[0])"
        try await Hosts.run(
            hosts.command(on: "db", ["runuser", "-u", "postgres", "--", path] + command.dropFirst()),
            environment: ["LC_ALL": "C"])
    }

    /// Starts a program on a host; once more on another, after `stop`, is a move.
    func start(_ program: String, on host: String) throws {
        let process = Process()
        let number = (Self.services.firstIndex(of: program) ?? 9) + 1
        let command = hosts.command(on: host, ["\(programs)/\(program)"])
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging([
            "RENLING_DATABASE":
                "host=\(hosts.address("db")) dbname=renling connect_timeout=3 keepalives_idle=10 tcp_user_timeout=10000",
            "RENLING_KEY_FILE": "\(folder)/key", "RENLING_ZMQ": "curve", "RENLING_LOG_LEVEL": "warning",
            "RENLING_BIND": "tcp://\(hosts.address(host)):\(7100 + number)",
            "RENLING_HTTP": program == "gateway"
                ? "\(hosts.address(host)):8080" : "\(hosts.address(host)):\(7200 + number)",
        ]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes[program] = process
    }

    func kill(_ program: String) {
        guard let process = processes.removeValue(forKey: program) else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private func end() async {
        for program in processes.keys { kill(program) }
        try? await server(["pg_ctl", "-D", "\(folder)/postgres/data", "-m", "immediate", "-w", "-s", "stop"])
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Calls a method at the gateway on `host`.
    ///
    /// - Returns: the result; the error's code where it was refused; `nil` without an answer.
    func call(
        _ method: String, _ params: JSONValue, as who: Who, at host: String = "front", budgetMs: Int = 3000
    ) async -> Answer? {
        guard let url = URL(string: "http://\(hosts.address(host)):8080/rpc") else { return nil }
        var request = URLRequest(url: url, timeoutInterval: Double(budgetMs) / 1000 + 2)
        request.httpMethod = "POST"
        request.httpBody = Data(Request.compose(id: RequestID(1), method: method, params: params.serialized()))
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("\(budgetMs)", forHTTPHeaderField: "Renling-Budget-Ms")
        request.setValue("Bearer \(who.token)", forHTTPHeaderField: "Authorization")
        guard let (data, _) = try? await session.data(for: request), let reply = try? Reply.parse(Array(data)) else {
            return nil
        }
        switch reply.outcome {
        case .result(let range): return (try? JSONValue(parsing: Array(data), in: range)).map(Answer.result)
        case .error(let error): return .refused(error.code)
        }
    }

    enum Answer: Equatable { case result(JSONValue), refused(Int) }

    func count(_ query: String) async throws -> Int {
        try await Connection.open(try ConnectionString("\(superuser) dbname=renling")) { db in
            try db.value("SELECT count(*) FROM \(raw: query)")
        }
    }
}
