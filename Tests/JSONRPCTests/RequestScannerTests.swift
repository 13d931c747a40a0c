import JSONRPC
import Testing

@Suite struct RequestScannerTests {
    static func item(_ text: String) throws -> RequestItem {
        guard case .single(let item) = try RequestScanner.scan(Array(text.utf8)) else { throw JSONError(.notAReply) }
        return item
    }

    static func head(_ text: String) throws -> RequestHead {
        switch try item(text) {
        case .request(let head): return head
        case .invalid(let error, _): throw error
        }
    }

    /// `reason id` of an invalid item.
    static func fault(_ item: RequestItem) -> String {
        switch item {
        case .request(let head): "request \(head.method)"
        case .invalid(let error, let id): "\(error.code) \(error.reason) \(String(decoding: id.token, as: UTF8.self))"
        }
    }

    static func wholeError(_ bytes: [UInt8], limit: Int = 100) -> RPCError? {
        do {
            _ = try RequestScanner.scan(bytes, limits: .init(batchItemsMax: limit))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "1", "0", "-7", "1.5", "1.50", "1e3", "9007199254740993", "123456789012345678901234567890", #""a""#, #""""#,
        #""a\u0062""#, #""\ud800""#, #""中""#, "null",
    ])
    func theIdIsKeptAsItIsWritten(_ id: String) throws {
        let head = try Self.head(#"{"jsonrpc":"2.0","id": \#(id) ,"method":"m"}"#)
        #expect(head.id?.token == Array(id.utf8))
        #expect(!head.isNotification)
    }

    @Test func aRequestWithoutAnIdIsANotification() throws {
        let head = try Self.head(#"{"jsonrpc":"2.0","method":"m"}"#)
        #expect(head.isNotification)
        #expect(head.params == nil)
    }

    @Test func rangesPointIntoTheBody() throws {
        let text =
            #" [ {"jsonrpc":"2.0","method":"a","params": [1, {"b":2}] ,"id":1} , "#
            + #"{"params":{},"jsonrpc":"2.0","method":"b"} ] "#
        let body = Array(text.utf8)
        guard case .batch(let items) = try RequestScanner.scan(body) else { throw JSONError(.notAReply) }
        let parts = items.map { item -> [String] in
            guard case .request(let head) = item else { return [] }
            return [head.params ?? 0..<0, head.range].map { String(decoding: body[$0], as: UTF8.self) }
        }
        #expect(
            parts == [
                [#"[1, {"b":2}]"#, #"{"jsonrpc":"2.0","method":"a","params": [1, {"b":2}] ,"id":1}"#],
                ["{}", #"{"params":{},"jsonrpc":"2.0","method":"b"}"#],
            ])
    }

    @Test func escapedNamesAndValuesAreRead() throws {
        let head = try Self.head(#"{"json\u0072pc":"\u0032.0","\u0069d":1,"m\u0065thod":"a\n\u4e2d","\u0070arams":{}}"#)
        #expect(head.method == "a\n中")
        #expect(head.id == RequestID(1))
        #expect(head.params != nil)
    }

    @Test func extraMembersAreIgnored() throws {
        #expect(try Self.head(#"{"jsonrpc":"2.0","id":1,"method":"m","x":[{"id":{}}],"auth":null}"#).method == "m")
    }

    @Test(arguments: [
        (#"{}"#, "badVersion null"), (#"{"id":1}"#, "badVersion 1"), (#"{"id":1,"method":"m"}"#, "badVersion 1"),
        (#"{"jsonrpc":2.0,"id":1,"method":"m"}"#, "badVersion 1"),
        (#"{"jsonrpc":"2","id":"x","method":"m"}"#, #"badVersion "x""#),
        (#"{"jsonrpc":"2.0 ","id":1,"method":"m"}"#, "badVersion 1"),
        (#"{"jsonrpc":"1.0","method":"m"}"#, "badVersion null"),
        (#"{"jsonrpc":"2.0","id":1}"#, "badMethod 1"), (#"{"jsonrpc":"2.0","id":1,"method":1}"#, "badMethod 1"),
        (#"{"jsonrpc":"2.0","id":1,"method":null}"#, "badMethod 1"),
        (#"{"jsonrpc":"2.0","id":true,"method":"m"}"#, "badId null"),
        (#"{"jsonrpc":"2.0","id":{},"method":"m"}"#, "badId null"),
        (#"{"jsonrpc":"2.0","id":[1],"method":"m"}"#, "badId null"),
        (#"{"jsonrpc":"2.0","id":{},"method":1}"#, "badMethod null"),
        (#"{"jsonrpc":"2.0","id":1,"method":"m","params":1}"#, "badParams 1"),
        (#"{"jsonrpc":"2.0","id":1,"method":"m","params":null}"#, "badParams 1"),
        (#"{"jsonrpc":"2.0","method":"m","params":"bar"}"#, "badParams null"),
        (#"{"jsonrpc":"2.0","id":1,"method":"m","method":"m"}"#, "duplicateMember 1"),
        (#"{"jsonrpc":"2.0","id":1,"id":1,"method":"m"}"#, "duplicateMember null"),
        (#"{"jsonrpc":"2.0","id":1,"\u0069d":2,"method":"m"}"#, "duplicateMember null"),
        (#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[{"b":1,"\u0062":2}]}}"#, "duplicateMember 1"),
        (#"{"jsonrpc":"2.0","id":false,"method":"m","params":{"a":1,"a":1}}"#, "duplicateMember null"),
        (#"{"x":{"a":1,"a":1},"id":"late"}"#, #"duplicateMember "late""#),
    ])
    func anInvalidItemIsAnsweredWithItsIdIfThatIsCertain(_ text: String, _ fault: String) throws {
        #expect(try Self.fault(Self.item(text)) == "-32600 \(fault)")
    }

    @Test func oneBadItemDoesNotSpoilItsNeighbours() throws {
        let good = #"{"jsonrpc":"2.0","id":1,"method":"m"}"#
        let twice = #"{"jsonrpc":"2.0","id":2,"method":"m","params":{"a":1,"a":2}}"#
        guard case .batch(let items) = try RequestScanner.scan(Array("[\(good),\(twice),7,\(good),[],\(good)]".utf8))
        else {
            throw JSONError(.notAReply)
        }
        #expect(
            items.map(Self.fault) == [
                "request m", "-32600 duplicateMember 2", "-32600 notAnObject null", "request m",
                "-32600 notAnObject null",
                "request m",
            ])
    }

    @Test(arguments: ["1", "null", #""x""#, "true", "-1.5"])
    func aBodyThatIsNeitherObjectNorArrayIsOneInvalidRequest(_ text: String) {
        let error = Self.wholeError(Array(text.utf8))
        #expect(error?.code == -32600)
        #expect(error?.reason == "notAnObject")
    }

    @Test(arguments: [("[]", "emptyBatch"), (" [ ] ", "emptyBatch"), ("[1,2,3,4]", "batchTooLarge")])
    func anEmptyOrTooLargeBatchIsOneInvalidRequest(_ text: String, _ reason: String) {
        let error = Self.wholeError(Array(text.utf8), limit: 3)
        #expect(error?.code == -32600)
        #expect(error?.reason == reason)
        #expect(Self.wholeError(Array("[1,2,3]".utf8), limit: 3) == nil)
    }

    @Test(arguments: [
        "[1,2,3,4,]", "[1,2,3,4", "[1,2,3,{\"a\":\"\\x\"}]", "{\"jsonrpc\":\"2.0\",\"method\":\"m\"} x", "", "{",
    ])
    func aBodyThatIsNotJSONIsAParseErrorBeforeAnythingElse(_ text: String) {
        let error = Self.wholeError(Array(text.utf8), limit: 2)
        #expect(error?.code == -32700)
        #expect(error?.message == "Parse error")
    }

    @Test func depthIsThatOfTheWholeBody() throws {
        func request(_ depth: Int) -> String {
            let params = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return #"{"jsonrpc":"2.0","id":1,"method":"m","params":\#(params)}"#
        }
        #expect(try Self.head(request(63)).method == "m")
        #expect(Self.wholeError(Array(request(64).utf8))?.code == -32700)
        #expect(Self.wholeError(Array("[\(request(62))]".utf8)) == nil)
        #expect(Self.wholeError(Array("[\(request(63))]".utf8))?.code == -32700)
    }

    @Test(arguments: [
        ("1", true), ("-1.5", true), ("null", true), (#""a""#, true), ("true", false), ("{}", false), ("[1]", false),
    ])
    func anIdIsAStringANumberOrNull(_ token: String, _ isID: Bool) {
        #expect((RequestID(token: Array(token.utf8)) != nil) == isID)
        #expect(RequestID(token: Array(" \(token)".utf8)) == nil)
        #expect(RequestID(token: Array("\(token) ".utf8)) == nil)
        #expect(RequestID(token: []) == nil)
    }
}
