import Glibc
import Testing

@testable import ServiceKit

/// A door among neighbours that misbehave: everybody else is served as before.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct BadNeighbourTests {
    private static func others(_ stage: TransportStage) async throws {
        for _ in 0..<100 { #expect(try await stage.call() == "door") }
    }

    private static func with(_ body: (TransportStage, TestInstance) async throws -> Void) async throws {
        try await TransportStage.with { stage in
            let door = try await TestInstance("door")
            await stage.list(door)
            try await others(stage)
            try await body(stage, door)
            await door.kill()
        }
    }

    @Test func aClientThatNeverReadsItsReplies() async throws {
        try await Self.with { stage, door in
            let client = try RawClient(door.endpoint)
            client.write(RawClient.greeting + RawClient.ready)
            let ping = Array(#"{"jsonrpc":"2.0","method":"test.name","id":7}"#.utf8)
            for _ in 0..<5000 { client.write([0, UInt8(ping.count)] + ping) }
            try await Self.others(stage)
        }
    }

    @Test func halfAFrameAndThenSilence() async throws {
        try await Self.with { stage, door in
            let clients = try (0..<20).map { _ in try RawClient(door.endpoint) }
            for client in clients {
                client.write(RawClient.greeting + RawClient.ready + [0, 200] + Array("half".utf8))
            }
            try await Self.others(stage)
            withExtendedLifetime(clients) {}
        }
    }

    @Test func aThousandConnectionsThatSayNothing() async throws {
        var files = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        files.rlim_cur = files.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        try await Self.with { stage, door in
            let clients = try (0..<1000).map { _ in try RawClient(door.endpoint) }
            for client in clients.prefix(500) { client.write(RawClient.greeting) }
            try await Self.others(stage)
            withExtendedLifetime(clients) {}
        }
    }

    @Test func aFrameOf64MiB() async throws {
        try await Self.with { stage, door in
            let client = try RawClient(door.endpoint)
            client.write(RawClient.greeting + RawClient.ready + [2, 0, 0, 0, 0, 4, 0, 0, 0])
            for _ in 0..<64 { client.write([UInt8](repeating: 32, count: 1 << 16)) }
            try await Self.others(stage)
        }
    }
}

/// A TCP connection that writes ZMTP 3.0 by hand and never reads; what the kernel does not take is not written.
private final class RawClient: Sendable {
    static let greeting: [UInt8] =
        [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0] + Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)
    static let ready: [UInt8] =
        [4, 26, 5] + Array("READY".utf8) + [11] + Array("Socket-Type".utf8) + [0, 0, 0, 6] + Array("DEALER".utf8)

    private let socket: Int32

    struct Failure: Error {}

    init(_ endpoint: String) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = (UInt16(endpoint.split(separator: ":").last ?? "") ?? 0).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure() }
    }

    deinit { _ = Glibc.close(socket) }

    func write(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes {
            Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
    }
}
