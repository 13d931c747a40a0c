import CZeroMQ

/// How a socket behaves; the defaults are the rules of this system for libzmq 4.3.4.
///
/// Not to be chosen: LINGER 0 (until `shutdown`), IMMEDIATE 1 (nothing is queued for a peer that is not there),
/// RCVHWM 0 (a finite mark with heartbeats and a paused reader aborts the process), IPv6 off, keepalive 30/10/3 s,
/// and on ROUTERs MANDATORY 1 and HANDOVER 0.
public struct SocketOptions: Sendable {
    /// Messages waiting for one peer before a send is refused. libzmq learns what the peer took in steps of half of it,
    /// so a peer that keeps up is only certain to accept `sendMax / 2 + 1` messages in flight.
    public var sendMax: Int32 = 1000
    /// Bytes of a whole message without the routing id: 8 MiB of body, 64 KiB for the other frames. A peer whose single
    /// frame is longer is disconnected; a longer sum is read and dropped.
    public var messageBytesMax = 8 * 1_048_576 + 65_536
    /// Frames of a message without the routing id; a longer message is read and dropped.
    public var framesMax = 8
    /// A connection that has not finished its handshake by then is closed.
    public var handshakeMs: Int32 = 5000
    /// How often a PING is sent; 0 sends none.
    public var heartbeatMs: Int32 = 2000
    /// How long a PING may go without any answer.
    public var heartbeatTimeoutMs: Int32 = 6000
    /// How long the other side is told to wait for our PINGs; whole tenths of a second.
    public var heartbeatLifeMs: Int32 = 10_000
    /// How long sent bytes may go unacknowledged by TCP.
    public var unacknowledgedMs: Int32 = 15_000
    /// How long one TCP connect may take. The system's own patience, over two minutes with pauses of up to a minute,
    /// would outlast a healed partition.
    public var connectMs: Int32 = 3000
    /// The pause before dialling again; doubled up to `reconnectMaxMs`.
    public var reconnectMs: Int32 = 100
    public var reconnectMaxMs: Int32 = 5000

    public init() {}

    /// What CURVE adds to a frame on the wire (33 bytes), rounded up.
    private static let encryptionBytes = 64

    func apply(to socket: Socket, isRouter: Bool) throws(ZeroMQError) {
        try socket.set(ZMQ_LINGER, 0)
        try socket.set(ZMQ_IMMEDIATE, 1)
        try socket.set(ZMQ_SNDHWM, sendMax)
        try socket.set(ZMQ_RCVHWM, 0)
        try socket.set(ZMQ_MAXMSGSIZE, wide: Int64(messageBytesMax + Self.encryptionBytes))
        try socket.set(ZMQ_HANDSHAKE_IVL, handshakeMs)
        try socket.set(ZMQ_HEARTBEAT_IVL, heartbeatMs)
        try socket.set(ZMQ_HEARTBEAT_TIMEOUT, heartbeatTimeoutMs)
        try socket.set(ZMQ_HEARTBEAT_TTL, heartbeatLifeMs)
        try socket.set(ZMQ_TCP_KEEPALIVE, 1)
        try socket.set(ZMQ_TCP_KEEPALIVE_IDLE, 30)
        try socket.set(ZMQ_TCP_KEEPALIVE_INTVL, 10)
        try socket.set(ZMQ_TCP_KEEPALIVE_CNT, 3)
        try socket.set(ZMQ_TCP_MAXRT, unacknowledgedMs)
        try socket.set(ZMQ_CONNECT_TIMEOUT, connectMs)
        try socket.set(ZMQ_RECONNECT_IVL, reconnectMs)
        try socket.set(ZMQ_RECONNECT_IVL_MAX, reconnectMaxMs)
        try socket.set(ZMQ_IPV6, 0)
        guard isRouter else { return }
        try socket.set(ZMQ_ROUTER_MANDATORY, 1)
        try socket.set(ZMQ_ROUTER_HANDOVER, 0)
    }

    func accepts(_ frames: [[UInt8]]) -> Bool {
        frames.count <= framesMax && frames.byteCount <= messageBytesMax
    }
}

extension [[UInt8]] {
    var byteCount: Int { reduce(0) { $0 + $1.count } }
}
