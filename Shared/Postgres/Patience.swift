/// How long a caller waits: for a connection, and for everything.
public struct Patience: Sendable, Equatable {
    /// When it has no use for an answer any more.
    public var deadline: ContinuousClock.Instant?
    /// When it would rather be told that the database is busy than wait on for a connection.
    public var beginBy: ContinuousClock.Instant?

    public static let endless = Patience()

    public init(deadline: ContinuousClock.Instant? = nil, beginBy: ContinuousClock.Instant? = nil) {
        self.deadline = deadline
        self.beginBy = beginBy
    }

    /// Half of what is left until `deadline` may be spent waiting for a connection.
    public init(until deadline: ContinuousClock.Instant, from now: ContinuousClock.Instant = .now) {
        self.init(deadline: deadline, beginBy: now + now.duration(to: deadline) / 2)
    }

    /// The first of the two.
    var end: ContinuousClock.Instant? {
        guard let deadline, let beginBy else { return deadline ?? beginBy }
        return min(deadline, beginBy)
    }

    /// Of a group the one that waits longest.
    public static func longest(_ patiences: [Patience]) -> Patience {
        func latest(_ ends: [ContinuousClock.Instant?]) -> ContinuousClock.Instant? {
            ends.contains(nil) ? nil : ends.compactMap { $0 }.max()
        }
        return Patience(deadline: latest(patiences.map(\.deadline)), beginBy: latest(patiences.map(\.beginBy)))
    }

    /// Why what has waited until now is not to be begun any more.
    public func refusal(at now: ContinuousClock.Instant) -> PostgresError? {
        if let deadline, deadline <= now { return PoolState.expired }
        if let beginBy, beginBy <= now { return PoolState.overdue }
        return nil
    }
}
