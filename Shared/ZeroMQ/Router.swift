import Synchronization

/// One connection to a ROUTER. libzmq makes a new one each time a peer connects; it says nothing about who the peer is.
public struct PeerID: Hashable, Sendable {
    public let bytes: [UInt8]
    public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// A message that reached a ROUTER. A REQ peer's begins with an empty frame, and so must its reply.
public struct Incoming: Sendable {
    public var peer: PeerID
    /// The client's CURVE public key in Z85, proven by the handshake; `nil` on a plain socket.
    public var publicKey: String?
    public var frames: [[UInt8]]

    public init(peer: PeerID, publicKey: String? = nil, frames: [[UInt8]]) {
        self.peer = peer
        self.publicKey = publicKey
        self.frames = frames
    }
}

/// Totals of one socket since it was opened.
public struct SocketCounts: Sendable, Equatable {
    /// Messages handed to `receive`.
    public var received = 0
    /// Messages libzmq accepted. Not a promise that they arrive.
    public var sent = 0
    /// ROUTER: messages dropped because their peer is gone.
    public var unreachable = 0
    /// ROUTER: messages dropped because their peer does not keep up. DEALER: messages refused for that reason or for
    /// want of a peer.
    public var full = 0
    /// Messages that arrived with too many frames or bytes and were dropped.
    public var overlong = 0
}

/// A bound ROUTER socket. It lives on the socket thread until `close` or the thread's `shutdown`.
public final class Router: Sendable {
    /// Where it listens, the port filled in.
    public let endpoint: String
    public let options: SocketOptions
    public var counts: SocketCounts { counters.now }

    let id: SocketID
    let counters: Counters
    private let queue: CommandQueue

    init(id: SocketID, endpoint: String, options: SocketOptions, counters: Counters, queue: CommandQueue) {
        self.id = id
        self.endpoint = endpoint
        self.options = options
        self.counters = counters
        self.queue = queue
    }

    /// Hands a message to the socket thread. From there it leaves, or it is counted as unreachable or full.
    ///
    /// - Parameter frames: At least one.
    /// - Returns: `false` when nothing was queued: the queue is at its limit, the thread is shut down, or the message
    ///   is over the limits in `options`, which no peer would accept.
    public func send(to peer: PeerID, frames: [[UInt8]]) -> Bool {
        precondition(!frames.isEmpty, "a message has at least one frame")
        guard options.accepts(frames) else { return false }
        return queue.pushMessage(.route(self, peer, frames), bytes: frames.byteCount)
    }

    /// Closes it after everything queued before. What libzmq has not yet written is lost.
    public func close() {
        // After a shutdown there is nothing left to close.
        _ = queue.push(.close(id))
    }
}

/// The live form of `SocketCounts`: counted on the socket thread, read anywhere.
final class Counters: Sendable {
    private let received = Atomic(0)
    private let sent = Atomic(0)
    private let unreachable = Atomic(0)
    private let full = Atomic(0)
    private let overlong = Atomic(0)

    var now: SocketCounts {
        SocketCounts(
            received: received.load(ordering: .relaxed), sent: sent.load(ordering: .relaxed),
            unreachable: unreachable.load(ordering: .relaxed), full: full.load(ordering: .relaxed),
            overlong: overlong.load(ordering: .relaxed))
    }

    func countReceived() { received.add(1, ordering: .relaxed) }
    func countOverlong() { overlong.add(1, ordering: .relaxed) }

    func count(_ outcome: Socket.Outcome) {
        switch outcome {
        case .sent: sent.add(1, ordering: .relaxed)
        case .unreachable: unreachable.add(1, ordering: .relaxed)
        case .full: full.add(1, ordering: .relaxed)
        }
    }
}
