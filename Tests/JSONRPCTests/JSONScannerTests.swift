import JSONRPC
import Testing

@Suite struct JSONScannerTests {
    static func code(_ bytes: [UInt8]) -> JSONError.Code? {
        do {
            _ = try JSONScanner.scan(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    static func code(_ text: String) -> JSONError.Code? { code(Array(text.utf8)) }

    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "0.0", "0.10", "-0.5", "1e1", "1E1", "1e+1", "1e-1", "1.5e300", "0e0",
        "1e999999999999",
        "123456789012345678901234567890", "-1.0E-10",
    ])
    func aNumberByTheGrammarIsTaken(_ text: String) {
        #expect(Self.code(text) == nil)
        #expect(JSONNumber(token: text)?.token == text)
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1e1.5", "0x10", "1_000", "NaN",
        "Infinity",
        "-Infinity", "1,5", "1 2", "--1", "1e--1", "１", "1f", " 1x",
    ])
    func aNumberOffTheGrammarIsRefused(_ text: String) {
        #expect(Self.code(text) != nil)
        #expect(JSONNumber(token: text) == nil)
    }

    @Test(arguments: [
        "null", "true", "false", #""""#, "[]", "{}", " \t\r\n[ 1 , 2 ] \n", #"{"a":{"b":[{}]}}"#,
        #""\"\\\/\b\f\n\r\t\u00e9""#,
        #""\uD83D\uDE00""#, #""😀 中文 é""#, "\"\u{7F}\u{2028}\"", #"{"":0}"#,
    ])
    func aWellFormedTextIsTaken(_ text: String) {
        #expect(Self.code(text) == nil)
    }

    @Test(arguments: [
        ("", JSONError.Code.unexpectedEnd), (" ", .unexpectedEnd), ("nul", .unexpectedEnd), ("nulL", .unexpectedByte),
        ("True", .unexpectedByte), ("nullx", .trailingBytes), ("1 1", .trailingBytes), ("[1,]", .unexpectedByte),
        ("[,1]", .unexpectedByte), ("[1 2]", .unexpectedByte), ("[1", .unexpectedEnd), ("[", .unexpectedEnd),
        ("{", .unexpectedEnd), (#"{"a"}"#, .unexpectedByte), (#"{"a":}"#, .unexpectedByte),
        (#"{"a":1,}"#, .unexpectedByte),
        ("{a:1}", .unexpectedByte), ("{1:1}", .unexpectedByte), (#"{"a":1"#, .unexpectedEnd),
        (#"{"a" 1}"#, .unexpectedByte),
        ("]", .unexpectedByte), ("[}", .unexpectedByte), (#"["a"#, .unexpectedEnd), (#""\"#, .unexpectedEnd),
        (#""\x""#, .badEscape), (#""\u12""#, .unexpectedEnd), (#""\u12"#, .unexpectedEnd), (#""\u12g4""#, .badEscape),
        (#""\U0041""#, .badEscape), ("\"\t\"", .controlCharacter), ("\"\n\"", .controlCharacter),
        ("\"\u{0}\"", .controlCharacter), ("'a'", .unexpectedByte), ("[1]\u{0}", .trailingBytes),
        ("\u{FEFF}1", .unexpectedByte), ("\u{A0}1", .unexpectedByte), ("\u{0B}1", .unexpectedByte),
        ("1\u{0C}", .trailingBytes),
        ("// c\n1", .unexpectedByte), ("1/**/", .trailingBytes), ("-x", .badNumber),
    ])
    func anIllFormedTextIsRefused(_ text: String, _ code: JSONError.Code) {
        #expect(Self.code(text) == code)
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE4, 0xB8],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF0, 0x9F, 0x98], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE4, 0xB8, 0xC0], [0xF0, 0x9F, 0x98, 0x7F],
        ] as [[UInt8]])
    func brokenUTF8IsRefusedWhereverItStands(_ broken: [UInt8]) {
        let quote: [UInt8] = [0x22]
        for lead in 0..<10 {
            let plain = [UInt8](repeating: 0x61, count: lead)
            #expect(Self.code(quote + plain + broken + quote) == .badUTF8)
            #expect(Self.code(quote + plain + broken + plain + quote) == .badUTF8)
            #expect(Self.code(quote + plain + broken) != nil)
            #expect(Self.code(plain + broken) != nil)
        }
    }

    @Test(
        arguments: [
            [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        ] as [[UInt8]])
    func theEndsOfEachUTF8RangeAreTaken(_ scalar: [UInt8]) {
        #expect(Self.code([0x22] + scalar + [0x22]) == nil)
    }

    @Test func everyByteIsJudgedAtEveryPlaceInAWord() {
        for byte in UInt8.min...UInt8.max {
            for lead in 0..<17 {
                let body = [UInt8](repeating: 0x7E, count: lead) + [byte] + [UInt8](repeating: 0x21, count: 16)
                let isPlain = byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
                #expect((Self.code([0x22] + body + [0x22]) == nil) == isPlain, "\(byte) at \(lead)")
            }
        }
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")])
    func sixtyFourLevelsAreTakenAndSixtyFiveRefused(_ open: String, _ close: String) {
        let levels = open.filter { "[{".contains($0) }.count
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth / levels) + "1" + String(repeating: close, count: depth / levels)
        }
        #expect(Self.code(nested(64)) == nil)
        #expect(Self.code("[" + nested(64) + "]") == .tooDeep)
        #expect(Self.code(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
    }

    @Test func aMillionOpenBracketsDoNotOverflowTheStack() {
        #expect(Self.code([UInt8](repeating: 0x5B, count: 1_000_000)) == .tooDeep)
        #expect(Self.code(String(repeating: #"{"a":"#, count: 200_000)) == .tooDeep)
    }

    @Test(arguments: [#""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\udc00\ud800""#, #""\u0000""#])
    func loneSurrogatesAndNULAreGrammar(_ text: String) {
        #expect(Self.code(text) == nil)
    }

    @Test func aPartOfTheBytesIsReadAsAWhole() throws {
        let bytes = Array(#"xx {"a":1} yy"#.utf8)
        #expect(try JSONScanner.scan(bytes, in: 2..<11).value == 3..<10)
        #expect(throws: JSONError(.unexpectedEnd, at: 9)) { try JSONScanner.scan(bytes, in: 2..<9) }
    }
}
