import Foundation
import JSONRPC
import Ledger
import ServiceKit
import TestKit
import Testing
import ZeroMQ

/// A city whose programs speak CURVE.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct CurveDoorTests {
    private static let ping = Array(#"{"jsonrpc":"2.0","method":"system.ping","id":7}"#.utf8)

    /// Runs the city with a file of clients that holds `listed`.
    private static func withCity(
        listed: String, _ body: @Sendable (RunningCity, _ file: String) async throws -> Void
    ) async throws {
        let file = NSTemporaryDirectory() + "curve-clients-\(MessageID.make())"
        try "# outside clients\n\n\(listed) 12345 integration\n".write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await RunningCity.with(
            prepare: { $0.curve = try CurveRing($0.secrets, program: $0.service, clientsFile: file) },
            { try await body($0, file) })
    }

    /// Asks the intake door once, again and again until it is answered.
    private static func isAnswered(
        _ thread: SocketThread, _ city: RunningCity, as keys: CurveKeys?, giveUp: () -> Bool
    ) async throws -> Bool {
        let (stream, feed) = AsyncStream.makeStream(of: Bool.self)
        let server = try CurveRing.publicKey(of: "intake", SampleCity.secrets)
        let dealer = try await thread.connect(
            city.programs["intake"]?.zmqEndpoint ?? "",
            curve: try keys.map { try CurveClient(serverKey: server, keys: $0) },
            refused: { _ in feed.yield(false) }, receive: { _ in feed.yield(true) })
        defer { dealer.close() }
        var answers = stream.makeAsyncIterator()
        while dealer.send([Self.ping]) {
            if await answers.next() == true { return true }
            if giveUp() { return false }
        }
        return false
    }

    @Test func theProgramsTalkAndOnlyListedOutsidersDo() async throws {
        let (listed, later) = (try CurveKeys.generate(), try CurveKeys.generate())
        try await Self.withCity(listed: listed.publicKey) { city, file in
            // The gateway reaches the services, and their events reach each other.
            let registered = try await city.call(
                "intake.register",
                ["channel": "board", "externalId": "e-1", "title": "路灯不亮", "body": "人民路路灯已经坏了一周。"],
                as: .source)
            #expect(registered["status"] == "registered")
            let thread = try SocketThread()
            #expect(try await Self.isAnswered(thread, city, as: listed, giveUp: { false }))
            var tries = 0
            for stranger in [later, nil] {
                tries = 0
                #expect(
                    try await !Self.isAnswered(thread, city, as: stranger) {
                        tries += 1
                        return tries > 50
                    })
            }
            try "\(later.publicKey)\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await Self.isAnswered(thread, city, as: later, giveUp: { false }))
            await thread.shutdown()
        }
    }

    @Test func aFileThatHoldsNoKeyIsRefused() throws {
        let file = NSTemporaryDirectory() + "curve-clients-\(MessageID.make())"
        try "not a key\n".write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        for path in [file, "/nonexistent"] {
            #expect(throws: Settings.Problem.self) {
                try CurveRing(SampleCity.secrets, program: "intake", clientsFile: path)
            }
        }
    }
}
