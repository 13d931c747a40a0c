import Testing

@testable import ZeroMQ

extension ZeroMQTests {
    @Suite struct Limits {
        @Test func anOversizeFrameCutsItsPeerOffAndOthersAreServed() async throws {
            var options = SocketOptions()
            options.messageBytesMax = 10_000
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, options: options)
                let big = try RawPeer.connect(to: echo.port)
                try await big.shakeHands(as: "DEALER")
                try await big.sendHead(bodyBytes: 10_065)
                #expect(try await big.isClosedByPeer())

                let other = try await Talker(on: sockets, to: echo.router.endpoint)
                let largest = [[UInt8](repeating: 1, count: 10_000)]
                #expect(try await other.ask(largest) == largest)
                #expect(echo.router.counts.received == 1)
            }
        }

        @Test func framesThatAreTooLongTogetherAreDropped() async throws {
            var options = SocketOptions()
            options.messageBytesMax = 10_000
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, options: options)
                let talker = try await Talker(on: sockets, to: echo.router.endpoint)
                try await talker.ask([bytes("connected")])
                #expect(talker.dealer.send([[UInt8](repeating: 1, count: 6000), [UInt8](repeating: 1, count: 4001)]))
                #expect(try await talker.ask([bytes("next")]) == [bytes("next")])
                #expect(echo.router.counts.overlong == 1)
            }
        }

        @Test func nineFramesAreDroppedAndEightAreServed() async throws {
            var generous = SocketOptions()
            generous.framesMax = 20
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets)
                let talker = try await Talker(on: sockets, to: echo.router.endpoint, options: generous)
                let eight = (0..<8).map { [UInt8($0)] }
                #expect(try await talker.ask(eight) == eight)
                #expect(talker.dealer.send(eight + [[8]]))
                #expect(try await talker.ask([bytes("next")]) == [bytes("next")])
                #expect(echo.router.counts == SocketCounts(received: 2, sent: 2, overlong: 1))
            }
        }

        @Test func whatNoPeerWouldAcceptIsNotQueued() async throws {
            try await withSockets { sockets in
                let dealer = try await sockets.connect("tcp://127.0.0.1:1", refused: { _ in }, receive: { _ in })
                #expect(!dealer.send(Array(repeating: [], count: 9)))
                #expect(!dealer.send([[UInt8](repeating: 0, count: dealer.options.messageBytesMax + 1)]))
            }
        }

        @Test func sendingWithoutAPeerIsRefusedWithTheMessage() async throws {
            try await withSockets { sockets in
                let nobody = try await Talker(on: sockets, to: "tcp://127.0.0.1:1")
                for number in 0..<100 { #expect(nobody.dealer.send([bytes("\(number)")])) }
                for number in 0..<100 { #expect(try await nobody.nextEvent() == .refused([bytes("\(number)")])) }
                #expect(nobody.dealer.counts == SocketCounts(full: 100))
            }
        }

        @Test func aPeerWithAFullQueueRefuses() async throws {
            var options = SocketOptions()
            options.sendMax = 10
            try await withSockets { sockets in
                let listener = try RawListener()
                let talker = try await Talker(
                    on: sockets, to: "tcp://127.0.0.1:\(listener.port)", options: options)
                let paused = try await listener.accept()
                try await paused.shakeHands(as: "ROUTER")
                let message = [[UInt8](repeating: 1, count: 1_000_000)]
                // Refusals end while it connects and begin again when the kernel's buffers and ten messages are full.
                while talker.dealer.counts.sent == 0 {
                    #expect(talker.dealer.send(message))
                    await sockets.settle()
                }
                let before = talker.dealer.counts.full
                for _ in 0..<30 { #expect(talker.dealer.send(message)) }
                await sockets.settle()
                #expect(talker.dealer.counts.full > before)
                _ = paused
            }
        }

        @Test func theQueueEndsAtItsLimitsAndGoesOnAfterwards() throws {
            var limits = QueueLimits()
            limits.messages = 3
            limits.bytes = 100
            let queue = try CommandQueue(limits: limits)
            #expect(queue.pushMessage(.close(1), bytes: 60))
            #expect(!queue.pushMessage(.close(2), bytes: 41))
            #expect(queue.pushMessage(.close(3), bytes: 40))
            #expect(queue.pushMessage(.close(4), bytes: 0))
            #expect(!queue.pushMessage(.close(5), bytes: 0))

            var commands: [Command] = []
            queue.take(into: &commands)
            #expect(commands.count == 3)
            #expect(!queue.pushMessage(.close(6), bytes: 0), "in work until released")
            queue.release(messages: 3, bytes: 100)
            #expect(queue.pushMessage(.close(7), bytes: 100))

            queue.close(with: .shutdown(lingerMs: 0))
            #expect(!queue.pushMessage(.close(8), bytes: 0))
            #expect(!queue.push(.close(9)))
        }
    }
}
