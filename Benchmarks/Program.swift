import Foundation
import Glibc
import ServiceKit

/// A program that is started beside those of the installation, and stopped again.
final class Program: Sendable {
    private let process: Process
    let pid: Int
    let http: Settings.Address
    private let began: ContinuousClock.Instant

    /// Another instance of one of the installation's programs, on free ports, otherwise started as the first was.
    init(another program: String, of place: Place) throws {
        let first = try place.pid(of: program)
        let raw = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(first)/environ"))
        var environment: [String: String] = [:]
        for pair in raw.split(separator: 0).map({ String(decoding: $0, as: UTF8.self) }) {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            environment[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        http = try Self.freeAddress()
        environment["RENLING_HTTP"] = "\(http)"
        if program != "gateway" { environment["RENLING_BIND"] = "tcp://\(try Self.freeAddress())" }
        process = try Self.process(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(first)/exe"), [], environment,
            log: "\(place.folder)/log/bench.\(program).log")
        (began, pid) = try Self.start(process)
    }

    /// - Parameter arguments: the words `{host}` and `{port}` become those of a free port.
    init(_ path: String, _ arguments: [String], environment: [String: String], log: String) throws {
        let address = try Self.freeAddress()
        http = address
        let filled = arguments.map {
            $0.replacing("{host}", with: address.host).replacing("{port}", with: "\(address.port)")
        }
        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process = try Self.process(path, filled, merged, log: log)
        (began, pid) = try Self.start(process)
    }

    private static func start(_ process: Process) throws -> (ContinuousClock.Instant, Int) {
        // Our threads have signals blocked, and a child inherits that.
        var (none, ours) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &ours)
        defer { pthread_sigmask(SIG_SETMASK, &ours, nil) }
        let began = ContinuousClock.now
        try process.run()
        return (began, Int(process.processIdentifier))
    }

    private static func process(
        _ path: String, _ arguments: [String], _ environment: [String: String], log: String
    ) throws -> Process {
        guard FileManager.default.createFile(atPath: log, contents: nil) else {
            throw Failure("\(log) cannot be written")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: log)
        process.standardError = FileHandle(forWritingAtPath: log)
        return process
    }

    /// Asks `path` until it answers 200.
    ///
    /// - Returns: the time from the start to then.
    func ready(_ path: String = "/readyz") async throws -> Duration {
        while ContinuousClock.now - began < .seconds(20) {
            guard process.isRunning else { break }
            if let status = try? HTTPLine.get(path, from: http), status == 200 { return ContinuousClock.now - began }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw Failure("\(process.executableURL?.path ?? "") does not become ready")
    }

    /// Asks it to stop, and waits until it has ended.
    func stop() async throws {
        if process.isRunning { kill(pid_t(pid), SIGTERM) }
        for _ in 0..<1500 where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        guard !process.isRunning else {
            kill(pid_t(pid), SIGKILL)
            throw Failure("\(process.executableURL?.path ?? "") (\(pid)) does not stop")
        }
    }

    private static func freeAddress() throws -> Settings.Address {
        let port = try HTTPLine.freePort()
        guard let address = Settings.Address("127.0.0.1:\(port)") else { throw Failure("no address of port \(port)") }
        return address
    }
}
