import Foundation
import JSONRPC
import Postgres
import ServiceKit

/// A running installation, by the files that CONTRACT promises in its folder.
struct Place: Sendable {
    /// Absolute.
    let folder: String
    let gateway: Settings.Address
    /// Intake's ZeroMQ door.
    let intake: String
    let database: ConnectionString
    /// Of the demo's administrator.
    let admin: String
    private let running: [JSONValue]

    /// - Throws: `Failure` naming the file that does not say what it should.
    init(folder: String) throws {
        let base = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
        self.folder = URL(fileURLWithPath: folder, isDirectory: true, relativeTo: base).standardizedFileURL.path
        running = try Self.json(self.folder, "run.json").elements ?? []
        let http = Self.value("http", of: "gateway", in: running)?.stringValue ?? ""
        guard let address = Settings.Address(http.replacing("http://", with: "")),
            let door = Self.value("zmq", of: "intake", in: running)?.stringValue
        else { throw Failure("run.json does not say where the gateway and intake are") }
        gateway = address
        intake = door
        database = try ConnectionString(Self.text(self.folder, "database"))
        guard let token = try Self.json(self.folder, "clients.json")["admin"]?.stringValue, !token.isEmpty else {
            throw Failure("clients.json has no administrator")
        }
        admin = token
    }

    static let programs = ["gateway", "intake", "assignment", "handling", "supervision", "archive"]

    /// - Parameter program: one of `programs`.
    func pid(of program: String) throws -> Int {
        guard let pid = Self.value("pid", of: program, in: running)?.intValue else {
            throw Failure("run.json has no pid of \(program)")
        }
        return pid
    }

    /// The server's own log, of a private cluster.
    var serverLog: String { "\(folder)/postgres/log/postgres.log" }

    /// A service's pages for operators, such as `http://127.0.0.1:7201`.
    func page(of service: String) throws -> String {
        guard let http = Self.value("http", of: service, in: running)?.stringValue else {
            throw Failure("run.json has no pages of \(service)")
        }
        return http.hasPrefix("http") ? http : "http://\(http)"
    }

    private static func value(_ key: String, of service: String, in running: [JSONValue]) -> JSONValue? {
        running.first { $0["service"]?.stringValue == service }?[key]
    }

    /// A channel and a unit of its own, and a client of each role that has something to do with a case.
    func makeDesks(channel: String) async throws -> Desks {
        try await call(
            "assignment.saveUnit",
            [
                "unitId": JSONValue(Desks.unitId), "name": "压测局", "level": "county", "head": "周明远",
                "deputyInCharge": "吴思齐", "liaison": ["name": "郑可", "phone": "0735-2870000"],
            ])
        return Desks(
            source: try await makeSource(channel: channel), registrar: try await makeClient("registrar"),
            office: try await makeClient("office"), unit: try await makeClient("unit", "--unit", Desks.unitId),
            supervisor: try await makeClient("supervisor"), admin: admin)
    }

    /// A source of its own with a channel of its own.
    ///
    /// - Returns: its token.
    func makeSource(channel: String) async throws -> String {
        try await call("intake.saveChannel", ["code": JSONValue(channel), "name": "压测", "kind": "platform"])
        return try await makeClient("source", "--channel", channel)
    }

    private func call(_ method: String, _ params: JSONValue) async throws {
        let body: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": JSONValue(method), "params": params]
        try await HTTPLoad(address: gateway).call(body.serialized(), token: admin)
    }

    private func makeClient(_ role: String, _ options: String...) async throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let renling = URL(fileURLWithPath: own).deletingLastPathComponent().path + "/renling"
        let said = try await Tool.run(
            renling, ["client", "add", "--name", "bench-\(role)", "--role", role, "--renew"] + options,
            environment: ["RENLING_DATA": folder, "RENLING_DATABASE": ""])
        return said.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func text(_ folder: String, _ name: String) throws -> String {
        guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else {
            throw Failure("there is no \(folder)/\(name): no installation runs there")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func json(_ folder: String, _ name: String) throws -> JSONValue {
        try JSONValue(parsing: Array(text(folder, name).utf8))
    }
}

/// Tokens of the clients that take a case through its life, one of each role.
struct Desks: Sendable {
    static let unitId = "bench"
    var source: String
    var registrar: String
    var office: String
    var unit: String
    var supervisor: String
    var admin: String
}
