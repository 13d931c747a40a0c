import Dispatch
import Synchronization

/// A bounded set of connections, each alone on its own serial queue.
///
/// A caller gets the idle connection used last; when there is none it waits its turn, up to its deadline, and when
/// too many wait it is refused at once. Nothing connects before the first transaction. While the server is away a call
/// fails after at most one attempt to connect, and at once when an attempt has just failed. Dead connections are
/// replaced, and transactions run again where `Retry` says that this is safe.
///
/// A deadline ends the waiting for PostgreSQL, too: a statement is cancelled (`.deadline`), while a COMMIT is not,
/// and its caller is told `.outcomeUnknown`. It does not cut short an attempt to connect.
public final class Database: Sendable {
    public struct Load: Sendable, Equatable {
        public var idle: Int
        public var running: Int
        public var waiting: Int
    }

    private let pool: Pool
    private let lanes: [Lane]

    /// - Parameters:
    ///   - connections: 1…64
    ///   - waitingMax: how many callers may wait for a connection.
    ///   - unsafeAllowed: settings of the server (`ServerSettings.unsafe`) that do not keep it from being written to.
    ///   - prepares: keep statements parsed on the server. Not behind a pooler that hands out a session per
    ///     transaction; nor where a list is asked for in many ways, each of which wants a plan of its own.
    public init(
        _ string: ConnectionString, connections: Int, waitingMax: Int = 4096, applicationName: String = "renling",
        unsafeAllowed: Set<String> = [], prepares: Bool = false
    ) {
        precondition((1...64).contains(connections) && waitingMax >= 0)
        let pool = Pool(
            string.setting("application_name", orElse: applicationName)
                .setting("target_session_attrs", orElse: "read-write"),
            lanes: connections, waitingMax: waitingMax, unsafeAllowed: unsafeAllowed, prepares: prepares)
        self.pool = pool
        lanes = (0..<connections).map { Lane($0, pool: pool) }
    }

    /// Runs `body` in a transaction, READ COMMITTED, and commits it. There is no `await` inside, so a transaction never
    /// waits for the network. `body` may run several times, and must keep nothing from an earlier run.
    ///
    /// - Parameters:
    ///   - access: `.unsynced` for what may be lost again.
    ///   - patience: when the caller has no use for an answer any more, and how long it waits for a connection.
    ///   - retryUnknown: run `body` again when the outcome of COMMIT is unknown. Only for a body that looks up an
    ///     idempotency key in the same transaction, and writes something even when it finds it: what another
    ///     connection committed may still be waiting for a standby, and only a COMMIT of one's own waits behind it.
    /// - Throws: what `body` throws, after ROLLBACK. Of all errors, only `.outcomeUnknown` may leave anything written.
    @discardableResult
    public func transaction<T: Sendable>(
        _ access: Connection.Access = .readWrite, patience: Patience = .endless, retryUnknown: Bool = false,
        _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await run(access, patience, retryUnknown, body)
    }

    /// The same, READ ONLY. It may run again whenever the connection is lost.
    public func read<T: Sendable>(
        patience: Patience = .endless, _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await run(.readOnly, patience, false, body)
    }

    /// Has every connection made so far replaced before it is used again.
    public func renewConnections() { pool.retire(pool.generation) }

    public var load: Load {
        let (idle, waiting) = pool.state.withLock { ($0.idle.count, $0.waiting.count) }
        return Load(idle: idle, running: lanes.count - idle, waiting: waiting)
    }

    /// Refuses those who wait and whoever comes, and returns when running work has ended and all connections are
    /// closed.
    public func close() async {
        for job in pool.state.withLock({ $0.close() }) { job.refuse(PoolState.closed) }
        for lane in lanes { await lane.close() }
    }

    private func run<T: Sendable>(
        _ access: Connection.Access, _ patience: Patience, _ retryUnknown: Bool,
        _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let job = PoolState.Job(patience: patience) { lane in
                let result = Result {
                    try lane.transaction(access, deadline: patience.deadline, retryUnknown: retryUnknown, body)
                }
                return { continuation.resume(with: result) }
            } refuse: { error in
                continuation.resume(throwing: error)
            }
            switch pool.state.withLock({ $0.admit(job, now: .now) }) {
            case .run(let lane): lanes[lane].start(job)
            case .wait(let alarm): pool.ring(at: alarm)
            case .refuse(let error): job.refuse(error)
            }
        }
    }
}

/// What the lanes of a database share.
final class Pool: Sendable {
    let state: Mutex<PoolState>
    private let string: ConnectionString
    private let unsafeAllowed: Set<String>
    private let prepares: Bool
    private let alarms = DispatchQueue(label: "postgres-alarms")

    init(_ string: ConnectionString, lanes: Int, waitingMax: Int, unsafeAllowed: Set<String>, prepares: Bool) {
        self.string = string
        self.prepares = prepares
        self.unsafeAllowed = unsafeAllowed
        state = Mutex(PoolState(lanes: lanes, waitingMax: waitingMax))
    }

    var generation: Int { state.withLock { $0.generation } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func retire(_ generation: Int) { state.withLock { $0.retire(generation) } }

    func release(lane: Int, isConnected: Bool) -> PoolState.Job? {
        let (next, refused) = state.withLock { $0.release(lane: lane, isConnected: isConnected, now: .now) }
        for (job, error) in refused { job.refuse(error) }
        return next
    }

    /// Why a server with such settings must not be written to.
    func refusal(of settings: ServerSettings) -> PostgresError? {
        let unsafe = settings.unsafe.subtracting(unsafeAllowed).sorted()
        guard !unsafe.isEmpty else { return nil }
        return PostgresError(.notDurable, "the server may lose what it commits: \(unsafe.joined(separator: ", "))")
    }

    /// Blocks; for a lane's thread.
    func connect() throws -> Connection {
        let began = ContinuousClock.now
        if let error = state.withLock({ $0.reasonNotToConnect(now: began) }) { throw error }
        do {
            let connection = try Connection(string, prepares: prepares)
            state.withLock { $0.connected() }
            return connection
        } catch let error as PostgresError {
            let error = error.code == .connectionLost ? PostgresError(.connectionRefused, error.message) : error
            state.withLock { $0.connectFailed(error, began: began, now: .now, jitter: .random(in: 0..<1)) }
            throw error
        }
    }

    func ring(at alarm: ContinuousClock.Instant?) {
        guard let alarm else { return }
        let delay = max(0, ContinuousClock.now.duration(to: alarm).milliseconds + 1)
        alarms.asyncAfter(deadline: .now() + .milliseconds(Int(clamping: delay))) {
            let (refused, next) = self.state.withLock { $0.expire(now: .now) }
            for (job, error) in refused { job.refuse(error) }
            self.ring(at: next)
        }
    }
}
