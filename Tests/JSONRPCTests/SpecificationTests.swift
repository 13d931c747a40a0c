import JSONRPC
import Testing

/// The examples of the JSON-RPC 2.0 specification, section 7, answered by a server of four methods.
@Suite struct SpecificationTests {
    struct Subtraction: Codable, PositionalParams {
        static let positions = ["minuend", "subtrahend"]
        var minuend: Int
        var subtrahend: Int
    }

    static func result(_ method: String, _ params: JSONValue?) throws -> JSONValue {
        switch method {
        case "subtract":
            let params = try ParamsDecoder.decode(Subtraction.self, from: params)
            return JSONValue(params.minuend - params.subtrahend)
        case "sum": return JSONValue((params?.elements ?? []).compactMap(\.intValue).reduce(0, +))
        case "get_data": return ["hello", 5]
        case "update", "notify_hello", "notify_sum": return nil
        default: throw RPCError.methodNotFound()
        }
    }

    static func answer(_ item: RequestItem, _ body: [UInt8]) throws -> [UInt8]? {
        switch item {
        case .invalid(let error, let id): return Reply.failure(id: id, error: error)
        case .request(let head):
            do {
                let params = try head.params.map { try JSONValue(parsing: body, in: $0) }
                let result = try result(head.method, params).serialized()
                return head.id.map { Reply.success(id: $0, result: result) }
            } catch let error as RPCError {
                return head.id.map { Reply.failure(id: $0, error: error) }
            }
        }
    }

    /// What the server answers, without `error.data`, which the specification's examples do not have.
    static func answer(_ text: String) throws -> String {
        let body = Array(text.utf8)
        var reply: [UInt8]?
        do {
            switch try RequestScanner.scan(body) {
            case .single(let item): reply = try answer(item, body)
            case .batch(let items):
                let replies = try items.compactMap { try answer($0, body) }
                reply = replies.isEmpty ? nil : Reply.batch(replies)
            }
        } catch let error as RPCError {
            reply = Reply.failure(id: .null, error: error)
        }
        guard let reply else { return "" }
        return String(decoding: withoutData(try JSONValue(parsing: reply)).serialized(), as: UTF8.self)
    }

    static func withoutData(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(withoutData))
        case .object(let members):
            .object(members.filter { $0.name != "data" }.map { JSONMember($0.name, withoutData($0.value)) })
        default: value
        }
    }

    static let invalid = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}}"#
    static let notJSON = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"#

    @Test(arguments: [
        (
            #"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#,
            #"{"jsonrpc":"2.0","id":1,"result":19}"#
        ),
        (
            #"{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}"#,
            #"{"jsonrpc":"2.0","id":2,"result":-19}"#
        ),
        (
            #"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#,
            #"{"jsonrpc":"2.0","id":3,"result":19}"#
        ),
        (
            #"{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}"#,
            #"{"jsonrpc":"2.0","id":4,"result":19}"#
        ),
        (#"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#, ""),
        (#"{"jsonrpc": "2.0", "method": "foobar"}"#, ""),
        (
            #"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#,
            #"{"jsonrpc":"2.0","id":"1","error":{"code":-32601,"message":"Method not found"}}"#
        ),
        (#"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#, notJSON),
        (#"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#, invalid),
        (#"[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},{"jsonrpc": "2.0", "method"]"#, notJSON),
        ("[]", invalid),
        ("[1]", "[\(invalid)]"),
        ("[1,2,3]", "[\(invalid),\(invalid),\(invalid)]"),
        (
            #"""
            [{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
             {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
             {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
             {"foo": "boo"},
             {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
             {"jsonrpc": "2.0", "method": "get_data", "id": "9"}]
            """#,
            #"[{"jsonrpc":"2.0","id":"1","result":7},{"jsonrpc":"2.0","id":"2","result":19},"# + invalid
                + #",{"jsonrpc":"2.0","id":"5","error":{"code":-32601,"message":"Method not found"}},"#
                + #"{"jsonrpc":"2.0","id":"9","result":["hello",5]}]"#
        ),
        (
            #"[{"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},"#
                + #"{"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}]"#,
            ""
        ),
    ])
    func theExampleIsAnsweredAsPrinted(_ request: String, _ reply: String) throws {
        #expect(try Self.answer(request) == reply)
    }
}
