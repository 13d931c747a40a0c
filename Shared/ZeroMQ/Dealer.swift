/// A DEALER socket that connects to one peer. It lives on the socket thread until `close` or the thread's `shutdown`.
///
/// It dials by itself, for ever. libzmq gives up a connection after a protocol error (a key not admitted yet, another
/// program on that port); a dealer that has been refused for `reconnectMaxMs` is therefore dialled afresh.
public final class Dealer: Sendable {
    public let endpoint: String
    public let options: SocketOptions
    public var counts: SocketCounts { counters.now }

    let id: SocketID
    let counters: Counters
    /// Called on the socket thread with a message that will not leave.
    let refused: @Sendable ([[UInt8]]) -> Void
    private let queue: CommandQueue

    init(
        id: SocketID, endpoint: String, options: SocketOptions, counters: Counters, queue: CommandQueue,
        refused: @escaping @Sendable ([[UInt8]]) -> Void
    ) {
        self.id = id
        self.endpoint = endpoint
        self.options = options
        self.counters = counters
        self.queue = queue
        self.refused = refused
    }

    /// Hands a message to the socket thread. If no peer is connected, the peer does not keep up or the dealer is
    /// closed, the thread gives it back through `refused`, so that another instance can be tried at once. Otherwise
    /// libzmq has it, which promises nothing: whoever gets no reply asks again.
    ///
    /// - Parameter frames: At least one.
    /// - Returns: `false` when nothing was queued: the queue is at its limit, the thread is shut down, or the message
    ///   is over the limits in `options`, which no peer would accept. `refused` is not called then.
    public func send(_ frames: [[UInt8]]) -> Bool {
        precondition(!frames.isEmpty, "a message has at least one frame")
        guard options.accepts(frames) else { return false }
        return queue.pushMessage(.deal(self, frames), bytes: frames.byteCount)
    }

    /// Closes it after everything queued before. What libzmq has not yet written is lost; later messages are refused.
    public func close() {
        // After a shutdown there is nothing left to close.
        _ = queue.push(.close(id))
    }
}
