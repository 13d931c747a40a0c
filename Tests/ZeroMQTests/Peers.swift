import Synchronization
import Testing

@testable import ZeroMQ

/// All tests of this folder, one after the other: they measure a two-core machine.
@Suite(.serialized, .timeLimit(.minutes(2))) enum ZeroMQTests {}

/// Runs a test with a socket thread that is shut down afterwards, whatever happens.
func withSockets(
    limits: QueueLimits = QueueLimits(), _ body: (SocketThread) async throws -> Void
) async throws {
    let sockets = try SocketThread(name: "zmq-test", limits: limits)
    do {
        try await body(sockets)
    } catch {
        await sockets.shutdown(lingerMs: 0)
        throw error
    }
    await sockets.shutdown()
}

/// A ROUTER that sends every message back to its peer.
struct Echo {
    let router: Router
    /// Every message, after it was sent back.
    let seen: AsyncStream<Incoming>

    init(
        on sockets: SocketThread, options: SocketOptions = SocketOptions(), curve: CurveKeys? = nil
    ) async throws {
        let (incoming, continuation) = AsyncStream.makeStream(of: Incoming.self)
        let feed = Feed(continuation: continuation)
        let router = try await sockets.bind("tcp://127.0.0.1:*", options: options, curve: curve) {
            feed.continuation.yield($0)
        }
        let (seen, seenFeed) = AsyncStream.makeStream(of: Incoming.self)
        Task {
            for await message in incoming {
                #expect(router.send(to: message.peer, frames: message.frames))
                seenFeed.yield(message)
            }
            seenFeed.finish()
        }
        self.router = router
        self.seen = seen
    }

    /// Held by `receive` only: when the socket lets go of that, the echo ends.
    private final class Feed: Sendable {
        let continuation: AsyncStream<Incoming>.Continuation
        init(continuation: AsyncStream<Incoming>.Continuation) { self.continuation = continuation }
        deinit { continuation.finish() }
    }

    var port: UInt16 { UInt16(router.endpoint.split(separator: ":").last ?? "") ?? 0 }
}

/// A DEALER and what it hears.
struct Talker {
    enum Event: Equatable {
        case reply([[UInt8]])
        case refused([[UInt8]])
    }

    let dealer: Dealer
    let events: AsyncStream<Event>

    init(
        on sockets: SocketThread, to endpoint: String, options: SocketOptions = SocketOptions(),
        curve: CurveClient? = nil
    ) async throws {
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        dealer = try await sockets.connect(
            endpoint, options: options, curve: curve,
            refused: { feed.yield(.refused($0)) }, receive: { feed.yield(.reply($0)) })
        self.events = events
    }

    func nextEvent() async throws -> Event {
        var iterator = events.makeAsyncIterator()
        return try #require(await iterator.next())
    }

    /// Sends until the message is accepted, then waits for the reply. Only for one question at a time.
    @discardableResult
    func ask(_ frames: [[UInt8]]) async throws -> [[UInt8]] {
        while true {
            try #require(dealer.send(frames))
            if case .reply(let reply) = try await nextEvent() { return reply }
        }
    }

    /// Sends once and tells whether it was refused.
    func isRefused(_ frames: [[UInt8]]) async throws -> Bool {
        try #require(dealer.send(frames))
        return try await nextEvent() == .refused(frames)
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
