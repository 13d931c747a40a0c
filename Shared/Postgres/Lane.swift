import Dispatch
import Glibc

/// A serial queue and the connection that lives on it; the connection is made when first needed and replaced when
/// broken.
///
/// `@unchecked Sendable`: everything mutable is touched only on `queue`, which is serial.
final class Lane: @unchecked Sendable {
    private let number: Int
    private let pool: Pool
    private let queue: DispatchQueue
    private var connection: Connection?
    /// Of `connection`.
    private var generation = 0
    private var isClosed = false

    init(_ number: Int, pool: Pool) {
        self.number = number
        self.pool = pool
        queue = DispatchQueue(label: "postgres-\(number)")
    }

    /// Runs the job, and then what has queued up meanwhile. The lane must have been taken from the pool.
    func start(_ first: PoolState.Job) {
        queue.async {
            var next: PoolState.Job? = first
            while let job = next { next = self.run(job) }
        }
    }

    /// Whoever gets an answer finds this lane free for the next call, unless tidying takes a while.
    private func run(_ job: PoolState.Job) -> PoolState.Job? {
        if isClosed { job.refuse(PoolState.closed) }
        let answer = isClosed ? {} : job.run(self)
        let isSlowToTidy = connection?.wire.isOverdue ?? false
        if isSlowToTidy { answer() }
        tidy()
        let next = pool.release(lane: number, isConnected: connection != nil)
        if !isSlowToTidy { answer() }
        return next
    }

    /// Closes the connection when the running job has ended.
    func close() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.isClosed = true
                self.connection = nil
                continuation.resume()
            }
        }
    }

    /// Runs a transaction until it is committed or `Retry` gives up. For a job, on `queue`.
    func transaction<T>(
        _ access: Connection.Access, deadline: ContinuousClock.Instant?, retryUnknown: Bool,
        _ body: (Connection) throws -> T
    ) throws -> T {
        var retry = Retry(access, retryUnknown: retryUnknown)
        while true {
            do {
                let connection = try usableConnection()
                if access != .readOnly { try checkDurability(of: connection) }
                connection.wire.deadline = deadline
                return try connection.transaction(access, body)
            } catch {
                noteState(of: error, access)
                let isInTime = deadline.map { ContinuousClock.now < $0 } ?? true
                switch retry.verdict(on: error, isInTime: isInTime, jitter: .random(in: 0..<1)) {
                case .giveUp(let error):
                    throw error
                case .again(let wait, let onNewConnection):
                    if onNewConnection { connection = nil }
                    // This is the lane's own thread; no task waits on it.
                    usleep(UInt32(wait / .microseconds(1)))
                }
            }
        }
    }

    /// Brings the connection into a state for the next job.
    ///
    /// A COMMIT that has not been answered is left to go on: cancelling it would make visible what no standby has, and
    /// leaving it behind would let such sessions pile up on the server. So the lane waits, and the pool is the limit.
    private func tidy() {
        guard let wire = connection?.wire, wire.isOverdue || wire.isBroken else { return }
        if wire.isOverdue, wire.isCommitting {
            wire.settle { !self.pool.isClosed }
        } else if wire.isOverdue {
            wire.abandon()
        }
        connection = nil
    }

    private func usableConnection() throws -> Connection {
        if let connection {
            if generation == pool.generation, connection.wire.isAlive { return connection }
            if connection.wire.notices.doubts.contains("57P01") { pool.retire(generation) }
            self.connection = nil
        }
        // Read before connecting: a retirement during the attempt then applies to its result.
        generation = pool.generation
        let connection = try pool.connect()
        self.connection = connection
        return connection
    }

    /// A server that is not trusted is asked for its settings again the next time.
    private func checkDurability(of connection: Connection) throws {
        guard let problem = connection.settings.flatMap(pool.refusal) else { return }
        self.connection = nil
        throw problem
    }

    /// A server that stops or has been demoted ends the use of every connection made so far.
    private func noteState(of error: any Error, _ access: Connection.Access) {
        guard let error = error as? PostgresError else { return }
        if error.code == .adminShutdown || (error.code == .readOnly && access != .readOnly) {
            pool.retire(generation)
            connection = nil
        }
    }
}
