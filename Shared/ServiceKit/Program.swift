import Domain
import Hummingbird
import JSONRPC
import Ledger
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Synchronization
import UnixSignals
import ZeroMQ

/// A running program, service or gateway: everything it is made of, put together and started. Tests run several in one
/// process.
public final class Program: Sendable {
    public let settings: Settings
    public let logger: Logger
    let ledger: Ledger
    let health: Health
    let dialer: Dialer
    let answerer: Answerer
    let tokens: Tokens
    /// The token with which the program speaks to others.
    let ownToken: String
    public let metrics: MetricsStore
    /// Adds routes to the HTTP server, beside the operators' pages.
    let addRoutes: @Sendable (Hummingbird.Router<PageContext>, Program) -> Void
    private let sweeps: Sweeps
    private let thread: SocketThread
    private let door: Door?
    private let sender: OutboxSender
    private let addresses = Mutex((zmq: String?.none, http: Int?.none))
    private let group = Mutex<ServiceGroup?>(nil)

    /// - Parameter hasDoor: whether it takes requests over ZeroMQ; the gateway does not.
    init(
        _ settings: Settings, table: MethodTable, sweeps: Sweeps = Sweeps(), hasDoor: Bool, metrics: MetricsStore,
        addRoutes: @escaping @Sendable (Hummingbird.Router<PageContext>, Program) -> Void = { _, _ in }
    ) throws {
        self.settings = settings
        self.sweeps = sweeps
        self.metrics = metrics
        self.addRoutes = addRoutes
        var logger = Logger(label: "renling.\(settings.service)")
        logger.logLevel = settings.logLevel
        self.logger = logger
        health = Health(unsafeAllowed: settings.unsafeAllowed)
        let clock = settings.clock
        let ledger = Ledger(
            settings.mainDatabase, aside: settings.databaseAside, crash: settings.crash
        ) { clock.now }
        self.ledger = ledger
        thread = try SocketThread(name: "zmq-\(settings.service)")
        dialer = Dialer(thread, curve: settings.curve, logger: logger)
        ownToken = settings.secrets.serviceToken(settings.service)
        let sender = OutboxSender(ledger, dialer, token: ownToken, logger: logger)
        self.sender = sender
        tokens = Tokens(ledger)
        let system = SystemMethods(
            service: settings.service, instanceId: ledger.instanceId, startedAt: clock.now, health: health,
            ledger: ledger, stats: { [] })
        answerer = Answerer(
            table: table.withSystem(system, service: settings.service), ledger: ledger, tokens: tokens, logger: logger,
            send: { sender.send($0) })
        let card = InstanceCard(instance: ledger.instanceId, version: Version.text)
        door =
            hasDoor
            ? Door(answerer, gatewayToken: settings.secrets.serviceToken("gateway"), card: card) { [health] in
                health.isServing
            } : nil
    }

    /// Where the program is reached once it runs; the ports are the ones that were taken.
    public var zmqEndpoint: String? { addresses.withLock { $0.zmq } }
    public var httpPort: Int? { addresses.withLock { $0.http } }

    /// Serves until the task is cancelled or a signal comes, then drains.
    ///
    /// - Parameter started: called once both doors are open.
    public func run(
        signals: [UnixSignal] = [], started: @escaping @Sendable (Program) -> Void = { _ in }
    ) async throws {
        await health.check(ledger)
        if let door {
            dialer.onAppear { [sender] service in Task { await sender.consumerAppeared(service) } }
            if let curve = settings.curve { thread.admit(only: try curve.admitted()) }
            let endpoint = try await door.open(at: settings.bind, on: thread, curve: settings.curve?.own)
            try await settings.curve?.proveRefusal(at: endpoint, program: settings.service, thread)
            addresses.withLock { $0.zmq = endpoint }
        }
        let entry = zmqEndpoint.map {
            Instances.Entry(
                instanceId: ledger.instanceId, service: settings.service, endpoint: settings.advertise ?? $0)
        }
        let rounds = Rounds(
            entry: entry, ledger: ledger, dialer: dialer, sender: sender, sweeps: sweeps, staticPeers: settings.peers,
            health: health,
            isDraining: { [door] in door?.isDraining ?? false },
            renewAdmission: { [settings, thread] in
                if let curve = settings.curve { thread.admit(only: try curve.admitted()) }
            }, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: Closing(ledger: ledger, thread: thread, dialer: dialer, rounds: rounds)),
                    .init(service: rounds),
                    .init(service: http(started)),
                    .init(service: Draining(door: door, sender: sender, rounds: rounds)),
                ],
                gracefulShutdownSignals: signals, logger: logger))
        self.group.withLock { $0 = group }
        try await group.run()
    }

    /// Drains and ends, as on a signal.
    public func stop() async {
        await group.withLock { $0 }?.triggerGracefulShutdown()
    }

    private func http(_ started: @escaping @Sendable (Program) -> Void) -> some ServiceLifecycle.Service {
        let router = Hummingbird.Router(context: PageContext.self)
        OperatorPages(service: settings.service, ledger: ledger, health: health, metrics: metrics).add(to: router)
        addRoutes(router, self)
        return Application(
            router: router,
            configuration: .init(
                address: .hostname(settings.http.host, port: settings.http.port), serverName: "renling"),
            onServerRunning: { [self] channel in
                addresses.withLock { $0.http = channel.localAddress?.port }
                started(self)
            },
            logger: quiet)
    }

    /// Hummingbird's own words at start are of no use to an operator.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = max(.warning, settings.logLevel)
        return logger
    }
}

/// On shutdown the door and the registry say "draining" to the callers, and the instance finishes what it has, up to 20
/// seconds; then the outbox gets a moment to flush.
private struct Draining: ServiceLifecycle.Service {
    static let secondsMax = 20
    let door: Door?
    let sender: OutboxSender
    let rounds: Rounds

    func run() async throws {
        try? await gracefulShutdown()
        if let door {
            door.announceEnd()
            async let beat: Void = rounds.beat()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await door.drain() }
                group.addTask { try? await Task.sleep(for: .seconds(Self.secondsMax), clock: .continuous) }
                await group.next()
                group.cancelAll()
            }
            await beat
        }
        await sender.keepBooks()
    }
}

/// The last to go: the place in the registry, sockets, then connections.
private struct Closing: ServiceLifecycle.Service {
    let ledger: Ledger
    let thread: SocketThread
    let dialer: Dialer
    let rounds: Rounds

    func run() async throws {
        try? await gracefulShutdown()
        await rounds.leave()
        dialer.close()
        await thread.shutdown()
        await ledger.close()
    }
}

extension MethodTable {
    /// The table with what every program answers about itself.
    func withSystem(_ system: SystemMethods, service: String) -> MethodTable {
        var table = MethodTable([DeadRows.self, Redrive.self] as [any Method<Empty>.Type], of: Empty())
        for entry in entries.values { table.add(entry) }
        system.add(to: &table)
        let described = table
        table.add(
            Entry(
                name: "rpc.discover", roles: [], kind: .read, summary: "OpenRPC 文档",
                params: MethodTable.schema(of: Empty.self, "rpc.discover", takes: []),
                result: ["type": "object"]
            ) { invocation, _ in
                let params = try invocation.head.params.map { try JSONValue(parsing: invocation.body, in: $0) }
                _ = try ParamsDecoder.decode(Empty.self, from: params ?? .object([]), unknownNames: .refused)
                return .init(result: OpenRPC.document(described, title: "Renling \(service)").serialized())
            })
        return table
    }
}
