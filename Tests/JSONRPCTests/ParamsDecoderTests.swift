import JSONRPC
import Testing

@Suite struct ParamsDecoderTests {
    /// `path: problem` of each field; empty if all is well.
    static func problems<T: Decodable>(
        _ type: T.Type, _ text: String?, unknownNames: ParamsDecoder.UnknownNames = .refused
    ) throws -> [String] {
        let params = try text.map { try JSONValue(parsing: Array($0.utf8)) }
        do {
            _ = try ParamsDecoder.decode(type, from: params, unknownNames: unknownNames)
            return []
        } catch {
            return error.fields.map { "\($0.path): \($0.problem)" }
        }
    }

    static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try ParamsDecoder.decode(type, from: try JSONValue(parsing: Array(text.utf8)))
    }

    @Test func aWholeCaseIsRead() throws {
        let filing = try Self.decode(
            Filing.self,
            #"""
            {"title":"路灯不亮","urgency":"red","count":1e2,"petitioner":{"name":"王","phone":null},"about":["u1","u2"],
             "place":{"latitude":31,"longitude":-0.5},"labels":{"a":1,"b":2},"free":{"x":[1.50,null]},"open":true}
            """#)
        #expect(filing.title.text == "路灯不亮")
        #expect(filing.urgency == .red)
        #expect(filing.count == 100)
        #expect(filing.petitioner?.name == "王")
        #expect(filing.petitioner?.phone == nil)
        #expect(filing.about == ["u1", "u2"])
        #expect(filing.place?.latitude == 31)
        #expect(filing.labels == ["a": 1, "b": 2])
        #expect(filing.free?["x"]?[0] == .number(try #require(JSONNumber(token: "1.50"))))
        #expect(filing.open == true)
    }

    @Test(arguments: [
        (#"{}"#, ["title: required", "urgency: required"]),
        (#"{"title":null,"urgency":"red"}"#, ["title: required"]),
        (#"{"title":5,"urgency":"red"}"#, ["title: must be a string"]),
        (#"{"title":"","urgency":"red"}"#, ["title: must have 1–200 characters"]),
        (#"{"title":"a","urgency":"Red"}"#, ["urgency: must be one of red|amber|green"]),
        (#"{"title":"a","urgency":1}"#, ["urgency: must be a string"]),
        (#"{"title":"a","urgency":"red","count":"1"}"#, ["count: must be an integer"]),
        (#"{"title":"a","urgency":"red","count":1.5}"#, ["count: must be an integer"]),
        (#"{"title":"a","urgency":"red","count":true}"#, ["count: must be an integer"]),
        (#"{"title":"a","urgency":"red","count":1e30}"#, ["count: out of range"]),
        (#"{"title":"a","urgency":"red","count":1e999999999999}"#, ["count: out of range"]),
        (#"{"title":"a","urgency":"red","small":256}"#, ["small: out of range"]),
        (#"{"title":"a","urgency":"red","small":-1}"#, ["small: out of range"]),
        (#"{"title":"a","urgency":"red","open":"true"}"#, ["open: must be true or false"]),
        (#"{"title":"a","urgency":"red","open":1}"#, ["open: must be true or false"]),
        (#"{"title":"a","urgency":"red","place":{"latitude":1e999,"longitude":0}}"#, ["place.latitude: out of range"]),
        (
            #"{"title":"a","urgency":"red","place":{"latitude":"1"}}"#,
            ["place.latitude: must be a number", "place.longitude: required"]
        ),
        (#"{"title":"a","urgency":"red","place":[1,2]}"#, ["place: must be an object"]),
        (#"{"title":"a","urgency":"red","about":"u1"}"#, ["about: must be an array"]),
        (#"{"title":"a","urgency":"red","about":["u",7,null]}"#, ["about[1]: must be a string", "about[2]: required"]),
        (#"{"title":"a","urgency":"red","petitioner":{"phone":5}}"#, ["petitioner.phone: must be a string"]),
        (#"{"title":"a","urgency":"red","petitioner":7}"#, ["petitioner: must be an object"]),
        (
            #"{"title":"a","urgency":"red","attachments":[{"bytes":1},{"bytes":-1,"x":0}]}"#,
            [
                "attachments[1].bytes: out of range", "attachments[1].x: unknown name",
            ]
        ),
        (#"{"title":"a","urgency":"red","labels":{"k":"v"}}"#, ["labels.k: must be an integer"]),
        (#"{"title":"\ud800","urgency":"red"}"#, ["title: lone surrogate"]),
        (#"{"title":"a\u0000","urgency":"red"}"#, ["title: NUL character"]),
        (#"{"title":"a","urgency":"\udc00"}"#, ["urgency: lone surrogate"]),
        (#"{"title":"a","urgency":"red","about":["u","\ud800"]}"#, ["about[1]: lone surrogate"]),
        (#"{"title":"a","urgency":"red","labels":{"\ud800":1}}"#, ["labels.\u{FFFD}: lone surrogate"]),
        (#"{"title":"a","urgency":"red","labels":{"a\u0000":1}}"#, ["labels.a\u{FFFD}: NUL character"]),
        (#"{"title":"a","urgency":"red","\u0000":1}"#, ["\u{FFFD}: NUL character"]),
        (#"{"title":"a","urgency":"red","free":{"x":["\u0000"]}}"#, ["free.x[0]: NUL character"]),
        (#"{"title":"a","urgency":"red","free":{"\ud800":0}}"#, ["free.\u{FFFD}: lone surrogate"]),
        (#"{"title":"a","urgency":"red","free":[1e400]}"#, ["free[0]: out of range"]),
        (#"{"titel":"a","urgency":"red","x":1}"#, ["title: required", "titel: unknown name", "x: unknown name"]),
        (#"{"title":"a","urgency":"red","b":1,"a":2}"#, ["b: unknown name", "a: unknown name"]),
        (
            #"{"title":"a","urgency":"red","petitioner":{"zip":1,"fax":2}}"#,
            ["petitioner.zip: unknown name", "petitioner.fax: unknown name"]
        ),
        (#"{"title":"a","urgency":"red","Title":"a"}"#, ["Title: unknown name"]),
        (#"[]"#, [": params must be an object"]),
        (#"["a"]"#, [": params must be an object"]),
        (#""a""#, [": params must be an object"]),
    ])
    func aRefusalNamesTheFields(_ text: String, _ problems: [String]) throws {
        #expect(try Self.problems(Filing.self, text) == problems)
    }

    @Test func unknownNamesAreIgnoredWhereThatIsAsked() throws {
        let text = #"{"title":"a","urgency":"red","new":1,"petitioner":{"newer":"\ud800"}}"#
        #expect(try Self.problems(Filing.self, text, unknownNames: .ignored) == [])
        #expect(
            try Self.problems(Filing.self, #"{"title":1,"new":1}"#, unknownNames: .ignored) == [
                "title: must be a string", "urgency: required",
            ])
    }

    @Test func missingParamsAreAnEmptyObject() throws {
        #expect(try Self.problems(Filing.self, nil) == ["title: required", "urgency: required"])
        #expect(try Self.problems(Nothing.self, nil) == [])
        #expect(try Self.problems(Nothing.self, "{}") == [])
        #expect(try Self.problems(Nothing.self, #"{"x":1}"#) == ["x: unknown name"])
    }

    @Test(arguments: [
        ("[42, 23]", []), (#"{"minuend":42,"subtrahend":23}"#, []), ("[42]", ["subtrahend: required"]),
        ("[]", ["minuend: required", "subtrahend: required"]), ("[1,2,3]", ["[2]: too many"]),
        (#"["1",2]"#, ["minuend: must be an integer"]), ("[null,2]", ["minuend: required"]),
    ])
    func positionalParamsAreNamedFirst(_ text: String, _ problems: [String]) throws {
        #expect(try Self.problems(SpecificationTests.Subtraction.self, text) == problems)
    }

    @Test func freeParamsMayBeAnything() throws {
        #expect(try Self.decode(JSONValue.self, "[1,null]") == [1, nil])
        #expect(try ParamsDecoder.decode(JSONValue.self, from: nil) == [:])
    }

    @Test func aWordOfAnOpenEnumIsNotQuotedBack() throws {
        #expect(try Self.problems(Holder<Direction>.self, #"{"value":"secret"}"#) == ["value: not a known word"])
        #expect(try Self.problems(Holder<Direction>.self, #"{"value":"in"}"#) == [])
    }

    @Test func errorsOfOtherKindsAreNotShown() throws {
        #expect(try Self.problems(Holder<Stubborn>.self, #"{"value":"x"}"#) == ["value: not valid"])
    }

    @Test func aMemberMayNameItselfInItsComplaint() throws {
        #expect(try Self.problems(Span.self, #"{"from":5,"to":3}"#) == ["to: is before from"])
        #expect(try Self.problems(Span.self, #"{"from":"5","to":3}"#) == ["from: must be an integer"])
    }

    @Test func aHandWrittenAlternativeIsTriedWithoutHarm() throws {
        #expect(try Self.decode(Holder<Either>.self, #"{"value":{"number":"seven"}}"#).value == .text("seven"))
        #expect(try Self.decode(Holder<Either>.self, #"{"value":{"number":7}}"#).value == .number(7))
    }

    @Test func aSoundAlternativeIsNotBlamedForItsNeighbour() throws {
        #expect(
            try Self.problems([String: Either].self, #"{"a":{"number":"seven"},"b":{"number":true}}"#).allSatisfy {
                $0.hasPrefix("b.")
            })
        #expect(
            try Self.problems(Pair.self, #"{"either":{"number":"seven"},"count":"x","more":1}"#) == [
                "count: must be an integer", "more: unknown name",
            ])
    }

    @Test func nestedContainersAreChecked() throws {
        #expect(
            try Self.decode(ByHand.self, #"{"inner":{"a":1},"list":[2,{"b":3}],"base":{"c":4}}"#)
                == ByHand(a: 1, two: 2, b: 3, c: 4))
        #expect(
            try Self.problems(ByHand.self, #"{"inner":{"a":1,"z":1},"list":[2,{"b":3,"y":0}],"base":{"c":4}}"#) == [
                "inner.z: unknown name", "list[1].y: unknown name",
            ])
        #expect(
            try Self.problems(ByHand.self, #"{"inner":{},"list":[],"base":{}}"#) == [
                "inner.a: required", "list[0]: required",
            ])
    }

    @Test func aLongListOfProblemsIsCut() throws {
        let many = "[" + Array(repeating: "0", count: 500).joined(separator: ",") + "]"
        #expect(try Self.problems(Filing.self, #"{"title":"a","urgency":"red","about":\#(many)}"#).count == 32)
        let names = (0..<500).map { #""n\#($0)":0"# }.joined(separator: ",")
        #expect(try Self.problems(Nothing.self, "{\(names)}").count == 32)
        let long = String(repeating: "n", count: 1000)
        #expect(
            try Self.problems(Nothing.self, #"{"\#(long)":0}"#) == [
                String(repeating: "n", count: 100) + "…: unknown name"
            ])
    }

    /// In quadratic time this would take hours.
    @Test(.timeLimit(.minutes(5))) func manyMembersAreDecoded() throws {
        let labels = (0..<100_000).map { #""label \#($0)":\#($0)"# }.joined(separator: ",")
        let filing = try Self.decode(Filing.self, #"{"title":"a","urgency":"red","labels":{\#(labels)}}"#)
        #expect(filing.labels?.count == 100_000)
    }
}
