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
}
