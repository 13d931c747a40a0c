import Domain
import JSONRPC
import TestKit
import Testing

/// 退单裁定汇编 — rulings are kept and looked up.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReturnsTests {
    private static let method = "assignment.returns"

    /// Two returns of housing, given to transport and denied, and one of transport, taken back by the registry.
    private static func rulings(_ city: City) async throws -> [String] {
        var numbers: [String] = []
        for (lead, ruling) in [
            ("housing", ["decision": "acceptToUnit", "leadUnitId": "transport"]), ("housing", ["decision": "deny"]),
            ("transport", ["decision": "acceptToRegistry"]),
        ] as [(String, JSONValue)] {
            var life = City.Life()
            life.lead = lead
            if numbers.isEmpty { life.more = ["divisionCode": "439901"] }
            let number = try await city.bring(to: .returning, life)
            city.clock.advance(seconds: 60)
            try await city.call(
                "assignment.decideReturn", ruling.with(["caseNumber": JSONValue(number), "ground": "经核"]), as: .office)
            numbers.append(number)
        }
        return numbers
    }

    private static func numbers(_ city: City, _ params: JSONValue = [:], as who: Who) async throws -> [String] {
        try await city.call(method, params, as: who)["items"]?.elements?.compactMap { $0["caseNumber"]?.stringValue }
            ?? []
    }

    @Test func aRulingIsReadWithTheReturnThatItDecided() async throws {
        try await City.with { city in
            let numbers = try await Self.rulings(city)
            let page = try await city.call(Self.method, as: .office)
            #expect(page["nextCursor"] == .null && page["items"]?.elements?.count == 3)
            #expect(
                page["items"]?[2] == [
                    "caseNumber": JSONValue(numbers[0]), "seq": 4, "unitId": "housing", "ground": "不属于本单位职责",
                    "dutyClause": "《三定规定》第二条", "requestedAt": "2026-03-02T09:00:00+08:00",
                    "isAdjudication": false, "decision": "acceptToUnit", "leadUnitId": "transport",
                    "rulingGround": "经核", "ruledAt": "2026-03-02T09:01:00+08:00",
                ])
        }
    }

    @Test func theyAreFoundByUnitAndDecisionPageByPage() async throws {
        try await City.with { city in
            let numbers = try await Self.rulings(city)
            #expect(try await Self.numbers(city, ["unitId": "housing"], as: .office) == [numbers[1], numbers[0]])
            #expect(try await Self.numbers(city, ["decision": "deny"], as: .supervisor) == [numbers[1]])
            #expect(try await Self.numbers(city, ["unitId": "transport", "decision": "deny"], as: .registrar) == [])
            var (seen, cursor) = ([String](), JSONValue.null)
            repeat {
                let params: JSONValue = cursor == .null ? ["limit": 1] : ["limit": 1, "cursor": cursor]
                let page = try await city.call(Self.method, params, as: .office)
                seen += page["items"]?.elements?.compactMap { $0["caseNumber"]?.stringValue } ?? []
                cursor = page["nextCursor"] ?? .null
            } while cursor != .null && seen.count < 10
            #expect(seen == numbers.reversed())
            #expect(await city.refusal(Self.method, ["cursor": "1"], as: .office)?.firstPath == "cursor")
        }
    }

    @Test func everybodySeesWhatConcernsThem() async throws {
        try await City.with { city in
            let numbers = try await Self.rulings(city)
            #expect(try await Self.numbers(city, as: .unit("transport")) == [numbers[2]])
            #expect(try await Self.numbers(city, as: .unit("city")) == numbers.reversed())
            #expect(try await Self.numbers(city, as: .unit("north")) == [])
            #expect(try await Self.numbers(city, as: .northLeader) == [numbers[0]])
            #expect(try await Self.numbers(city, as: .auditor).count == 3)
            #expect(await city.code(Self.method, ["unitId": "housing"], as: .unit("transport")) == 1001)
            #expect(await city.code(Self.method, ["unitId": "nobody"], as: .office) == 1009)
            for who in [Who.source, .observer, .admin] { #expect(await city.code(Self.method, as: who) == -32003) }
        }
    }
}
