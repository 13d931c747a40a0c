/// What `Calls` is told and what it says is to be done.
extension Calls {
    struct Limits: Sendable {
        /// In hand at one instance. libzmq reports progress in steps of half its high-water mark (1,000), so that more
        /// could be refused.
        var windowMax = 500
        var waitingMax = 4096
        var waitingBytesMax = 64 << 20
        var triesMax = 3
        /// Enough for a whole window.
        var retriesMax = 500
    }

    enum Failure: Error, Sendable {
        /// The time is over, and whether the request had an effect is not known.
        case deadline
        /// No instance could be reached in time, or the request may not be sent again.
        case unavailable
        /// Every instance that was asked is busy, or too much waits already: there was no effect.
        case overloaded
    }

    enum Action: Sendable, Equatable {
        case send(ID, number: Number, to: Peers.Key, budgetMs: Int)
        case ping(number: Number, to: Peers.Key)
        case answered(ID, version: String?)
        case failed(ID, Failure)
        /// An instance of that service can be sent requests now.
        case appeared(service: String)
        /// A reply came that nobody waits for any more.
        case late
    }

    /// What a message from an instance is.
    enum Kind: Sendable { case reply, busy, draining, pong }
}
