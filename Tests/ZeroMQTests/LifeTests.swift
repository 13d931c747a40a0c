import Glibc
import Testing

@testable import ZeroMQ

extension ZeroMQTests {
    @Suite struct Life {
        @Test func fiftyStartsAndStopsLeaveNothingBehind() async {
            // In a process of its own, so that only our descriptors and threads are counted.
            await #expect(processExitsWith: .success) {
                // The first time also loads what a process keeps: the pool, the source of randomness.
                try await liveOnce()
                let descriptors = try entries(of: "/proc/self/fd")
                for _ in 0..<50 { try await liveOnce() }
                // A thread tells that it ends just before it does; an echo's task lets go of its router a little later.
                for _ in 0..<100_000 {
                    if try socketThreads() == 0, try entries(of: "/proc/self/fd") <= descriptors { return }
                    await Task.yield()
                }
                Issue.record("threads or descriptors are left")
            }
        }

        @Test func shutdownSendsWhatWasQueuedBefore() async throws {
            try await withSockets { server in
                // It only listens: a connection closed while more arrives is reset, and loses what was on its way.
                let (incoming, feed) = AsyncStream.makeStream(of: Incoming.self)
                var seen = incoming.makeAsyncIterator()
                let router = try await server.bind("tcp://127.0.0.1:*") { feed.yield($0) }
                let client = try SocketThread()
                let talker = try await Talker(on: client, to: router.endpoint)
                while talker.dealer.counts.sent == 0 {
                    #expect(talker.dealer.send([bytes("connected")]))
                    await client.settle()
                }
                _ = await seen.next()
                for number in 0..<400 {
                    #expect(talker.dealer.send([bytes("\(number)"), [UInt8](repeating: 0, count: 10_000)]))
                }
                await client.shutdown()
                for number in 0..<400 {
                    #expect(try #require(await seen.next()).frames[0] == bytes("\(number)"))
                }
            }
        }

        @Test func shutdownWaitsNoLongerThanItIsToldForAPeerThatDoesNotRead() async throws {
            let sockets = try SocketThread()
            let listener = try RawListener()
            let talker = try await Talker(on: sockets, to: "tcp://127.0.0.1:\(listener.port)")
            let paused = try await listener.accept()
            try await paused.shakeHands(as: "ROUTER")
            while talker.dealer.counts.sent < 20 {
                #expect(talker.dealer.send([[UInt8](repeating: 0, count: 1_000_000)]))
                await sockets.settle()
            }
            let took = await ContinuousClock().measure { await sockets.shutdown(lingerMs: 200) }
            #expect(took >= .milliseconds(150) && took < .seconds(5))
            _ = paused
        }

        @Test func shutdownTwiceIsShutdown() async throws {
            let sockets = try SocketThread()
            let echo = try await Echo(on: sockets)
            let talker = try await Talker(on: sockets, to: echo.router.endpoint)
            async let first: Void = sockets.shutdown()
            async let second: Void = sockets.shutdown()
            _ = await (first, second)
            await sockets.shutdown()
            #expect(!talker.dealer.send([[1]]))
            #expect(!echo.router.send(to: PeerID(bytes: [1]), frames: [[1]]))
            talker.dealer.close()
            echo.router.close()
            let error = await #expect(throws: ZeroMQError.self) {
                _ = try await sockets.bind("tcp://127.0.0.1:*") { _ in }
            }
            #expect(error?.code == .stopped)
        }

        @Test func aClosedDealerRefusesAndAClosedRouterIsUnreachable() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets)
                let talker = try await Talker(on: sockets, to: echo.router.endpoint)
                try await talker.ask([bytes("connected")])
                talker.dealer.close()
                #expect(try await talker.isRefused([bytes("closed")]))
                echo.router.close()
                let before = echo.router.counts.unreachable
                #expect(echo.router.send(to: PeerID(bytes: [1]), frames: [[1]]))
                await sockets.settle()
                #expect(echo.router.counts.unreachable == before + 1)
            }
        }

        @Test func aThreadThatNobodyHoldsEnds() async throws {
            let (ended, feed) = AsyncStream.makeStream(of: Void.self)
            final class Witness: Sendable {
                let end: @Sendable () -> Void
                init(end: @escaping @Sendable () -> Void) { self.end = end }
                deinit { end() }
            }
            do {
                let witness = Witness { feed.yield() }
                _ = try await SocketThread().bind("tcp://127.0.0.1:*") { [witness] _ in _ = witness }
            }
            var iterator = ended.makeAsyncIterator()
            await iterator.next()
        }
    }
}

private func liveOnce() async throws {
    let server = try CurveKeys.generate()
    let client = try CurveKeys.generate()
    try await withSockets { sockets in
        sockets.admit(only: [client.publicKey])
        let plain = try await Echo(on: sockets)
        let curve = try await Echo(on: sockets, curve: server)
        let talkers = [
            try await Talker(on: sockets, to: plain.router.endpoint),
            try await Talker(
                on: sockets, to: curve.router.endpoint,
                curve: CurveClient(serverKey: server.publicKey, keys: client)),
        ]
        for talker in talkers { try await talker.ask([bytes("question")]) }
        talkers[0].dealer.close()
        plain.router.close()
    }
}

private func entries(of directory: String) throws -> Int {
    let stream = try #require(opendir(directory))
    defer { closedir(stream) }
    var count = 0
    while readdir(stream) != nil { count += 1 }
    return count
}

/// Ours and libzmq's, by name.
private func socketThreads() throws -> Int {
    let stream = try #require(opendir("/proc/self/task"))
    defer { closedir(stream) }
    var count = 0
    while let entry = readdir(stream) {
        let id = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard let file = fopen("/proc/self/task/\(id)/comm", "r") else { continue }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard fgets(&line, 32, file) != nil else { continue }
        let name = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        if name.hasPrefix("zmq-test") || name.hasPrefix("ZMQ") { count += 1 }
    }
    return count
}
