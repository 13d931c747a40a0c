import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct IdentityLogTests {
    private static func reveal(_ city: City, _ number: String, as who: Who = .registrar) async throws {
        try await city.call(
            "intake.revealIdentity",
            ["caseNumber": JSONValue(number), "purpose": "contact", "person": ["name": "冯科员", "title": "科员"]], as: who)
    }

    @Test func itSaysWhoReadWhatAndIsItselfLogged() async throws {
        try await City.with { city in
            let (one, two) = (try await city.bring(to: .claimed), try await city.bring(to: .registered))
            try await Self.reveal(city, one, as: .unit("housing"))
            city.clock.advance(days: 1)
            try await Self.reveal(city, two)
            try await Self.reveal(city, one)
            let all = try await city.call("intake.identityLog", as: .auditor)["items"]?.elements ?? []
            #expect(all.compactMap { $0["caseNumber"]?.stringValue } == [one, two, one])
            #expect(
                all.last?["role"] == "unit" && all.last?["unitId"] == "housing" && all.last?["purpose"] == "contact")
            #expect(all.last?["person"]?["name"] == "冯科员" && all.last?["client"] == "token-unit-housing")
            let own = try await city.call("intake.identityLog", ["caseNumber": JSONValue(two)], as: .auditor)
            #expect(own["items"]?.elements?.count == 1)
            let day = try await city.call(
                "intake.identityLog", ["from": "2026-03-02", "to": "2026-03-02"], as: .auditor)
            #expect(day["items"]?.elements?.count == 1)
            #expect(try await city.count("ledger.read_log WHERE method = 'intake.identityLog'") == 3)
            #expect(try await city.count("ledger.read_log WHERE case_number IS NOT NULL") == 1)
        }
    }

    @Test func itIsReadPageByPage() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            for _ in 0..<5 { try await Self.reveal(city, number) }
            var (seen, cursor, pages) = (0, JSONValue.null, 0)
            repeat {
                let params: JSONValue = cursor.isNull ? ["limit": 2] : ["limit": 2, "cursor": cursor]
                let page = try await city.call("intake.identityLog", params, as: .auditor)
                seen += page["items"]?.elements?.count ?? 0
                cursor = page["nextCursor"] ?? .null
                pages += 1
            } while !cursor.isNull && pages < 9
            #expect(seen == 5 && pages == 3)
        }
    }

    @Test func onlyTheAuditorReadsIt() async throws {
        try await City.with { city in
            for who in [Who.source, .registrar, .office, .unit("housing"), .leader, .supervisor, .admin, .observer] {
                #expect(await city.code("intake.identityLog", as: who) == -32003, "\(who)")
            }
            for (params, path) in [
                (["from": "2026-03-03", "to": "2026-03-02"], "to"), (["from": "2025-01-01", "to": "2026-03-02"], "to"),
                (["cursor": "zz"], "cursor"),
            ] as [(JSONValue, String)] {
                #expect(await city.refusal("intake.identityLog", params, as: .auditor)?.paths == [path])
            }
            #expect(
                await city.code("intake.identityLog", ["caseNumber": "202603-999999999"], as: .auditor) == 1001)
        }
    }
}
