import JSONRPC
import Testing

@Suite struct DuplicateNameTests {
    static func duplicateAt(_ text: String) throws -> Int? { try JSONScanner.scan(Array(text.utf8)).duplicateAt }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, 8), (#"{"a":1,"\u0061":2}"#, 8), (#"{"\u0061":1,"a":2}"#, 13),
        (#"[{"x":{"b":1,"b":1}}]"#, 14),
        (#"{"":1,"":2}"#, 7), (#"{"中":1,"\u4e2d":2}"#, 10), (#"{"\ud83d\ude00":1,"😀":2}"#, 19),
        (#"{"\ud800":1,"\uD800":2}"#, 13), (#"{"/":1,"\/":1}"#, 8), (#"{"\n":1,"\u000A":1}"#, 9),
        (#"{"o":{"a":1},"a":1,"o":2}"#, 20),
    ])
    func aRepeatedNameIsFound(_ text: String, _ offset: Int) throws {
        #expect(try Self.duplicateAt(text) == offset)
    }

    @Test(arguments: [
        #"{"a":1,"b":2}"#, #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#, #"{"a":1,"A":2}"#,
        #"{"\ud800":1,"\ud801":2}"#,
        "{\"e\u{301}\":1,\"\u{E9}\":2}", #"{"a":"a","b":"a"}"#, #"{"a":[{"b":1}],"b":{"a":1}}"#,
        #"{"\\u0061":1,"a":2}"#,
    ])
    func differentNamesAreNotConfused(_ text: String) throws {
        #expect(try Self.duplicateAt(text) == nil)
    }

    @Test(arguments: [2, 15, 16, 17, 18, 40])
    func theLastOfManyNamesIsComparedWithEachOther(_ count: Int) throws {
        let names = (0..<count).map { "\"n\($0)\":{\"n\($0)\":0}" }
        #expect(try Self.duplicateAt("{\(names.joined(separator: ","))}") == nil)
        for repeated in 0..<count {
            let text = "{\(names.joined(separator: ",")),\"\\u006e\(repeated)\":0}"
            #expect(try Self.duplicateAt(text) == text.utf8.count - 10 - String(repeated).utf8.count)
        }
    }

    @Test(arguments: [63, 64, 65, 66, 1000])
    func longNamesAreComparedToo(_ length: Int) throws {
        let name = String(repeating: "n", count: length)
        let others = (0..<3).map { "\"\(name)\($0)\":0,\"short\($0)\":0" }.joined(separator: ",")
        #expect(try Self.duplicateAt("{\(others)}") == nil)
        for index in 0..<3 {
            #expect(try Self.duplicateAt("{\(others),\"\\u006e\(name.dropFirst())\(index)\":0}") != nil)
            #expect(try Self.duplicateAt("{\(others),\"short\(index)\":0}") != nil)
        }
    }

    /// In quadratic time this would take hours.
    @Test(.timeLimit(.minutes(5))) func aHundredThousandNamesAreTold() throws {
        let names = (0..<100_000).map { "\"member number \($0)\":0" }.joined(separator: ",")
        #expect(try Self.duplicateAt("{\(names)}") == nil)
        #expect(try Self.duplicateAt("{\(names),\"member number 99999\":0}") != nil)
    }

    @Test func aValueWithARepeatedNameIsNotBuilt() {
        #expect(throws: JSONError(.duplicateName, at: 8)) { try JSONValue(parsing: Array(#"{"a":1,"a":2}"#.utf8)) }
    }
}
