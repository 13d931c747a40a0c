import CZeroMQ
import Glibc

/// What went wrong with a socket, a key or the socket thread. Sends do not throw: they answer `false`, or are counted.
public struct ZeroMQError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        /// `shutdown` was called before.
        case stopped
        case invalidEndpoint
        case addressInUse
        /// The address does not belong to this host.
        case addressUnavailable
        /// Not 40 characters of Z85.
        case invalidKey
        /// Out of sockets, descriptors, threads or memory.
        case limit
        case system
    }

    public let code: Code
    /// The number from libzmq or the system, 0 when there is none.
    public let errno: Int32
    /// The call that failed and its endpoint or option; never a key.
    public let operation: String

    public var message: String {
        switch code {
        case .stopped: "\(operation): the socket thread has been shut down"
        case .invalidKey: "\(operation): a CURVE key is 40 characters of Z85"
        default: "\(operation): \(String(cString: zmq_strerror(errno)))"
        }
    }

    /// Whether the same call may succeed later.
    public var isRetryable: Bool { code == .addressInUse || code == .limit }
    public var description: String { message }

    init(_ code: Code, _ operation: String, errno: Int32 = 0) {
        self.code = code
        self.errno = errno
        self.operation = operation
    }

    /// From the number a failed libzmq call left behind on this thread.
    static func last(_ operation: String) -> ZeroMQError { system(zmq_errno(), operation) }

    static func system(_ errno: Int32, _ operation: String) -> ZeroMQError {
        let code: Code =
            switch errno {
            case EINVAL, EPROTONOSUPPORT, ENOCOMPATPROTO: .invalidEndpoint
            case EADDRINUSE: .addressInUse
            case EADDRNOTAVAIL, ENODEV: .addressUnavailable
            case EMFILE, ENFILE, ENOMEM, EAGAIN: .limit
            default: .system
            }
        return ZeroMQError(code, operation, errno: errno)
    }
}
