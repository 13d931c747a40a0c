import Dispatch
import Glibc
import Testing

/// A TCP connection that speaks ZMTP 3.0 with the NULL mechanism by hand (https://rfc.zeromq.org/spec/23), so that a
/// test can stop in the middle of anything. Blocking calls run on a queue of its own; reads fail after ten seconds.
final class RawPeer: Sendable {
    struct Failure: Error { let call: String }
    /// One frame off the wire; a command has its name in front.
    struct Frame: Equatable {
        var flags: UInt8
        var body: [UInt8]
    }

    private static let more: UInt8 = 1
    private static let long: UInt8 = 2
    private static let command: UInt8 = 4

    private let socket: Int32
    private let queue = DispatchQueue(label: "raw-peer")

    private init(socket: Int32) {
        self.socket = socket
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { _ = Glibc.close(socket) }

    static func connect(to port: UInt16) throws -> RawPeer {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try RawListener.withAddress(port) { Glibc.connect(socket, $0, $1) }
        return RawPeer(socket: socket)
    }

    static func accepted(_ socket: Int32) -> RawPeer { RawPeer(socket: socket) }

    /// Greets and says READY.
    func shakeHands(as type: String) async throws {
        try await sendGreeting()
        let greeting = try await read(64)
        #expect(greeting[12..<32].starts(with: bytes("NULL") + [0]))
        let name = bytes("Socket-Type")
        let property = [UInt8(name.count)] + name + [0, 0, 0, UInt8(type.utf8.count)] + bytes(type)
        let ready = [5] + bytes("READY") + property
        try await write([Self.command, UInt8(ready.count)] + ready)
        let answer = try await readFrame()
        #expect(answer.flags == Self.command && answer.body.starts(with: [5] + bytes("READY")))
    }

    func sendGreeting() async throws {
        let signature: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F]
        let mechanism = bytes("NULL") + [UInt8](repeating: 0, count: 16)
        try await write(signature + [3, 0] + mechanism + [UInt8](repeating: 0, count: 32))
    }

    func send(_ frames: [[UInt8]]) async throws {
        var wire: [UInt8] = []
        for (index, frame) in frames.enumerated() {
            let flags = index < frames.count - 1 ? Self.more : 0
            if frame.count < 256 {
                wire += [flags, UInt8(frame.count)] + frame
            } else {
                wire += [flags | Self.long] + Self.bigEndian(frame.count) + frame
            }
        }
        try await write(wire)
    }

    /// The head of a long frame, without its body.
    func sendHead(bodyBytes: Int) async throws { try await write([Self.long] + Self.bigEndian(bodyBytes)) }

    func sendRaw(_ wire: [UInt8]) async throws { try await write(wire) }

    /// Frames of the next message; commands in between are skipped.
    func readMessage() async throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while true {
            let frame = try await readFrame()
            if frame.flags & Self.command != 0 { continue }
            frames.append(frame.body)
            if frame.flags & Self.more == 0 { return frames }
        }
    }

    /// Waits for a heartbeat and answers it; everything else is skipped.
    func answerPing() async throws {
        while true {
            let frame = try await readFrame()
            if frame.flags & Self.command != 0, frame.body.starts(with: [4] + bytes("PING")) { break }
        }
        let pong = [4] + bytes("PONG")
        try await write([Self.command, UInt8(pong.count)] + pong)
    }

    /// Reads until the other side closes the connection.
    /// - Returns: How many bytes it still said; `nil` when it does not close.
    func bytesUntilClosed() async throws -> Int? {
        try await run { socket in
            var byte: UInt8 = 0
            var total = 0
            while true {
                let count = recv(socket, &byte, 1, 0)
                if count == 0 || (count < 0 && errno == ECONNRESET) { return total }
                if count < 0 { return nil }
                total += 1
            }
        }
    }

    func isClosedByPeer() async throws -> Bool { try await bytesUntilClosed() != nil }

    private func readFrame() async throws -> Frame {
        let flags = try await read(1)[0]
        let size = try await read(flags & Self.long == 0 ? 1 : 8).reduce(0) { $0 << 8 | Int($1) }
        return Frame(flags: flags, body: try await read(size))
    }

    private func read(_ count: Int) async throws -> [UInt8] {
        guard count > 0 else { return [] }
        return try await run { socket in
            var buffer = [UInt8](repeating: 0, count: count)
            guard recv(socket, &buffer, count, Int32(MSG_WAITALL)) == count else { throw Failure(call: "recv") }
            return buffer
        }
    }

    private func write(_ wire: [UInt8]) async throws {
        try await run { socket in
            var sent = 0
            while sent < wire.count {
                let count = wire[sent...].withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Failure(call: "send") }
                sent += count
            }
        }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable (Int32) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body(self.socket) }) }
        }
    }

    private static func bigEndian(_ count: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
    }
}

/// A TCP port on 127.0.0.1.
final class RawListener: Sendable {
    let port: UInt16
    private let socket: Int32
    private let queue = DispatchQueue(label: "raw-listener")

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let socket = socket
        try Self.withAddress(0) { Glibc.bind(socket, $0, $1) }
        guard listen(socket, 8) == 0 else { throw RawPeer.Failure(call: "listen") }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { _ = Glibc.close(socket) }

    func accept() async throws -> RawPeer {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                let accepted = Glibc.accept(self.socket, nil, nil)
                continuation.resume(
                    with: Result {
                        guard accepted >= 0 else { throw RawPeer.Failure(call: "accept") }
                        return RawPeer.accepted(accepted)
                    })
            }
        }
    }

    fileprivate static func withAddress(
        _ port: UInt16, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, size) }
        }
        guard result == 0 else { throw RawPeer.Failure(call: "address") }
    }
}
