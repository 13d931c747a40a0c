import JSONRPC
import ServiceKit
import TestKit
import Testing
import ZeroMQ

/// A service's ZeroMQ door as outsiders use it: bare JSON-RPC, with or without a REQ socket's empty frame and a headers
/// frame.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct BareDoorTests {
    /// A DEALER that sends one message at a time and waits for its answer.
    private struct Outsider {
        let thread: SocketThread
        let dealer: Dealer
        var answers: AsyncStream<[[UInt8]]>.Iterator

        init(_ city: RunningCity, _ service: String) async throws {
            let (stream, feed) = AsyncStream.makeStream(of: [[UInt8]].self)
            thread = try SocketThread()
            dealer = try await thread.connect(
                city.programs[service]?.zmqEndpoint ?? "", refused: { _ in feed.yield([]) }, receive: { feed.yield($0) }
            )
            answers = stream.makeAsyncIterator()
        }

        /// Until it is connected a message is refused, and sent again.
        mutating func ask(_ frames: [String]) async -> [String] {
            repeat {
                guard dealer.send(frames.map { Array($0.utf8) }) else { return [] }
                if let answer = await answers.next(), !answer.isEmpty {
                    return answer.map { String(decoding: $0, as: UTF8.self) }
                }
            } while true
        }
    }

    private static let ping = #"{"jsonrpc":"2.0","method":"system.ping","id":7}"#
    private static let pong = #"{"jsonrpc":"2.0","id":7,"result":"pong"}"#
    private static func headers(_ who: Who) -> String { #"{"authorization":"Bearer \#(who.token)"}"# }

    @Test func everyFormOfABareRequestIsAnsweredInKind() async throws {
        try await RunningCity.with { city in
            var outsider = try await Outsider(city, "intake")
            #expect(await outsider.ask([Self.ping]) == [Self.pong])
            #expect(await outsider.ask(["", Self.ping]) == ["", Self.pong])
            #expect(await outsider.ask([Self.headers(.office), Self.ping]) == [Self.pong])
            #expect(await outsider.ask(["", Self.headers(.office), Self.ping]) == ["", Self.pong])
            #expect(await outsider.ask(["", #"{"jsonrpc":"2.0","method":"system.ping"}"#]) == ["", ""])
            await outsider.thread.shutdown()
        }
    }

    @Test func whatIsNoRequestIsRefusedAndTheNextIsServed() async throws {
        try await RunningCity.with { city in
            var outsider = try await Outsider(city, "intake")
            func code(_ answer: [String]) -> JSONValue? {
                (try? JSONValue(parsing: Array((answer.last ?? "").utf8)))?["error"]?["code"]
            }
            #expect(code(await outsider.ask(["not headers", Self.ping])) == -32600)
            #expect(code(await outsider.ask(["a", "b", "c", "d"])) == -32600)
            #expect(code(await outsider.ask([#"{"budgetMs":49}"#, Self.ping])) == -32600)
            #expect(code(await outsider.ask(["{"])) == -32700)
            #expect(code(await outsider.ask([String(repeating: " ", count: 8 << 20 + 1)])) == -32600)
            #expect(code(await outsider.ask([Self.headers(.service), Self.ping])) == -32001)
            let other = #"{"jsonrpc":"2.0","method":"handling.review","id":1}"#
            #expect(code(await outsider.ask([Self.headers(.office), other])) == -32601)
            #expect(await outsider.ask([Self.ping]) == [Self.pong])
            await outsider.thread.shutdown()
        }
    }

    @Test func aBatchIsAnsweredInTheOrderOfItsItems() async throws {
        try await RunningCity.with { city in
            var outsider = try await Outsider(city, "archive")
            let other = #"{"jsonrpc":"2.0","method":"system.subtract","params":[5,3],"id":8}"#
            let answer = await outsider.ask(["[\(Self.ping),\(other)]"])
            #expect(answer == [#"[\#(Self.pong),{"jsonrpc":"2.0","id":8,"result":2}]"#])
            await outsider.thread.shutdown()
        }
    }
}
