import JSONRPC
import Logging
import Postgres
import Synchronization
import Testing
import ZeroMQ

@testable import Ledger
@testable import ServiceKit

/// Doors and a dialer on real sockets, without a database: the methods that they answer touch none.
struct TransportStage {
    let dialer: Dialer
    private let thread: SocketThread
    private let ticking: Task<Void, Never>

    /// Gives `body` a caller and ends it afterwards.
    static func with(_ body: (TransportStage) async throws -> Void) async throws {
        let stage = try TransportStage()
        do {
            try await body(stage)
            await stage.end()
        } catch {
            await stage.end()
            throw error
        }
    }

    private init() throws {
        let thread = try SocketThread(name: "zmq-caller")
        let dialer = Dialer(thread, logger: Logger(label: "test"))
        (self.thread, self.dialer) = (thread, dialer)
        ticking = Task { await dialer.keepTime() }
    }

    private func end() async {
        ticking.cancel()
        await ticking.value
        dialer.close()
        await thread.shutdown(lingerMs: 0)
    }

    /// Tells the caller who lives, as the registry would.
    func list(_ instances: TestInstance...) async {
        await dialer.update(
            instances.map { Peers.Listing(service: "test", endpoint: $0.endpoint, instance: $0.name) })
    }

    /// - Returns: the name of the instance that answered.
    func call(_ method: String = "test.name") async throws -> String {
        let body = Request.compose(id: RequestID(1), method: method, params: nil)
        let reply = try await dialer.call("test", body, Headers(), deadline: .now + .seconds(60))
        #expect(reply.version == "9.9.9")
        guard case .result(let range) = try Reply.parse(reply.body).outcome else { return "" }
        return try JSONValue(parsing: reply.body, in: range).stringValue ?? ""
    }
}

/// A running door that answers `test.name` with its name at once, and `test.hold` too once it is let go.
final class TestInstance: Sendable {
    let name: String
    let endpoint: String
    let door: Door
    private let thread: SocketThread
    private let gate: Gate

    final class Gate: Sendable {
        private let state = Mutex((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))

        var waiting: Int { state.withLock { $0.waiting.count } }

        func pass() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = state.withLock { state in
                defer { state = (true, []) }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    init(
        _ name: String, at endpoint: String = "tcp://127.0.0.1:*", isHolding: Bool = false,
        limits: Admission.Limits = Admission.Limits()
    ) async throws {
        self.name = name
        let gate = Gate()
        self.gate = gate
        if !isHolding { gate.open() }
        var table = MethodTable()
        for method in ["test.name", "test.hold"] {
            table.add(
                MethodTable.Entry(name: method, roles: [], kind: .read, summary: "", params: [:], result: [:]) { _, _ in
                    if method == "test.hold" { await gate.pass() }
                    return .init(result: JSONValue(name).serialized())
                })
        }
        let nowhere = Database(try ConnectionString("host=/nonexistent"), connections: 1)
        let ledger = Ledger(nowhere) { DomainClock.real.now }
        let answerer = Answerer(
            table: table, ledger: ledger, tokens: Tokens(ledger), logger: Logger(label: "test"), send: { _ in })
        door = Door(
            answerer, gatewayToken: "", card: InstanceCard(instance: name, version: "9.9.9"), isServing: { true },
            limits: limits)
        thread = try SocketThread(name: "zmq-\(name)")
        self.endpoint = try await door.open(at: endpoint, on: thread)
    }

    /// Calls that are being worked on.
    var held: Int { gate.waiting }

    func letGo() { gate.open() }

    /// Gone without a word, as after kill -9: what it was working on will not be answered.
    func kill() async {
        await thread.shutdown(lingerMs: 0)
        gate.open()
    }
}

/// Waits until it is so; the test's time limit is the only one.
func until(_ condition: () async throws -> Bool) async rethrows {
    while try await !condition() { await Task.yield() }
}
