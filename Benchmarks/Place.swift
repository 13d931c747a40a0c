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

    /// - Throws: `Failure` naming the file that does not say what it should.
    init(folder: String) throws {
        let base = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
        self.folder = URL(fileURLWithPath: folder, isDirectory: true, relativeTo: base).standardizedFileURL.path
        let running = try Self.json(self.folder, "run.json").elements ?? []
        let door = { (service: String, key: String) throws -> String in
            let entry = running.first { $0["service"]?.stringValue == service }
            guard let text = entry?[key]?.stringValue else { throw Failure("run.json has no \(key) of \(service)") }
            return text
        }
        guard let address = Settings.Address(try door("gateway", "http").replacing("http://", with: "")) else {
            throw Failure("run.json has no address of the gateway")
        }
        gateway = address
        intake = try door("intake", "zmq")
        database = try ConnectionString(Self.text(self.folder, "database"))
        guard let token = try Self.json(self.folder, "clients.json")["admin"]?.stringValue, !token.isEmpty else {
            throw Failure("clients.json has no administrator")
        }
        admin = token
    }

    /// A source of its own with a channel of its own.
    ///
    /// - Returns: its token.
    func makeSource(channel: String) async throws -> String {
        let save: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "intake.saveChannel",
            "params": ["code": JSONValue(channel), "name": "压测", "kind": "platform"],
        ]
        try await HTTPLoad(address: gateway).call(save.serialized(), token: admin)
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let renling = URL(fileURLWithPath: own).deletingLastPathComponent().path + "/renling"
        let said = try await Tool.run(
            renling, ["client", "add", "--name", "bench", "--role", "source", "--channel", channel, "--renew"],
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
