/// Who runs, who waits, who is refused. A struct whose functions return what is to be done; `Database` does it outside
/// the lock. Lanes are numbers here.
struct PoolState {
    /// A transaction that has not begun.
    struct Job: Sendable {
        let patience: Patience
        /// Runs it; what is returned answers its caller.
        let run: @Sendable (Lane) -> @Sendable () -> Void
        /// Answers its caller without running it.
        let refuse: @Sendable (PostgresError) -> Void
    }

    enum Admission {
        case run(lane: Int)
        /// `alarm`: when `expire` is to be called, if that is not arranged yet.
        case wait(alarm: ContinuousClock.Instant?)
        case refuse(PostgresError)
    }

    static let expired = PostgresError(.deadline, "the deadline passed while waiting for a connection")
    static let overdue = PostgresError(.busy, "too much of the time was spent waiting for a connection")
    static let closed = PostgresError(.closed, "the database is closed")

    let waitingMax: Int
    /// Taken from the end: the lane used last is the one whose connection and caches are warm. Lanes without a
    /// connection are at the front.
    private(set) var idle: [Int]
    private(set) var waiting = JobQueue()
    private(set) var isClosed = false
    private var alarm: ContinuousClock.Instant?

    /// Connections of an older generation are replaced before they are used again.
    private(set) var generation = 0
    private var connectFailures = 0
    private var connectNotBefore: ContinuousClock.Instant?
    private var connectError: PostgresError?

    init(lanes: Int, waitingMax: Int) {
        idle = Array((0..<lanes).reversed())
        self.waitingMax = waitingMax
    }

    mutating func admit(_ job: Job, now: ContinuousClock.Instant) -> Admission {
        if isClosed { return .refuse(Self.closed) }
        if let refusal = job.patience.refusal(at: now) { return .refuse(refusal) }
        if let lane = idle.popLast() { return .run(lane: lane) }
        guard waiting.count < waitingMax else {
            return .refuse(PostgresError(.busy, "\(waitingMax) callers wait for a connection already"))
        }
        waiting.append(job)
        guard let end = job.patience.end, alarm.map({ end < $0 }) ?? true else { return .wait(alarm: nil) }
        alarm = end
        return .wait(alarm: end)
    }

    /// A lane has finished its job: the next one for it, and those on the way to it whose time is over.
    mutating func release(
        lane: Int, isConnected: Bool, now: ContinuousClock.Instant
    ) -> (next: Job?, refused: [(Job, PostgresError)]) {
        var refused: [(Job, PostgresError)] = []
        while let job = waiting.popFirst() {
            guard let refusal = job.patience.refusal(at: now) else { return (job, refused) }
            refused.append((job, refusal))
        }
        if isConnected { idle.append(lane) } else { idle.insert(lane, at: 0) }
        return (nil, refused)
    }

    /// The alarm rang: those whose time is over, and when to ring again.
    mutating func expire(
        now: ContinuousClock.Instant
    ) -> (refused: [(Job, PostgresError)], alarm: ContinuousClock.Instant?) {
        let refused = waiting.remove { $0.patience.refusal(at: now) != nil }
        alarm = waiting.earliestEnd
        return (refused.map { ($0, $0.patience.refusal(at: now) ?? Self.expired) }, alarm)
    }

    /// From now on everything is refused; returns those who waited.
    mutating func close() -> [Job] {
        isClosed = true
        return waiting.remove { _ in true }
    }
}

extension PoolState {
    static let backoffMin = Duration.milliseconds(50)
    static let backoffMax = Duration.seconds(2)

    /// The reason for not trying to connect now: the last attempt failed a moment ago.
    func reasonNotToConnect(now: ContinuousClock.Instant) -> PostgresError? {
        guard let connectNotBefore, now < connectNotBefore else { return nil }
        return connectError
    }

    mutating func connected() {
        connectFailures = 0
        connectNotBefore = nil
        connectError = nil
    }

    /// The wait doubles from 50 ms to 2 s and is shortened by up to half. An attempt that began before the last failure
    /// was known does not double it again.
    ///
    /// - Parameter jitter: 0 up to 1.
    mutating func connectFailed(
        _ error: PostgresError, began: ContinuousClock.Instant, now: ContinuousClock.Instant, jitter: Double
    ) {
        connectError = error
        if let connectNotBefore, began < connectNotBefore { return }
        let wait = min(Self.backoffMax, Self.backoffMin * (1 << min(connectFailures, 6)))
        connectFailures += 1
        connectNotBefore = now + wait * (1 - jitter / 2)
    }

    /// The server is going away or has been demoted: no connection made before now is used again. Only the first
    /// one to notice counts, so that replacements are not dropped by the late ones.
    mutating func retire(_ generation: Int) {
        if generation == self.generation { self.generation += 1 }
    }
}

/// First in, first out.
struct JobQueue {
    private var jobs: [PoolState.Job] = []
    private var head = 0

    var count: Int { jobs.count - head }
    var earliestEnd: ContinuousClock.Instant? { jobs[head...].lazy.compactMap(\.patience.end).min() }

    mutating func append(_ job: PoolState.Job) { jobs.append(job) }

    mutating func popFirst() -> PoolState.Job? {
        guard head < jobs.count else { return nil }
        let job = jobs[head]
        head += 1
        // Moves the rest down seldom enough that a pop costs a constant on average.
        if head * 2 > jobs.count {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }

    mutating func remove(where isUnwanted: (PoolState.Job) -> Bool) -> [PoolState.Job] {
        let removed = jobs[head...].filter(isUnwanted)
        if !removed.isEmpty {
            jobs = jobs[head...].filter { !isUnwanted($0) }
            head = 0
        }
        return removed
    }
}
