import Domain
import Foundation
import Testing

struct TextsTests {
    /// CONTRACT's limits, in Unicode scalars.
    static let kinds: [(any BoundedText.Type, Int)] = [
        (Title.self, 200), (Body.self, 20_000), (ExternalID.self, 200), (Name.self, 100), (Note.self, 2000),
        (Essay.self, 20_000),
        (UnitID.self, 100), (ChannelCode.self, 100), (CategoryCode.self, 100), (DivisionCode.self, 100),
        (LetterNumber.self, 100),
        (CaseNumber.self, 100),
    ]

    @Test(arguments: kinds.indices)
    func aTextHasItsLimitInUnicodeScalars(kind: Int) {
        let (type, limit) = Self.kinds[kind]
        for scalar in ["a", "字", "😀", "e\u{301}"] {
            let units = scalar.unicodeScalars.count
            let longest = String(repeating: scalar, count: limit / units)
            #expect(type.init(longest)?.text == longest, "\(type)")
            #expect(type.init(longest + "a") == nil, "\(type)")
            #expect(type.refusal(of: longest + "a") == "must have 1 to \(limit) characters")
        }
        #expect(
            type.init(String(repeating: "👨‍👩‍👧‍👦", count: limit / 7 + 1)) == nil,
            "a family is one character and seven scalars")
    }

    @Test(arguments: kinds.indices)
    func noTextIsEmptyBlankOrHoldsNUL(kind: Int) {
        let (type, limit) = Self.kinds[kind]
        #expect(type.init("") == nil)
        #expect(type.refusal(of: "") == "must have 1 to \(limit) characters")
        for blank in [" ", "\t\r\n", "\u{3000}", "\u{A0}\u{2003}"] {
            #expect(type.refusal(of: blank) == "must not be blank")
        }
        for text in ["\u{0}", "a\u{0}", "\u{0}b", "字\u{0}字"] {
            #expect(type.refusal(of: text) == "must not contain NUL")
        }
        #expect(type.init(" a ")?.text == " a ", "a text is kept as it came")
    }

    @Test func aTextIsAStringInJSONAndIsCheckedWhenRead() throws {
        #expect(try JSONDecoder().decode([Title].self, from: Data(#"["路灯不亮"]"#.utf8)).map(\.text) == ["路灯不亮"])
        #expect(String(decoding: try JSONEncoder().encode([Title(unchecked: "路灯不亮")]), as: UTF8.self) == #"["路灯不亮"]"#)
        for json in [
            #"[""]"#, #"[" "]"#, #"["a\u0000"]"#, "[1]", "[null]", #"["\#(String(repeating: "a", count: 201))"]"#,
        ] {
            #expect(throws: (any Error).self) { try JSONDecoder().decode([Title].self, from: Data(json.utf8)) }
        }
        #expect("\(Title(unchecked: "路灯"))" == "路灯")
    }

    @Test(arguments: [
        "http://a", "https://example.org/a?b#c", "HTTPS://EXAMPLE.ORG", "http://例子.中国/路", "http://[::1]:8080/",
        "https://1.2.3.4",
    ])
    func anAddressIsOfHTTP(text: String) {
        #expect(WebAddress(text)?.text == text)
    }

    @Test(arguments: [
        "", " ", "http://", "https://", "http:///a", "https://?a", "https://#a", "https://:80", "http:/a", "http:a",
        "//a", "a",
        "ftp://a", "javascript:alert(1)", "data:text/html,a", " http://a", "http://a b", "http://a\n", "http://a\u{0}",
        "httpx://a", "hthttp://a", "http：//a", "http://a\u{1F}",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func anAddressHasUpTo2000Characters() {
        #expect(WebAddress("http://" + String(repeating: "a", count: 1993)) != nil)
        #expect(WebAddress("http://" + String(repeating: "a", count: 1994)) == nil)
    }

    @Test func aDigestIsSixtyFourHexadecimalDigitsInLowerCase() {
        let digest = String(repeating: "0aF9", count: 16)
        #expect(Digest256(digest)?.text == digest.lowercased())
        #expect(Digest256(unchecked: digest) == Digest256(digest))
        let short = String(digest.dropLast())
        for last in ["", "00", "g", " ", "@", "`", "字", "０"] { #expect(Digest256(short + last) == nil) }
    }

    @Test func aKeyIsOneTo200PrintableASCIICharacters() {
        for key in ["a", " ", "~", "a b-c:{}", String(repeating: "k", count: 200)] {
            #expect(IdempotencyKey(key)?.text == key)
        }
        for key in ["", "\u{1F}", "\u{7F}", "a\n", "é", "字", "a\u{0}", String(repeating: "k", count: 201)] {
            #expect(IdempotencyKey(key) == nil)
        }
    }

    @Test func attachmentsAreAtMostTwentyAndHaveASize() throws {
        let json =
            #"{"name":"a.jpg","mediaType":"image/jpeg","bytes":5,"sha256":"\#(String(repeating: "a", count: 64))","url":"https://a/b"}"#
        var attachment = try JSONDecoder().decode(Attachment.self, from: Data(json.utf8))
        try Attachment.check(nil)
        try Attachment.check([])
        try Attachment.check(Array(repeating: attachment, count: 20))
        #expect(throws: Refusal.field("attachments", "must have at most 20 items")) {
            try Attachment.check(Array(repeating: attachment, count: 21))
        }
        for bytes in [0, 1 << 53] {
            attachment.bytes = bytes
            try Attachment.check([attachment])
        }
        for bytes in [-1, (1 << 53) + 1] {
            let good = attachment
            attachment.bytes = bytes
            #expect(throws: Refusal.field("items[1].bytes", "out of range")) {
                try Attachment.check([good, attachment], path: "items")
            }
            attachment.bytes = 0
        }
    }
}
