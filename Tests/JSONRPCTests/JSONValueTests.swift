import JSONRPC
import Testing

@Suite struct JSONValueTests {
    static func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func aTextIsBuiltAsItStands() throws {
        let value = try Self.value(#" {"b" : [1.50, -0, true, null], "a": {"中\u0041": "\ud83d\ude00\n"}} "#)
        #expect(
            value == [
                "b": [
                    .number(try #require(JSONNumber(token: "1.50"))), .number(try #require(JSONNumber(token: "-0"))),
                    true, nil,
                ],
                "a": ["中A": "😀\n"],
            ])
        #expect(Self.text(value.serialized()) == #"{"b":[1.50,-0,true,null],"a":{"中A":"😀\n"}}"#)
    }

    @Test func aPartOfABodyIsBuilt() throws {
        #expect(try JSONValue(parsing: Array("x[1]y".utf8), in: 1..<4) == [1])
        #expect(throws: JSONError(.trailingBytes, at: 4)) { try JSONValue(parsing: Array("x[1]y".utf8), in: 1..<5) }
    }

    @Test func accessorsAnswerNilForAnotherKind() throws {
        let value = try Self.value(#"{"s":"x","i":3e0,"d":2.5,"b":true,"n":null,"a":[7],"big":1e400,"lone":"\ud800"}"#)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["i"]?.intValue == 3)
        #expect(value["d"]?.intValue == nil)
        #expect(value["d"]?.doubleValue == 2.5)
        #expect(value["b"]?.boolValue == true)
        #expect(value["n"]?.isNull == true)
        #expect(value["a"]?[0] == 7)
        #expect(value["a"]?[1] == nil)
        #expect(value["big"]?.doubleValue == nil)
        #expect(value["lone"]?.stringValue == nil)
        #expect(value["absent"] == nil)
        #expect(value["s"]?["x"] == nil)
    }

    @Test func namesThatSwiftCallsEqualAreDifferent() throws {
        let value = try Self.value("{\"e\u{301}\":1,\"\u{E9}\":2,\"\u{212A}\":3}")
        #expect(value["\u{E9}"] == 2)
        #expect(value["e\u{301}"] == 1)
        #expect(value["K"] == nil)
        #expect(JSONString("\u{E9}") != JSONString("e\u{301}"))
    }

    @Test(arguments: [
        (#""\ud800""#, true, false, "\u{FFFD}"), (#""a\udfffb""#, true, false, "a\u{FFFD}b"),
        (#""\ud83d\ud83d\ude00""#, true, false, "\u{FFFD}😀"), (#""\udc00\ud800中""#, true, false, "\u{FFFD}\u{FFFD}中"),
        (#""\ud800\u0000""#, true, true, "\u{FFFD}\u{0}"), (#""\u0000""#, false, true, "\u{0}"),
        (#""\ud83d\ude00""#, false, false, "😀"), (#""\ud7ff\ue000\uffff""#, false, false, "\u{D7FF}\u{E000}\u{FFFF}"),
    ])
    func loneSurrogatesAndNULAreKeptAndSeen(_ text: String, _ isLone: Bool, _ hasNUL: Bool, _ shown: String) throws {
        guard case .string(let string) = try Self.value(text) else { throw JSONError(.notAReply) }
        #expect(string.hasLoneSurrogate == isLone)
        #expect(string.hasNUL == hasNUL)
        #expect(string.text == shown)
        #expect(try Self.value(Self.text(JSONValue.string(string).serialized())) == .string(string))
    }

    @Test func aLoneSurrogateIsWrittenAsItsEscape() throws {
        let text = #"{"\udead":"a\ud800\"\u0001"}"#
        #expect(Self.text(try Self.value(text).serialized()) == text)
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("-0.0", 0), ("1.0", 1), ("1e2", 100), ("-12.50e1", -125), ("100e-2", 1),
        ("0e999999999", 0),
        ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("9.223372036854775807e18", Int.max),
        ("0.00000000000000000000001e23", 1), ("0.0e-99999999999999999999", 0),
    ])
    func anIntegralNumberIsAnInteger(_ token: String, _ value: Int) throws {
        #expect(try #require(JSONNumber(token: token)).integer(Int.self) == .value(value))
    }

    @Test(arguments: [
        ("1.5", JSONNumber.IntegerReading<Int>.notIntegral), ("1e-1", .notIntegral),
        ("1e-99999999999999999999", .notIntegral),
        ("9223372036854775808", .outOfRange), ("-9223372036854775809", .outOfRange), ("1e19", .outOfRange),
        ("1e99999999999999999999999999", .outOfRange), ("-1e1000000000", .outOfRange),
        ("9223372036854775807.5", .notIntegral),
    ])
    func anyOtherNumberIsNotAndDoesNotHang(_ token: String, _ reading: JSONNumber.IntegerReading<Int>) throws {
        #expect(try #require(JSONNumber(token: token)).integer(Int.self) == reading)
    }

    /// In quadratic time this would take hours.
    @Test(.timeLimit(.minutes(5))) func aMillionDigitsAreRead() throws {
        let digits = String(repeating: "7", count: 1_000_000)
        #expect(try #require(JSONNumber(token: digits)).integer(Int.self) == .outOfRange)
        #expect(try #require(JSONNumber(token: digits)).double == nil)
        #expect(try #require(JSONNumber(token: "0." + digits)).integer(Int.self) == .notIntegral)
        #expect(try #require(JSONNumber(token: "0." + digits)).double == 7.0 / 9.0)
        #expect(
            try #require(JSONNumber(token: "1." + String(repeating: "0", count: 1_000_000))).integer(Int.self)
                == .value(1))
    }
}
