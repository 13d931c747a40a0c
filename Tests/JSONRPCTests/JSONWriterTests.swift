import JSONRPC
import Testing

@Suite struct JSONWriterTests {
    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONWriter.encode(value), as: UTF8.self)
    }

    struct Reversed: Encodable {
        var zebra = 1
        var apple: String? = "x"
        var missing: Int?
        var list: [Int?] = [1, nil]
        var nested = Place(latitude: 1, longitude: -0.25)
        var empty = Nothing()
        var none: [Int] = []
    }

    @Test func membersStandInDeclaredOrderAndNilIsLeftOut() throws {
        #expect(
            try Self.text(Reversed())
                == #"{"zebra":1,"apple":"x","list":[1,null],"nested":{"latitude":1,"longitude":-0.25},"#
                + #""empty":{},"none":[]}"#
        )
    }

    @Test(arguments: [
        ("a/b", #""a/b""#), ("\"\\", #""\"\\""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\u{0}\u{1}\u{1F}", #""\u0000\u0001\u001f""#),
        ("中文😀\u{2028}\u{7F}", "\"中文😀\u{2028}\u{7F}\""), ("", #""""#), ("a\nb\nc", #""a\nb\nc""#),
    ])
    func onlyWhatMustIsEscaped(_ string: String, _ text: String) throws {
        #expect(try Self.text(string) == text)
        #expect(try Self.text([string: 1]) == "{\(text):1}")
        #expect(try JSONValue(parsing: Array(text.utf8)) == JSONValue(string))
    }

    @Test func scalarsStandAlone() throws {
        #expect(try Self.text(true) == "true")
        #expect(try Self.text(Int64.min) == "-9223372036854775808")
        #expect(try Self.text(UInt64.max) == "18446744073709551615")
        #expect(try Self.text(1e21) == "1e+21")
        #expect(try Self.text(Float(0.5)) == "0.5")
        #expect(try Self.text(Urgency.amber) == #""amber""#)
        #expect(try Self.text(Int?.none) == "null")
        #expect(try Self.text([[1], []]) == "[[1],[]]")
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan])
    func whatIsNoJSONNumberIsRefused(_ value: Double) {
        #expect(throws: EncodingError.self) { try JSONWriter.encode([value]) }
        #expect(throws: EncodingError.self) { try JSONWriter.encode(Float(value)) }
    }

    @Test func freeJSONPassesThrough() throws {
        let text = #"{"b":1.50,"a":[null,{"\ud800":-0}]}"#
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(try Self.text(value) == text)
        #expect(try Self.text(Holder(value: value)) == #"{"value":\#(text)}"#)
        #expect(try Self.text([value, 1]) == "[\(text),1]")
    }

    @Test func nestedContainersMayBeFilledInAnyOrder() throws {
        let value = ByHand(a: 1, two: 2, b: 3, c: 4)
        let text = #"{"inner":{"a":1},"list":[2,{"b":3}],"base":{"c":4}}"#
        #expect(try Self.text(value) == text)
        #expect(try Self.text([value, value]) == "[\(text),\(text)]")
        #expect(try Self.text(Holder(value: value)) == #"{"value":\#(text)}"#)
    }

    class Base: Encodable { var a = 1 }

    final class Derived: Base {
        enum CodingKeys: String, CodingKey { case b }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(2, forKey: .b)
            try super.encode(to: encoder)
            try super.encode(to: container.superEncoder())
        }
    }

    @Test func aSubclassSharesItsObjectOrHasASuper() throws {
        #expect(try Self.text(Derived()) == #"{"b":2,"a":1,"super":{"a":1}}"#)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let filing = Filing(
            title: Title(text: "路灯\n\"不亮\""), urgency: .green, count: -5, small: 255, open: false,
            petitioner: Petitioner(name: "王", phone: nil), about: ["a", ""],
            place: Place(latitude: 31.23, longitude: 1e-7),
            attachments: [Attachment(bytes: 9)], labels: ["é": 1, "e\u{301}x": 2], free: ["k": [nil, true]])
        let bytes = try JSONWriter.encode(filing)
        #expect(try ParamsDecoder.decode(Filing.self, from: JSONValue(parsing: bytes)) == filing)
    }
}
