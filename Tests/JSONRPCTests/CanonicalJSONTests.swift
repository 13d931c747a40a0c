import JSONRPC
import Testing

/// RFC 8785.
@Suite struct CanonicalJSONTests {
    static func canonical(_ text: String) throws -> String {
        String(decoding: try JSONValue(parsing: Array(text.utf8)).canonical(), as: UTF8.self)
    }

    /// Appendix B.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func aDoubleIsWrittenAsECMAScriptDoes(_ bits: UInt64, _ text: String) throws {
        let number = try #require(JSONNumber(Double(bitPattern: bits)))
        #expect(number.token == text)
        #expect(try Self.canonical(text == "0" ? "-0.0" : text) == text)
    }

    @Test(arguments: [0x7fff_ffff_ffff_ffff, 0x7ff0_0000_0000_0000, 0xfff0_0000_0000_0000] as [UInt64])
    func whatIsNoNumberHasNoText(_ bits: UInt64) {
        #expect(JSONNumber(Double(bitPattern: bits)) == nil)
    }

    /// Section 3.2.2.
    @Test func theRFCsSampleIsWrittenAsPrinted() throws {
        let input = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50,
                          2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let output =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try Self.canonical(input) == output)
    }

    /// Section 3.2.3: UTF-16 puts the smiley (D83D) before the dalet (FB33); code points and UTF-8 would not.
    @Test func namesAreOrderedByUTF16CodeUnits() throws {
        let input = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
             "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        let output =
            #"{"\r":"Carriage Return","1":"One","\#u{80}":"Control","\#u{F6}":"Latin Small Letter O With Diaeresis","#
            + #""\#u{20AC}":"Euro Sign","\#u{1F600}":"Emoji: Grinning Face","#
            + #""\#u{FB33}":"Hebrew Letter Dalet With Dagesh"}"#
        #expect(try Self.canonical(input) == output)
    }

    @Test func theOrderIsThatOfUTF16ForEveryMixOfPlanes() throws {
        var random = FuzzTests.Seeded(state: 8785)
        let edges: [Unicode.Scalar] = [
            "a", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{EFFF}", "\u{F000}", "\u{FFFF}",
            "\u{10000}",
            "\u{3FFFF}", "\u{40000}", "\u{10FFFF}",
        ]
        let names = Set(
            (0..<500).map { _ in
                (0..<Int.random(in: 0...4, using: &random)).reduce(into: [Unicode.Scalar]()) { name, _ in
                    name.append(edges.randomElement(using: &random) ?? "a")
                }
            }
        ).map { String(String.UnicodeScalarView($0)) }
        let object = JSONValue.object(names.map { JSONMember(JSONString($0), 0) })
        let written = try JSONValue(parsing: object.canonical()).members?.map(\.name.text)
        let expected = names.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
        #expect(written?.map { Array($0.utf16) } == expected.map { Array($0.utf16) })
    }

    @Test(arguments: [
        ("1.0", "1"), ("-0", "0"), ("1e2", "100"), ("0.1e1", "1"), ("123456789012345678901", "123456789012345680000"),
        ("1234567890123456789012", "1.2345678901234568e+21"), ("0.00001", "0.00001"), ("0.0000001", "1e-7"),
        ("-1.5E-10", "-1.5e-10"),
        ("12.340", "12.34"), ("1e-400", "0"), ("9007199254740993", "9007199254740992"),
    ])
    func aNumberIsThatOfItsDouble(_ token: String, _ text: String) throws {
        #expect(try Self.canonical(token) == text)
    }

    @Test func structureIsKeptAndSpaceIsNot() throws {
        #expect(
            try Self.canonical(#" { "b" : [ { "d":1, "c":[] } , {} ] , "a" : "" , "":0 } "#)
                == #"{"":0,"a":"","b":[{"c":[],"d":1},{}]}"#)
    }

    @Test(arguments: ["1e400", "-1e400", #""\ud800""#, #"{"\udc00":1}"#, #"[[1e999]]"#])
    func whatTheRFCHasNoTextForIsRefused(_ text: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(throws: JSONError(.notCanonical)) { try value.canonical() }
    }

    @Test func aNameTwiceHasNoCanonicalText() {
        #expect(throws: JSONError(.notCanonical)) { try JSONValue.object([.init("a", 1), .init("a", 1)]).canonical() }
    }
}
