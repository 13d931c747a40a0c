import CZeroMQ
import Glibc

/// One libzmq socket. Not Sendable: the socket thread makes, uses and closes it.
final class Socket {
    enum Outcome { case sent, unreachable, full }
    enum Reading {
        case nothing, overlong
        /// - userId: What the ZAP handler called the sender.
        case message(frames: [[UInt8]], userId: String?)
    }

    let raw: UnsafeMutableRawPointer
    private var isOpen = true

    init(_ kind: Int32, in context: UnsafeMutableRawPointer) throws(ZeroMQError) {
        guard let raw = zmq_socket(context, kind) else { throw .last("zmq_socket") }
        self.raw = raw
    }

    deinit { close() }

    func close() {
        guard isOpen else { return }
        isOpen = false
        zmq_close(raw)
    }

    func set(_ option: Int32, _ value: Int32) throws(ZeroMQError) {
        try set(option, bytesOf: value)
    }

    /// For the one option that is 64 bits wide.
    func set(_ option: Int32, wide value: Int64) throws(ZeroMQError) {
        try set(option, bytesOf: value)
    }

    func set(_ option: Int32, _ text: String) throws(ZeroMQError) {
        guard zmq_setsockopt(raw, option, text, text.utf8.count) == 0 else { throw .last("zmq_setsockopt \(option)") }
    }

    private func set(_ option: Int32, bytesOf value: some FixedWidthInteger) throws(ZeroMQError) {
        let result = withUnsafeBytes(of: value) { zmq_setsockopt(raw, option, $0.baseAddress, $0.count) }
        guard result == 0 else { throw .last("zmq_setsockopt \(option)") }
    }

    func bind(_ endpoint: String) throws(ZeroMQError) -> String {
        guard zmq_bind(raw, endpoint) == 0 else { throw .last("zmq_bind \(endpoint)") }
        var actual = [UInt8](repeating: 0, count: 256)
        var size = actual.count
        guard zmq_getsockopt(raw, ZMQ_LAST_ENDPOINT, &actual, &size) == 0 else { throw .last("ZMQ_LAST_ENDPOINT") }
        return String(decoding: actual.prefix { $0 != 0 }, as: UTF8.self)
    }

    func connect(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_connect(raw, endpoint) == 0 else { throw .last("zmq_connect \(endpoint)") }
    }

    /// Reads one whole message, however long. Its parts arrive together: after the first, the others are there.
    ///
    /// - Parameters:
    ///   - part: An initialised message to read through; it holds the last part afterwards.
    ///   - isRouted: Whether a routing id comes first. It is the first of the frames but does not count as one.
    func read(through part: UnsafeMutablePointer<zmq_msg_t>, isRouted: Bool, framesMax: Int, bytesMax: Int) -> Reading {
        guard zmq_msg_recv(part, raw, ZMQ_DONTWAIT) >= 0 else { return .nothing }
        var frames: [[UInt8]] = []
        var count = isRouted ? -1 : 0
        var bytes = 0
        repeat {
            count += 1
            if count > 0 { bytes += zmq_msg_size(part) }
            if count <= framesMax && bytes <= bytesMax {
                frames.append([UInt8](UnsafeRawBufferPointer(start: zmq_msg_data(part), count: zmq_msg_size(part))))
            } else {
                frames = []
            }
        } while zmq_msg_more(part) != 0 && zmq_msg_recv(part, raw, ZMQ_DONTWAIT) >= 0
        guard count <= framesMax, bytes <= bytesMax else { return .overlong }
        return .message(frames: frames, userId: zmq_msg_gets(part, "User-Id").map { String(cString: $0) })
    }

    /// Sends one whole message without waiting.
    ///
    /// Only the first part is refused before anything was written. If the connection dies between two parts, libzmq
    /// answers EAGAIN once and then swallows parts until the message ends; it has to be given them, or it swallows the
    /// next message.
    func send(_ frames: [[UInt8]]) -> Outcome {
        var outcome = Outcome.sent
        for (index, frame) in frames.enumerated() {
            let flags = index < frames.count - 1 ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT
            let result = frame.withUnsafeBytes { zmq_send(raw, $0.baseAddress, $0.count, flags) }
            guard result < 0 else { continue }
            outcome = zmq_errno() == EHOSTUNREACH ? .unreachable : .full
            if index == 0 { break }
        }
        return outcome
    }
}
