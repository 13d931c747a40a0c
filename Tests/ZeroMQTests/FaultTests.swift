import Dispatch
import Synchronization
import Testing

@testable import ZeroMQ

extension ZeroMQTests {
    /// Peers that leave, stop or misbehave; everybody else is served.
    @Suite struct Faults {
        @Test func aMessageToAVanishedPeerIsCountedAndOthersAreServed() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets)
                var seen = echo.seen.makeAsyncIterator()
                let vanishing = try await Talker(on: sockets, to: echo.router.endpoint)
                try await vanishing.ask([bytes("still here")])
                let gone = try #require(await seen.next()).peer
                vanishing.dealer.close()

                let other = try await Talker(on: sockets, to: echo.router.endpoint)
                while echo.router.counts.unreachable == 0 {
                    #expect(echo.router.send(to: gone, frames: [bytes("too late")]))
                    #expect(try await other.ask([bytes("question")]) == [bytes("question")])
                }
                #expect(echo.router.counts.full == 0)
            }
        }

        @Test func aPeerNeverSeenIsUnreachable() async throws {
            try await withSockets { sockets in
                let router = try await sockets.bind("tcp://127.0.0.1:*") { _ in }
                #expect(router.send(to: PeerID(bytes: [1, 2, 3]), frames: [[0]]))
                await sockets.settle()
                #expect(router.counts == SocketCounts(unreachable: 1))
            }
        }

        @Test func aPeerThatStopsReadingIsFullAndOthersAreServed() async throws {
            var options = SocketOptions()
            options.heartbeatMs = 0
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, options: options)
                let paused = try await peerThatDoesNotRead(of: echo)
                let other = try await Talker(on: sockets, to: echo.router.endpoint, options: options)
                // More than the send mark and the kernel's buffers hold.
                for _ in 0..<2000 {
                    #expect(echo.router.send(to: paused.id, frames: [[UInt8](repeating: 1, count: 20_000)]))
                }
                #expect(try await other.ask([bytes("question")]) == [bytes("question")])
                #expect(echo.router.counts.full > 0)
                #expect(echo.router.counts.unreachable == 0)
            }
        }

        @Test func aPeerThatStopsReadingUnderHeartbeatsIsGoneAndOthersAreServed() async throws {
            var options = SocketOptions()
            options.heartbeatMs = 50
            options.heartbeatTimeoutMs = 500
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, options: options)
                let paused = try await peerThatDoesNotRead(of: echo)
                let other = try await Talker(on: sockets, to: echo.router.endpoint)
                while echo.router.counts.unreachable == 0 {
                    #expect(echo.router.send(to: paused.id, frames: [[1]]))
                    #expect(try await other.ask([bytes("question")]) == [bytes("question")])
                }
            }
        }

        /// The next connection, once it has asked the question.
        private func nextPeer(of listener: RawListener) async throws -> RawPeer {
            let peer = try await listener.accept()
            try await peer.shakeHands(as: "ROUTER")
            #expect(try await peer.readMessage() == [bytes("question")])
            return peer
        }

        /// A peer that has asked something and reads nothing from then on.
        private func peerThatDoesNotRead(of echo: Echo) async throws -> (id: PeerID, socket: RawPeer) {
            var seen = echo.seen.makeAsyncIterator()
            let socket = try RawPeer.connect(to: echo.port)
            try await socket.shakeHands(as: "DEALER")
            try await socket.send([bytes("I shall not read")])
            return (try #require(await seen.next()).peer, socket)
        }

        /// With a receive mark of 1,000 libzmq 4.3.4 stops reading here, hears no heartbeat and drops the connection,
        /// or aborts.
        @Test func aPausedReceiverUnderHeartbeatsLosesNothing() async throws {
            var options = SocketOptions()
            options.heartbeatMs = 20
            options.heartbeatTimeoutMs = 2000
            try await withSockets { sockets in
                let listener = try RawListener()
                let resume = DispatchSemaphore(value: 0)
                // Should the test fail on the way, the socket thread must go on.
                defer { resume.signal() }
                let received = Atomic(0)
                let (all, done) = AsyncStream.makeStream(of: Void.self)
                let dealer = try await sockets.connect(
                    "tcp://127.0.0.1:\(listener.port)", options: options, refused: { _ in },
                    receive: { _ in
                        // What `receive` must never do, to pause the whole socket thread.
                        if received.load(ordering: .relaxed) == 0 { resume.wait() }
                        if received.add(1, ordering: .relaxed).newValue == 5000 { done.yield() }
                    })
                let peer = try await listener.accept()
                try await peer.shakeHands(as: "ROUTER")
                for number in 0..<5000 { try await peer.send([bytes("\(number)")]) }
                // Four seconds of heartbeats: twice what a connection survives that does not read them.
                for _ in 0..<200 { try await peer.answerPing() }
                #expect(dealer.counts.received <= 1)
                resume.signal()
                var iterator = all.makeAsyncIterator()
                await iterator.next()
                #expect(dealer.counts.received == 5000)
            }
        }

        @Test func halfAFrameThenSilenceLeavesOthersServed() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets)
                let halfGreeting = try RawPeer.connect(to: echo.port)
                try await halfGreeting.sendRaw([0xFF, 0, 0])
                let halfFrame = try RawPeer.connect(to: echo.port)
                try await halfFrame.shakeHands(as: "DEALER")
                try await halfFrame.sendHead(bodyBytes: 1000)
                try await halfFrame.sendRaw([UInt8](repeating: 1, count: 10))
                let halfMessage = try RawPeer.connect(to: echo.port)
                try await halfMessage.shakeHands(as: "DEALER")
                try await halfMessage.sendRaw([1, 1, 65])

                let other = try await Talker(on: sockets, to: echo.router.endpoint)
                for _ in 0..<100 { #expect(try await other.ask([bytes("question")]) == [bytes("question")]) }
                #expect(echo.router.counts.received == 100)
            }
        }

        @Test func aHandshakeThatDoesNotEndIsClosed() async throws {
            var options = SocketOptions()
            options.handshakeMs = 100
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, options: options)
                let silent = try RawPeer.connect(to: echo.port)
                try await silent.sendRaw([0xFF, 0, 0])
                #expect(try await silent.isClosedByPeer())
            }
        }

        @Test func aDealerWhosePeerBrokeTheProtocolDialsAgain() async throws {
            var options = SocketOptions()
            options.reconnectMs = 10
            options.reconnectMaxMs = 50
            try await withSockets { sockets in
                let listener = try RawListener()
                let talker = try await Talker(
                    on: sockets, to: "tcp://127.0.0.1:\(listener.port)", options: options)
                let stranger = try await listener.accept()
                // A frame over the limit; a key that is not listed ends the same way.
                try await stranger.shakeHands(as: "ROUTER")
                try await stranger.sendHead(bodyBytes: 1 << 40)
                #expect(try await stranger.isClosedByPeer())

                // Not every message is refused: the lost connection may still swallow some.
                let asking = Task {
                    while talker.dealer.counts.received == 0, !Task.isCancelled {
                        #expect(talker.dealer.send([bytes("question")]))
                        await sockets.settle()
                    }
                }
                defer { asking.cancel() }
                // Connections that were given up meanwhile come first.
                var peer: RawPeer?
                while peer == nil { peer = try? await nextPeer(of: listener) }
                try await peer?.send([bytes("answer")])
                await asking.value
                #expect(talker.dealer.counts.received == 1)
            }
        }
    }
}
