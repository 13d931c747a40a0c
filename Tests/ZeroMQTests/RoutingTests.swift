import Testing

@testable import ZeroMQ

extension ZeroMQTests {
    @Suite struct Routing {
        @Test func aDealersFramesArriveAndReturnExactly() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets)
                let talker = try await Talker(on: sockets, to: echo.router.endpoint)
                let frames: [[UInt8]] = [[1], [], Array(0...255), [UInt8](repeating: 7, count: 100_000)]
                #expect(try await talker.ask(frames) == frames)
                var seen = echo.seen.makeAsyncIterator()
                let incoming = try #require(await seen.next())
                #expect(incoming.frames == frames)
                #expect(incoming.publicKey == nil)
                #expect(!incoming.peer.bytes.isEmpty)
            }
        }

        @Test func aRequestersEmptyFrameIsSeenAndMustBeSentBack() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets)
                let peer = try RawPeer.connect(to: echo.port)
                try await peer.shakeHands(as: "REQ")
                try await peer.send([[], bytes("question")])
                #expect(try await peer.readMessage() == [[], bytes("question")])
                var seen = echo.seen.makeAsyncIterator()
                #expect(try #require(await seen.next()).frames == [[], bytes("question")])
            }
        }

        @Test func aWildcardPortIsTold() async throws {
            try await withSockets { sockets in
                let router = try await sockets.bind("tcp://127.0.0.1:*") { _ in }
                #expect(router.endpoint.hasPrefix("tcp://127.0.0.1:"))
                #expect(!router.endpoint.hasSuffix("*"))
            }
        }

        /// Each keeps as many in flight as a send mark of 1,000 is certain to take.
        @Test func tenThousandPipelinedMessagesReturnInOrderToEachPeer() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets)
                try await withThrowingTaskGroup { group in
                    for peer in 0..<3 {
                        let talker = try await Talker(on: sockets, to: echo.router.endpoint)
                        group.addTask { try await pipeline(10_000, window: 500, as: peer, through: talker) }
                    }
                    try await group.waitForAll()
                }
                #expect(echo.router.counts.full == 0)
                #expect(echo.router.counts.received == 3 * 10_001)
            }
        }

        @Test func twoSocketThreadsTalk() async throws {
            try await withSockets { server in
                let echo = try await Echo(on: server)
                try await withSockets { client in
                    let talker = try await Talker(on: client, to: echo.router.endpoint)
                    #expect(try await talker.ask([bytes("hello")]) == [bytes("hello")])
                }
            }
        }

        @Test func errorsSayWhatWasWrong() async throws {
            try await withSockets { sockets in
                let router = try await sockets.bind("tcp://127.0.0.1:*") { _ in }
                let taken = await #expect(throws: ZeroMQError.self) {
                    _ = try await sockets.bind(router.endpoint) { _ in }
                }
                #expect(taken?.code == .addressInUse)
                #expect(taken?.isRetryable == true)
                let nonsense = await #expect(throws: ZeroMQError.self) {
                    _ = try await sockets.connect("nonsense", refused: { _ in }, receive: { _ in })
                }
                #expect(nonsense?.code == .invalidEndpoint)
            }
        }
    }
}

/// Sends `count` numbered messages, at most `window` unanswered, and expects the answers in order.
private func pipeline(_ count: Int, window: Int, as peer: Int, through talker: Talker) async throws {
    func message(_ number: Int) -> [[UInt8]] { [bytes("\(peer)"), bytes("\(number)")] }
    try await talker.ask([bytes("connected")])
    for number in 0..<window { try #require(talker.dealer.send(message(number))) }
    var number = 0
    for await event in talker.events {
        try #require(event == .reply(message(number)))
        if number + window < count { try #require(talker.dealer.send(message(number + window))) }
        number += 1
        if number == count { break }
    }
}
