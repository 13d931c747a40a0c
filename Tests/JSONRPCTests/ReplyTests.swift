import JSONRPC
import Testing

@Suite struct ReplyTests {
    static let refusal = RPCError(
        code: 1003, message: "stale version", reason: "staleVersion", detail: "版本已变", retryable: true, traceId: "4bf9",
        extra: ["version": 7, "holder": ["party": "unit"]])

    @Test func aResultIsHandedOnUntouched() throws {
        let result = Array(#"{ "b" : 1.50, "a":"\u0062" }"#.utf8)
        let bytes = Reply.success(id: RequestID("x\"中"), result: result)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":"x\"中","result":{ "b" : 1.50, "a":"\u0062" }}"#)
        let reply = try Reply.parse(bytes)
        #expect(reply.id == RequestID("x\"中"))
        guard case .result(let range) = reply.outcome else { throw JSONError(.notAReply) }
        #expect(Array(bytes[range]) == result)
    }

    @Test func anErrorSurvivesTheWire() throws {
        let bytes = Reply.failure(id: RequestID(7), error: Self.refusal)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":7,"error":{"code":1003,"message":"stale version","data":"#
                + #"{"reason":"staleVersion","#
                + #""detail":"版本已变","retryable":true,"traceId":"4bf9","version":7,"holder":{"party":"unit"}}}}"#)
        #expect(try Reply.parse(bytes).outcome == .error(Self.refusal))
    }

    @Test func repliesAreJoinedToABatch() {
        let one = Reply.success(id: RequestID(1), result: [0x31])
        let joined = Reply.batch([one, one])
        #expect(joined == [0x5B] + one + [0x2C] + one + [0x5D])
        #expect(Reply.batch([one]) == [0x5B] + one + [0x5D])
    }

    @Test(arguments: [
        "1", "[]", "{}", #"{"jsonrpc":"2.0","result":1}"#, #"{"jsonrpc":"2.0","id":1}"#,
        #"{"jsonrpc":"1.0","id":1,"result":1}"#,
        #"{"jsonrpc":"2.0","id":true,"result":1}"#,
        #"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":"m"}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"m"}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":null}"#,
    ])
    func whatIsNoReplyIsRefused(_ text: String) {
        #expect(throws: JSONError(.notAReply)) { try Reply.parse(Array(text.utf8)) }
    }

    @Test func aReplyWithARepeatedMemberIsRefused() {
        #expect(throws: JSONError(.duplicateName, at: 36)) {
            try Reply.parse(Array(#"{"jsonrpc":"2.0","result":1,"id":1,"result":2}"#.utf8))
        }
    }

    @Test func aNullResultIsAResult() throws {
        let reply = try Reply.parse(Array(#"{"result":null,"id":null,"jsonrpc":"2.0"}"#.utf8))
        #expect(reply.id == .null)
        #expect(reply.outcome == .result(10..<14))
    }

    @Test func anErrorOfAnotherSystemIsRead() throws {
        let bare = try #require(RPCError(["code": -32000, "message": "busy"]))
        #expect(bare == RPCError(code: -32000, message: "busy", reason: "", detail: ""))
        let odd = try #require(RPCError(["code": 5, "message": "m", "data": "text"]))
        #expect(odd["data"] == "text")
    }

    @Test func extraMembersAreSetByName() {
        var error = RPCError.internalError()
        error["retryAfterMs"] = 250
        error["holder"] = "office"
        error["retryAfterMs"] = 500
        error["holder"] = nil
        error["absent"] = nil
        error.traceId = "t"
        #expect(error.extra == [JSONMember("retryAfterMs", 500)])
        #expect(error.json["data"]?["traceId"] == "t")
    }

    @Test(arguments: [
        (RPCError.parseError(JSONError(.badUTF8, at: 3)), -32700, "Parse error"),
        (.parseError(), -32700, "Parse error"),
        (.invalidRequest(.badId), -32600, "Invalid Request"), (.methodNotFound(), -32601, "Method not found"),
        (.invalidParams(fields: []), -32602, "Invalid params"), (.internalError(), -32603, "Internal error"),
    ])
    func theProtocolsErrorsUseItsPhrases(_ error: RPCError, _ code: Int, _ message: String) {
        #expect(error.code == code)
        #expect(error.message == message)
        #expect(!error.reason.isEmpty && !error.detail.isEmpty && !error.retryable)
    }

    @Test func invalidParamsListTheFields() {
        let error = RPCError.invalidParams(fields: [
            .init(path: "a[0].b", problem: "required"), .init(path: "", problem: "x"),
        ])
        #expect(error["fields"] == [["path": "a[0].b", "problem": "required"], ["path": "", "problem": "x"]])
        #expect(error.detail == "参数有误：a[0].b、params")
    }

    @Test func aRequestIsComposedAndReadBack() throws {
        let bytes = Request.compose(id: RequestID(1), method: "intake.get", params: Array(#"{"caseNumber":"x"}"#.utf8))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","method":"intake.get","params":{"caseNumber":"x"},"id":1}"#)
        let head = try RequestScannerTests.head(
            String(decoding: Request.compose(id: nil, method: "a\"b", params: nil), as: UTF8.self))
        #expect(head.isNotification)
        #expect(head.method == "a\"b")
    }
}
