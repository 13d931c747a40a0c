import JSONRPC
import TestKit
import Testing

/// The limits of every field of `intake.register`. A character is a Unicode scalar.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RegisterLimitsTests {
    /// The longest value that is taken, and the shortest that is not.
    struct Limit: Sendable, CustomTestStringConvertible {
        var path: String
        var good: JSONValue
        var bad: JSONValue
        var testDescription: String { path }

        init(_ path: String, _ good: JSONValue, _ bad: JSONValue) {
            (self.path, self.good, self.bad) = (path, good, bad)
        }

        /// A text of up to so many characters.
        static func text(_ path: String, _ most: Int, of character: String = "路") -> Limit {
            Limit(
                path, JSONValue(String(repeating: character, count: most)),
                JSONValue(String(repeating: character, count: most + 1)))
        }
    }

    static let limits: [Limit] = [
        .text("title", 200, of: "😀"), .text("body", 20_000, of: "😀"), .text("externalId", 200), .text("address", 2000),
        .text("petitioner.name", 100), .text("petitioner.phone", 100, of: "1"), .text("petitioner.contact", 100),
        .text("petitioner.account", 100, of: "a"),
        // A family is five scalars and one letter to the eye.
        Limit("title", JSONValue(String(repeating: "👨‍👩‍👧", count: 40)), JSONValue(String(repeating: "👨‍👩‍👧", count: 41))),
        Limit("title", "1", ""), Limit("body", "1", ""), Limit("externalId", "1", ""),
        Limit("title", "好", " \n\t\u{3000}"),
        Limit("about", .array(Array(repeating: "north", count: 50)), .array(Array(repeating: "north", count: 51))),
        Limit(
            "attachments", .array(Array(repeating: Message.attachment(), count: 20)),
            .array(Array(repeating: Message.attachment(), count: 21))),
        Limit("location.latitude", 90, .number(JSONNumber(90.0000001) ?? 91)), Limit("location.latitude", -90, -91),
        Limit("location.longitude", 180, .number(JSONNumber(180.0000001) ?? 181)),
        Limit("location.longitude", -180, -181),
        Limit("open", false, 0), Limit("type", "praise", "Praise"), Limit("urgency", "critical", "urgent"),
        Limit("postedAt", "2026-03-01T23:59:59+08:00", "2026-03-01T24:00:00+08:00"),
        Limit("postedAt", "2026-03-01T00:00:00.123456Z", "2026-03-01T00:00:00"),
        Limit("capturedAt", "2024-02-29T00:00:00Z", "2026-02-29T00:00:00Z"),
    ]

    static let attachmentLimits: [Limit] = [
        .text("name", 100), .text("mediaType", 100, of: "x"),
        Limit("bytes", 9_007_199_254_740_992, 9_007_199_254_740_993),
        Limit("bytes", 0, -1), Limit("bytes", 1, .number(JSONNumber(1.5) ?? 0)),
        Limit("sha256", JSONValue(String(repeating: "0F", count: 32)), JSONValue(String(repeating: "0g", count: 32))),
        Limit("sha256", JSONValue(String(repeating: "00", count: 32)), JSONValue(String(repeating: "0", count: 63))),
        Limit(
            "url", JSONValue("https://" + String(repeating: "a", count: 1992)),
            JSONValue("https://" + String(repeating: "a", count: 1993))),
        Limit("url", "HTTP://example.org", "ftp://example.org/1"),
        Limit("url", "http://例子.测试/一", "javascript:alert(1)"),
        Limit("url", "http://a", "http://a b"),
    ]

    @Test func everyFieldTakesItsLongestAndRefusesMore() async throws {
        try await City.with { city in
            let before = try await city.everything()
            for (index, limit) in Self.limits.enumerated() {
                let params = Self.params("\(index)", limit.path, limit.bad)
                let error = await city.refusal("intake.register", params, as: .source)
                #expect(error?.code == -32602 && error?.paths == [limit.path], "\(limit.path) \(index)")
            }
            #expect(try await city.everything() == before)
            for (index, limit) in Self.limits.enumerated() {
                let params = Self.params("\(index)", limit.path, limit.good)
                #expect(await city.code("intake.register", params, as: .source) == nil, "\(limit.path) \(index)")
            }
        }
    }

    @Test func everyFieldOfAnAttachmentTakesItsLongestAndRefusesMore() async throws {
        try await City.with { city in
            for (index, limit) in Self.attachmentLimits.enumerated() {
                func params(_ value: JSONValue) -> JSONValue {
                    let attachment = JSONValue.object(
                        (Message.attachment().members ?? []).map {
                            $0.name.text == limit.path ? JSONMember($0.name, value) : $0
                        })
                    return Message.params("\(index)", ["attachments": [Message.attachment(), attachment]])
                }
                let error = await city.refusal("intake.register", params(limit.bad), as: .source)
                #expect(
                    error?.code == -32602 && error?.paths == ["attachments[1].\(limit.path)"], "\(limit.path) \(index)")
                #expect(
                    await city.code("intake.register", params(limit.good), as: .source) == nil, "\(limit.path) \(index)"
                )
            }
        }
    }

    @Test func aTimeBeforeTheFirstYearIsRefusedAndNotAFault() async throws {
        try await City.with { city in
            let params = Message.params("x", ["postedAt": "0001-01-01T00:00:00+23:59"])
            let error = await city.refusal("intake.register", params, as: .source)
            #expect(error?.code == -32602 && error?.paths == ["postedAt"])
        }
    }

    @Test func severalProblemsAreSaidTogether() async throws {
        try await City.with { city in
            let params: JSONValue = [
                "channel": 1, "externalId": "x", "body": "", "colour": "red", "petitioner": ["age": 3],
            ]
            let error = await city.refusal("intake.register", params, as: .source)
            #expect(error?.code == -32602)
            let paths = error?.paths ?? []
            #expect(["channel", "title", "body"].allSatisfy(paths.contains))
            let unknown = await city.refusal(
                "intake.register", Message.params("x", ["colour": "red", "petitioner": ["age": 3]]), as: .source)
            #expect(Set(unknown?.paths ?? []) == ["colour", "petitioner.age"])
        }
    }

    private static func params(_ id: String, _ path: String, _ value: JSONValue) -> JSONValue {
        let names = path.split(separator: ".").map(String.init)
        guard names.count == 2 else { return Message.params(id).putting(path, value) }
        let whole: JSONValue = names[0] == "location" ? ["latitude": 25, "longitude": 113] : ["name": "李四"]
        return Message.params(id).putting(names[0], whole.putting(names[1], value))
    }
}

extension JSONValue {
    fileprivate func putting(_ name: String, _ value: JSONValue) -> JSONValue {
        .object((members ?? []).filter { $0.name.text != name } + [JSONMember(JSONString(name), value)])
    }
}
