import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReadLetterTests {
    private static func dispatch(
        _ city: City, _ life: City.Life = City.Life(), instructions: String = "依法办理"
    ) async throws -> JSONValue {
        let number = try await city.bring(to: .registered, life)
        if life.type == "report" {
            try await city.call(
                "intake.classify", ["caseNumber": JSONValue(number), "unitText": "摘编：<夜间>施工"], as: .registrar)
        }
        let params: JSONValue = [
            "caseNumber": JSONValue(number), "leadUnitId": "housing", "instructions": JSONValue(instructions),
            "coUnits": [["unitId": "transport", "task": "清运渣土"]], "person": City.person,
        ]
        return try await city.call("assignment.dispatch", params, as: .office)
    }

    @Test func theLetterSaysEverythingThatWasOrdered() async throws {
        try await City.with { city in
            let order = try await Self.dispatch(city)
            let letter = try await city.call(
                "assignment.letter", ["letterNumber": order["letterNumber"] ?? .null], as: .unit("housing"))
            #expect(letter["letterNumber"] == order["letterNumber"] && letter["caseNumber"] == order["caseNumber"])
            #expect(letter["leadUnit"] == ["unitId": "housing", "name": "单位housing"])
            #expect(
                letter["coUnits"] == [["unitId": "transport", "name": "单位transport", "task": "清运渣土", "required": true]])
            #expect(letter["urgency"] == "ordinary" && letter["title"] == "小区夜间施工噪声扰民")
            #expect(letter["text"]?.stringValue?.contains("打桩") == true && letter["instructions"] == "依法办理")
            #expect(letter["deliveredAt"] == order["deliveredAt"] && letter["dueAt"] == order["dueAt"])
            #expect(letter["stages"] == order["stages"] && letter["issuedBy"] == City.person)
            #expect(letter["html"] == nil)
        }
    }

    @Test func whoDoesNotSeeTheCaseDoesNotSeeItsLetter() async throws {
        try await City.with { city in
            let number = try await Self.dispatch(city)["letterNumber"] ?? .null
            for who in [
                Who.source, .otherSource, .unit("north"), .unit("housing-roads"), .northLeader, .observer, .admin,
            ] {
                #expect(
                    await city.refusal("assignment.letter", ["letterNumber": number], as: who)?.code == 1001, "\(who)")
            }
            for who in [Who.registrar, .office, .supervisor, .auditor, .leader, .unit("transport"), .unit("city")] {
                #expect(await city.refusal("assignment.letter", ["letterNumber": number], as: who) == nil, "\(who)")
            }
            #expect(
                await city.refusal("assignment.letter", ["letterNumber": "网问交〔2026〕999号"], as: .office)?.code == 1001)
            #expect(
                await city.refusal("assignment.letter", ["letterNumber": number, "format": "pdf"], as: .office)?
                    .firstPath == "format")
        }
    }

    @Test(arguments: ["json", "html"]) func ofAWithheldCaseItShowsTheUnitTextOnly(format: String) async throws {
        try await City.with { city in
            var life = City.Life()
            life.type = "report"
            let number = try await Self.dispatch(city, life)["letterNumber"] ?? .null
            let params: JSONValue = ["letterNumber": number, "format": JSONValue(format)]
            for who in [Who.unit("housing"), .unit("transport"), .office] {
                let letter = try await city.call("assignment.letter", params, as: who)
                #expect(letter["title"] == nil && letter["text"] == "摘编：<夜间>施工")
                let text = String(decoding: letter.serialized(), as: UTF8.self)
                #expect(
                    !text.contains("噪声") && !text.contains("打桩") && !text.contains("张三丰")
                        && !text.contains("13900001234"))
                if format == "html" { #expect(letter["html"]?.stringValue?.contains("摘编：&lt;夜间&gt;施工") == true) }
            }
        }
    }

    /// Nothing that anybody wrote becomes markup; not even after a character that joins with the next one.
    @Test(arguments: [
        "<script>alert(1)</script>", "\u{0600}<script>alert(1)</script>", "\u{110BD}<img src=x onerror=alert(1)>",
        "<\u{0301}b>", "\"><svg/onload=alert(1)>", "'><b>", "&lt;script&gt;",
    ])
    func thePageIsEscaped(text: String) async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["title": JSONValue(text), "body": JSONValue(text)]
            let number = try await Self.register(city, life)
            let order = try await city.call(
                "assignment.dispatch",
                ["caseNumber": JSONValue(number), "leadUnitId": "housing", "instructions": JSONValue(text)], as: .office
            )
            let letter = try await city.call(
                "assignment.letter", ["letterNumber": order["letterNumber"] ?? .null, "format": "html"], as: .office)
            let page = try #require(letter["html"]?.stringValue)
            let tags = page.unicodeScalars.split(separator: "<").dropFirst().map { tag in
                String(String.UnicodeScalarView(tag.prefix { $0 != ">" && $0 != " " }))
            }
            let ours: Set<String> = [
                "!DOCTYPE", "html", "/html", "head", "/head", "meta", "title", "/title", "style", "/style", "body",
                "/body", "h1",
                "/h1", "p", "/p", "table", "/table", "tr", "/tr", "th", "/th", "td", "/td", "ul", "/ul", "li", "/li",
                "footer", "/footer",
            ]
            #expect(Set(tags).subtracting(ours) == [])
            if text.hasPrefix("&") { #expect(page.contains("&amp;lt;script&amp;gt;")) }
        }
    }

    private static func register(_ city: City, _ life: City.Life) async throws -> String {
        let params: JSONValue = [
            "channel": "board", "externalId": "letter-1", "title": life.more["title"] ?? "题",
            "body": life.more["body"] ?? "文",
        ]
        return try await city.call("intake.register", params, as: .registrar)["caseNumber"]?.stringValue ?? ""
    }

    @Test func thePageSaysWhatTheLetterSays() async throws {
        try await City.with { city in
            let order = try await Self.dispatch(city)
            let letter = try await city.call(
                "assignment.letter", ["letterNumber": order["letterNumber"] ?? .null, "format": "html"], as: .office)
            let page = letter["html"]?.stringValue ?? ""
            for part in [
                "交办函", order["letterNumber"]?.stringValue ?? "-", order["caseNumber"]?.stringValue ?? "-", "单位housing",
                "单位transport",
                "清运渣土", "小区夜间施工噪声扰民", "依法办理", "2026-03-11 23:59:59", "2026-03-02 09:00:00",
            ] { #expect(page.contains(part), "\(part)") }
        }
    }

    @Test func theNumbersOfLettersBeginAnewEachYear() async throws {
        try await City.with { city in
            var numbers: [String] = []
            for moment in [
                "2026-12-31T23:59:58+08:00", "2026-12-31T23:59:59+08:00", "2027-01-01T00:00:00+08:00",
                "2027-01-01T00:00:01+08:00",
            ] {
                city.clock.set(moment)
                numbers.append(try await Self.dispatch(city)["letterNumber"]?.stringValue ?? "")
            }
            #expect(numbers.map { String($0.drop { $0 != "〔" }) } == ["〔2026〕1号", "〔2026〕2号", "〔2027〕1号", "〔2027〕2号"])
        }
    }

    @Test func lettersAtOnceHaveNumbersOfTheirOwn() async throws {
        try await City.with { city in
            let numbers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...6 { group.addTask { try await Self.dispatch(city)["letterNumber"]?.stringValue ?? "" } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(numbers.count == 6)
        }
    }
}
