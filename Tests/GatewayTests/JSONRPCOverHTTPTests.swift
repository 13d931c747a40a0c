import JSONRPC
import TestKit
import Testing

/// JSON-RPC 2.0 at the HTTP door, to the letter.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct JSONRPCOverHTTPTests {
    struct Exchange: Sendable, CustomStringConvertible {
        var sent: String
        var status = 200
        /// The reply, its error reduced to code and message; `nil` for none.
        var reply: String?
        var description: String { sent }
    }

    /// The examples of the specification's section 7, with our own method names, and what CONTRACT adds.
    static let exchanges: [Exchange] = [
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.subtract","params":[42,23],"id":1}"#,
            reply: #"{"jsonrpc":"2.0","id":1,"result":19}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.subtract","params":[23,42],"id":2}"#,
            reply: #"{"jsonrpc":"2.0","id":2,"result":-19}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.subtract","params":{"subtrahend":23,"minuend":42},"id":3}"#,
            reply: #"{"jsonrpc":"2.0","id":3,"result":19}"#),
        .init(sent: #"{"jsonrpc":"2.0","method":"system.ping"}"#, status: 204, reply: nil),
        .init(sent: #"{"jsonrpc":"2.0","method":"foobar"}"#, status: 204, reply: nil),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"foobar","id":"1"}"#,
            reply: #"{"id":"1","code":-32601,"message":"Method not found"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"foobar,"params":"bar","baz]"#,
            reply: #"{"id":null,"code":-32700,"message":"Parse error"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":1,"params":"bar"}"#,
            reply: #"{"id":null,"code":-32600,"message":"Invalid Request"}"#),
        .init(sent: "[]", reply: #"{"id":null,"code":-32600,"message":"Invalid Request"}"#),
        .init(sent: "[1]", reply: #"[{"id":null,"code":-32600,"message":"Invalid Request"}]"#),
        .init(
            sent: "[1,2]",
            reply:
                #"[{"id":null,"code":-32600,"message":"Invalid Request"},{"id":null,"code":-32600,"message":"Invalid Request"}]"#
        ),
        .init(
            sent:
                #"[{"jsonrpc":"2.0","method":"system.subtract","params":[42,23],"id":"1"},{"jsonrpc":"2.0","method":"system.ping"},{"foo":"boo"},{"jsonrpc":"2.0","method":"foo.get","id":"5"}]"#,
            reply:
                #"[{"jsonrpc":"2.0","id":"1","result":19},{"id":null,"code":-32600,"message":"Invalid Request"},{"id":"5","code":-32601,"message":"Method not found"}]"#
        ),
        .init(
            sent: #"[{"jsonrpc":"2.0","method":"system.ping"},{"jsonrpc":"2.0","method":"system.ping"}]"#, status: 204,
            reply: nil),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","id":9007199254740993}"#,
            reply: #"{"jsonrpc":"2.0","id":9007199254740993,"result":"pong"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","id":1.50}"#,
            reply: #"{"jsonrpc":"2.0","id":1.50,"result":"pong"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system\u002eping","id":"a\u0062"}"#,
            reply: #"{"jsonrpc":"2.0","id":"a\u0062","result":"pong"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","id":null}"#,
            reply: #"{"jsonrpc":"2.0","id":null,"result":"pong"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","id":true}"#,
            reply: #"{"id":null,"code":-32600,"message":"Invalid Request"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","id":7,"id":7}"#,
            reply: #"{"id":null,"code":-32600,"message":"Invalid Request"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","params":{"a":1,"\u0061":2},"id":7}"#,
            reply: #"{"id":7,"code":-32600,"message":"Invalid Request"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","params":3,"id":7}"#,
            reply: #"{"id":7,"code":-32600,"message":"Invalid Request"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"system.ping","params":{"x":1},"id":7}"#,
            reply: #"{"id":7,"code":-32602,"message":"Invalid params"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"rpc.discover","params":{"x":1},"id":7}"#,
            reply: #"{"id":7,"code":-32602,"message":"Invalid params"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"rpc.discover","params":[1],"id":7}"#,
            reply: #"{"id":7,"code":-32602,"message":"Invalid params"}"#),
        .init(sent: "", reply: #"{"id":null,"code":-32700,"message":"Parse error"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"rpc.other","id":1}"#,
            reply: #"{"id":1,"code":-32601,"message":"Method not found"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"intake.nothing","id":1}"#,
            reply: #"{"id":1,"code":-32601,"message":"Method not found"}"#),
        .init(
            sent: #"{"jsonrpc":"2.0","method":"intake.get","id":1}"#, status: 401,
            reply: #"{"id":1,"code":-32001,"message":"Unauthenticated"}"#),
    ]

    @Test func everyExchangeIsAnsweredAsTheSpecificationSays() async throws {
        try await RunningCity.with { city in
            for exchange in Self.exchanges {
                let answer = try await city.http(Array(exchange.sent.utf8))
                #expect(answer.status == exchange.status, "\(exchange)")
                #expect(Self.reduced(answer) == exchange.reply, "\(exchange)")
            }
        }
    }

    @Test func theDoorAnswersWithTheStatusOfTheContract() async throws {
        try await RunningCity.with { city in
            let ping = Array(#"{"jsonrpc":"2.0","method":"system.ping","id":1}"#.utf8)
            let json = ["Content-Type": "application/json"]
            #expect(try await city.http(nil, method: "GET").status == 405)
            #expect(try await city.http(ping, headers: ["Content-Type": "text/plain"]).status == 415)
            #expect(
                try await city.http(ping, headers: ["Content-Type": "application/json-rpc; charset=utf-8"]).status
                    == 200)
            #expect(try await city.http(Array(repeating: 32, count: 1 << 20 + 1)).status == 413)
            #expect(
                try await city.http(ping, headers: json.merging(["Authorization": "Bearer nobody"]) { $1 }).status
                    == 401)
            #expect(try await city.http(ping, as: .service).status == 401)
            let discover = Array(#"{"jsonrpc":"2.0","method":"rpc.discover","id":1}"#.utf8)
            #expect(
                try await city.http(discover, headers: json.merging(["Authorization": "Bearer nobody"]) { $1 }).status
                    == 401)
            let batch = Array("[\(String(decoding: ping, as: UTF8.self))]".utf8)
            let keyed = try await city.http(batch, headers: json.merging(["Idempotency-Key": "k"]) { $1 })
            #expect(keyed.json?["error"]?["code"] == -32600)
            let hurried = try await city.http(ping, headers: json.merging(["Renling-Budget-Ms": "49"]) { $1 })
            #expect(hurried.json?["error"]?["code"] == -32600)
            #expect(try await city.http(nil, path: "/livez", method: "GET").status == 200)
            #expect(try await city.http(nil, path: "/readyz", method: "GET").status == 200)
            #expect(try await city.http(nil, path: "/metrics", method: "GET").text.contains("renling_outbox_pending 0"))
        }
    }

    /// "A `traceparent` that came in gives the `traceId`": also where the door itself refuses.
    @Test func theDoorsOwnErrorsCarryTheCallersTraceAndId() async throws {
        try await RunningCity.with { city in
            let ping = Array(#"{"jsonrpc":"2.0","method":"system.ping","id":7}"#.utf8)
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let headers = ["Content-Type": "application/json", "traceparent": "00-\(trace)-00f067aa0ba902b7-01"]
            let hurried = headers.merging(["Renling-Budget-Ms": "49"]) { $1 }
            for (status, answer) in [
                (405, try await city.http(ping, method: "PUT", headers: headers)),
                (415, try await city.http(ping, headers: headers.merging(["Content-Type": "text/plain"]) { $1 })),
                (413, try await city.http(Array(repeating: 32, count: 1 << 20 + 1), headers: headers)),
                (200, try await city.http(ping, headers: hurried)), (200, try await city.http([123], headers: headers)),
            ] {
                #expect(answer.status == status && answer.json?["error"]?["data"]?["traceId"]?.stringValue == trace)
            }
            #expect(try await city.http(ping, headers: hurried).json?["id"] == 7)
            // What is not JSON is said first.
            #expect(try await city.http([123], headers: hurried).json?["error"]?["code"] == -32700)
        }
    }

    @Test func theOpenRPCDocumentNamesEveryMethodWithItsRoles() async throws {
        try await RunningCity.with { city in
            let document = try await city.http(nil, path: "/openrpc.json", method: "GET").json
            #expect(document?["openrpc"] == "1.3.2")
            let methods = document?["methods"]?.elements ?? []
            let names = methods.compactMap { $0["name"]?.stringValue }
            #expect(
                Set(names).isSuperset(of: [
                    "intake.register", "assignment.dispatch", "handling.review", "supervision.rate", "archive.get",
                    "system.ping", "rpc.discover",
                ]))
            #expect(methods.first { $0["name"] == "assignment.dispatch" }?["x-roles"] == ["office"])
            #expect(methods.first { $0["name"] == "intake.replyPublished" }?["x-roles"] == ["service"])
        }
    }

    /// A reply as it is, or its error reduced to what the specification fixes.
    private static func reduced(_ answer: RunningCity.Answer) -> String? {
        guard !answer.body.isEmpty else { return nil }
        guard let json = answer.json, answer.text.contains(#""error""#) else { return answer.text }
        func one(_ reply: JSONValue) -> String {
            let id = reply["id"].map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "-"
            guard let error = reply["error"] else { return String(decoding: reply.serialized(), as: UTF8.self) }
            return
                #"{"id":\#(id),"code":\#(error["code"]?.intValue ?? 0),"message":"\#(error["message"]?.stringValue ?? "")"}"#
        }
        return json.elements.map { "[" + $0.map(one).joined(separator: ",") + "]" } ?? one(json)
    }
}
