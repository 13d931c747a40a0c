import Foundation
import Glibc
import ServiceKit

/// Callers at the gateway's door, each on a connection that it keeps. One thread with `poll` and little else: what the
/// generator uses of the CPU is missing from what it measures.
struct HTTPLoad: Sendable {
    private static let patienceMs: Int32 = 15_000
    let address: Settings.Address

    /// Keeps `connections` requests in flight for so long, and waits for the last replies.
    func register(
        _ messages: Registrations, token: String, connections: Int, for duration: Duration
    ) async throws -> Stretch {
        let request = Template(request(messages.body, token: token, key: messages.id(Template.mark)))
        return try await onThread { try register(request, connections: connections, for: duration) }
    }

    /// One call.
    func call(_ body: [UInt8], token: String) async throws {
        let request = Array(request(String(decoding: body, as: UTF8.self), token: token, key: nil).utf8)
        try await onThread {
            let line = try HTTPLine(address)
            try line.send(request)
            while true {
                var descriptor = pollfd(fd: line.descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&descriptor, 1, Self.patienceMs) > 0 else { throw Self.noReply }
                if let reply = try line.read() { return try Replies.check(reply) }
            }
        }
    }

    private func request(_ body: String, token: String, key: String?) -> String {
        """
        POST /rpc HTTP/1.1\r
        Host: \(address)\r
        Authorization: Bearer \(token)\r
        Content-Type: application/json\r
        \(key.map { "Idempotency-Key: \($0)\r\n" } ?? "")Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }

    private func register(_ request: Template, connections: Int, for duration: Duration) throws -> Stretch {
        var (request, number, stretch) = (request, Registrations.first, Stretch())
        let lines = try (0..<connections).map { _ in try HTTPLine(address) }
        var polled = lines.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let began = ContinuousClock.now
        var sent = [ContinuousClock.Instant](repeating: began, count: connections)
        func next(_ index: Int) throws {
            request.write(number)
            number += 1
            sent[index] = .now
            try lines[index].send(request.bytes)
        }
        for index in lines.indices { try next(index) }
        var inFlight = connections
        while inFlight > 0 {
            guard poll(&polled, nfds_t(connections), Self.patienceMs) > 0 else { throw Self.noReply }
            for index in lines.indices where polled[index].revents != 0 {
                guard let reply = try lines[index].read() else { continue }
                try Replies.check(reply)
                let now = ContinuousClock.now
                stretch.replies += 1
                stretch.latencies.append(UInt32((now - sent[index]) / .microseconds(1)))
                if now - began < duration {
                    try next(index)
                } else {
                    polled[index].fd = -1
                    inFlight -= 1
                }
            }
        }
        stretch.seconds = (ContinuousClock.now - began) / .seconds(1)
        return stretch
    }

    private static let noReply = Failure("no reply over HTTP within \(patienceMs / 1000) seconds")

    private func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// One HTTP/1.1 connection with at most one request on its way.
final class HTTPLine {
    let descriptor: Int32
    private var received: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 16_384)

    init(_ address: Settings.Address) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(UInt16(clamping: address.port)).bigEndian
        guard inet_pton(AF_INET, address.host, &target.sin_addr) == 1 else {
            throw Failure("\(address) is not an IPv4 address")
        }
        let connected = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure("\(address): \(String(cString: strerror(errno)))") }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// A request is smaller than the socket's buffer, and the one before has been answered: it does not wait.
    func send(_ bytes: [UInt8]) throws {
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure("a request could not be written: \(String(cString: strerror(errno)))")
        }
    }

    /// After `poll`.
    ///
    /// - Returns: the body of the reply; `nil` while some of it is still to come.
    /// - Throws: `Failure` with the text of a reply whose status is not 200.
    func read() throws -> [UInt8]? {
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { throw Failure("the gateway closed a connection") }
        received += chunk[..<count]
        guard let head = headEnd, let length = contentLength(head) else { return nil }
        guard received.count >= head + length else { return nil }
        defer { received.removeAll(keepingCapacity: true) }
        guard received.starts(with: Self.ok) else {
            throw Failure("instead of status 200: \(String(decoding: received.prefix(1500), as: UTF8.self))")
        }
        return Array(received[head...])
    }

    private static let ok = Array("HTTP/1.1 200 ".utf8)
    private static let blankLine = Array("\r\n\r\n".utf8)

    /// Where the body begins.
    private var headEnd: Int? {
        received.withUnsafeBytes { bytes in
            for end in stride(from: 4, through: bytes.count, by: 1) where bytes[end - 1] == UInt8(ascii: "\n") {
                if bytes[end - 4..<end].elementsEqual(Self.blankLine) { return end }
            }
            return nil
        }
    }

    private func contentLength(_ head: Int) -> Int? {
        for line in received[..<head].split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self).lowercased()
            guard text.hasPrefix("content-length:") else { continue }
            return Int(text.dropFirst(15).trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return nil
    }
}
