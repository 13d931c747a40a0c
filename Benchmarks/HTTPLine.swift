import Foundation
import Glibc
import ServiceKit

/// One HTTP/1.1 connection with at most one request on its way.
final class HTTPLine {
    let descriptor: Int32
    private let address: Settings.Address
    private var received: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 65_536)

    init(_ address: Settings.Address) throws {
        self.address = address
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

    /// The one before has been answered, so that a request which the socket's buffer holds does not wait.
    func send(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                throw Failure("a request could not be written: \(String(cString: strerror(errno)))")
            }
            written += count
        }
    }

    /// After `poll`.
    ///
    /// - Returns: the body of the reply; `nil` while some of it is still to come.
    /// - Throws: `Failure` with the text of a reply whose status is not 200.
    func read() throws -> [UInt8]? {
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { throw Failure("\(address) closed a connection") }
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

extension HTTPLine {
    /// The status of one GET on a connection of its own.
    static func get(_ path: String, from address: Settings.Address) throws -> Int {
        let line = try HTTPLine(address)
        try line.send(Array("GET \(path) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n".utf8))
        var (text, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
        while text.count < 12 {
            let count = recv(line.descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { throw Failure("\(address) closed a connection") }
            text += chunk[..<count]
        }
        return Int(String(decoding: text[9..<12], as: UTF8.self)) ?? 0
    }

    /// A port that nobody listens at now, and that the kernel does not give out to those who connect.
    static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000..<30_000)
            guard let address = Settings.Address("127.0.0.1:\(port)"), (try? HTTPLine(address)) == nil else { continue }
            return port
        }
        throw Failure("no port is free")
    }
}
