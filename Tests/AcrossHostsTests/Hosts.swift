import Foundation
import Glibc
import Subprocess
import SystemPackage

/// "Hosts" on one wire: network namespaces joined by a bridge of the test's own host, which is on the wire too. Made with
/// iproute2, as root.
struct Hosts: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static let absence = "needs root, iproute2 and the right to make network namespaces"
    /// Whether namespaces and virtual wires can be made here.
    static let isPossible: Bool = {
        guard geteuid() == 0, access("/usr/sbin/ip", X_OK) == 0 || access("/sbin/ip", X_OK) == 0 else { return false }
        let name = "rl\(getpid())try"
        func ip(_ arguments: String...) -> Bool {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["ip"] + arguments
            (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        guard ip("netns", "add", name) else { return false }
        let isPossible = ip("link", "add", "\(name)v", "type", "veth", "peer", "name", "eth0", "netns", name)
        return ip("netns", "del", name) && isPossible
    }()

    /// The folder of the built programs.
    static let programs = ProcessInfo.processInfo.environment["RENLING_PROGRAMS"]

    let names: [String]
    private let prefix = "rl\(getpid())"
    private let network = "10.\(200 + getpid() % 50).\(getpid() / 50 % 250)"

    /// Makes the hosts, lends them and takes them down.
    static func with(_ names: [String], _ body: (Hosts) async throws -> Void) async throws {
        let hosts = Hosts(names: names)
        do {
            try await hosts.make()
            try await body(hosts)
            await hosts.remove()
        } catch {
            await hosts.remove()
            throw error
        }
    }

    /// The IPv4 address of a host.
    func address(_ host: String) -> String { "\(network).\((names.firstIndex(of: host) ?? 0) + 1)" }
    var subnet: String { "\(network).0/24" }

    /// The command that runs `command` on a host.
    func command(on host: String, _ command: [String]) -> [String] { ["ip", "netns", "exec", space(host)] + command }

    /// Unplugs a host.
    func cut(_ host: String) async throws { try await ip("link", "set", plug(host), "down") }
    func heal(_ host: String) async throws { try await ip("link", "set", plug(host), "up") }

    private func space(_ host: String) -> String { "\(prefix)\(host)" }
    private func plug(_ host: String) -> String { "\(prefix)\(host)" }
    private var bridge: String { "\(prefix)br" }

    private func make() async throws {
        try await ip("link", "add", bridge, "type", "bridge")
        try await ip("addr", "add", "\(network).254/24", "dev", bridge)
        try await ip("link", "set", bridge, "up")
        for host in names {
            try await ip("netns", "add", space(host))
            try await ip("link", "add", plug(host), "type", "veth", "peer", "name", "eth0", "netns", space(host))
            try await ip("link", "set", plug(host), "master", bridge, "up")
            try await ip("-n", space(host), "addr", "add", "\(address(host))/24", "dev", "eth0")
            try await ip("-n", space(host), "link", "set", "eth0", "up")
            try await ip("-n", space(host), "link", "set", "lo", "up")
        }
    }

    private func remove() async {
        // What was not made cannot be taken away, and a leftover is nobody's business but the operator's.
        for host in names { try? await ip("netns", "del", space(host)) }
        try? await ip("link", "del", bridge)
    }

    private func ip(_ arguments: String...) async throws { try await Self.run(["ip"] + arguments) }

    /// - Throws: with what the command said, unless it ended with 0.
    @discardableResult
    static func run(_ command: [String], environment: [String: String] = [:]) async throws -> String {
        let pairs = environment.map { (Environment.Key(stringLiteral: $0.key), String?.some($0.value)) }
        let ended = try await Subprocess.run(
            .name(command[0]), arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: pairs)), workingDirectory: "/",
            output: .string(limit: 1 << 20), error: .combinedWithOutput)
        guard ended.terminationStatus.isSuccess else {
            throw Failure(description: "\(command.joined(separator: " ")): \(ended.standardOutput)")
        }
        return ended.standardOutput
    }
}
