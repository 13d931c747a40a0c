import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SearchFilesTests {
    private static func numbers(_ city: City, _ params: JSONValue = [:], as who: Who) async throws -> [String] {
        try await city.call("archive.search", params, as: who)["items"]?.elements?.compactMap {
            $0["caseNumber"]?.stringValue
        } ?? []
    }

    private static func seal(
        _ city: City, lead: String, coUnits: [String] = [], type: String = "complaint", urgency: String = "ordinary",
        more: [String: JSONValue] = [:]
    ) async throws -> String {
        var life = City.Life()
        (life.lead, life.coUnits, life.type, life.urgency, life.more) = (lead, coUnits, type, urgency, more)
        let number = try await city.bring(to: .claimed, life)
        for unit in coUnits {
            try await city.call(
                "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "x"], as: .unit(unit))
        }
        for status in [CaseStatus.reported, .approved, .replied, .closed, .archived] {
            try await city.step(number, to: status, life)
        }
        return number
    }

    @Test func everyRoleFindsWhatItMayRead() async throws {
        try await City.with { city in
            let one = try await Self.seal(
                city, lead: "housing", coUnits: ["transport"], more: ["divisionCode": "439901"])
            let two = try await Self.seal(city, lead: "north-town", more: ["divisionCode": "439902"])
            let report = try await Self.seal(city, lead: "housing", type: "report")
            for who in [Who.registrar, .office, .supervisor, .auditor, .leader] {
                #expect(try await Self.numbers(city, as: who) == [report, two, one], "\(who)")
            }
            for (who, found) in [
                (Who.unit("housing"), [one]), (.unit("transport"), [one]), (.unit("north"), [two]),
                (.unit("city"), [two, one]), (.unit("housing-roads"), []), (.northLeader, [one]), (.source, []),
            ] {
                #expect(try await Self.numbers(city, as: who) == found, "\(who)")
            }
            for who in [Who.observer, .admin] { #expect(await city.code("archive.search", as: who) == -32003) }
            #expect(await city.code("archive.search", as: .nobody) == -32001)
        }
    }

    @Test func anItemSaysWhatTheCatalogueHasAndNoText() async throws {
        try await City.with { city in
            let number = try await Self.seal(
                city, lead: "housing", more: ["divisionCode": "439901", "category": "urban"])
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            let item = try await city.call("archive.search", as: .unit("housing"))["items"]?[0]
            #expect(
                item == [
                    "caseNumber": JSONValue(number), "sha256": file["sha256"] ?? .null, "day": "2026-03-02",
                    "position": 1, "retention": "10y", "keepUntil": "2036-12-31", "type": "complaint",
                    "urgency": "ordinary", "outcome": "closed", "category": "urban", "divisionCode": "439901",
                    "leadUnitId": "housing", "bytes": JSONValue(try file["document"]?.canonical().count ?? 0),
                ])
        }
    }

    @Test func filtersAddUp() async throws {
        try await City.with { city in
            let one = try await Self.seal(city, lead: "housing", more: ["category": "urban"])
            city.clock.advance(days: 1)
            let two = try await Self.seal(city, lead: "transport", urgency: "important", more: ["category": "urban"])
            city.clock.advance(days: 2)
            let three = try await Self.seal(
                city, lead: "housing", coUnits: ["transport"], urgency: "critical", more: ["divisionCode": "439901"])
            for (params, found) in [
                ([:], [three, two, one]), (["from": "2026-03-03"], [three, two]), (["to": "2026-03-04"], [two, one]),
                (["from": "2026-03-03", "to": "2026-03-04"], [two]), (["from": "2026-03-04", "to": "2026-03-04"], []),
                (["from": "2026-03-06"], []), (["to": "2026-03-01"], []), (["category": "urban"], [two, one]),
                (["category": "urban", "from": "2026-03-03"], [two]), (["unitId": "transport"], [three, two]),
                (["retention": "10y"], [one]), (["retention": "permanent"], [three]), (["retention": "99y"], []),
                (["urgency": "important"], [two]), (["divisionCode": "439901"], [three]),
                (["caseNumber": JSONValue(two)], [two]), (["caseNumber": JSONValue(two), "urgency": "critical"], []),
            ] as [(JSONValue, [String])] {
                #expect(try await Self.numbers(city, params, as: .office) == found, "\(params.json)")
            }
        }
    }

    @Test func pagesFollowEachOther() async throws {
        try await City.with { city in
            let sealed = try await Sealed.files(5, on: Day(2026, 3, 2), city)
            var (found, params): ([String], JSONValue) = ([], ["limit": 2])
            for _ in 0..<3 {
                let page = try await city.call("archive.search", params, as: .auditor)
                found += page["items"]?.elements?.compactMap { $0["caseNumber"]?.stringValue } ?? []
                params = params.with(["cursor": page["nextCursor"] ?? .null])
            }
            #expect(found == sealed.reversed() && params["cursor"] == .null)
        }
    }

    static let refused: [(JSONValue, Int, String)] = [
        (["from": "2026-03-02", "to": "2026-03-01"], -32602, "to"),
        (["from": "2025-01-01", "to": "2026-02-05"], -32602, "to"), (["retention": "10"], -32602, "retention"),
        (["limit": 0], -32602, "limit"), (["cursor": "1.2"], -32602, "cursor"), (["text": "x"], -32602, "text"),
        (["category": "none"], 1009, "category"), (["divisionCode": "none"], 1009, "divisionCode"),
        (["unitId": "none"], 1009, "unitId"),
    ]

    @Test func whatIsWrongIsNamed() async throws {
        try await City.with { city in
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            for (params, code, path) in Self.refused {
                let error = await city.refusal("archive.search", params, as: .auditor)
                #expect(error?.code == code && error?.paths == [path], "\(params.json)")
            }
            #expect(await city.code("archive.search", ["unitId": "north"], as: .unit("housing")) == 1001)
            #expect(await city.code("archive.search", ["caseNumber": "202603-999999999"], as: .auditor) == 1001)
        }
    }

    /// Every filter is served by an index, at a size where the planner would rather not go through the table.
    @Test(
        arguments: [
            "category = 'none'", "lead_unit_id = 'none'", "division_code = 'none'", "urgency = 'critical'",
            "retention = 'permanent'", "case_id = 1", "position BETWEEN 4000 AND 4010",
            "co_unit_ids @> ARRAY['none'] AND co_unit_ids <> '{}'",
        ])
    func anIndexServes(_ condition: String) async throws {
        try await City.with { city in
            try await Sealed.fill(city, days: 20, each: 400)
            let plan = try await city.sql { db in
                try db.execute("ANALYZE archive.catalogue")
                return try db.rows(
                    "EXPLAIN SELECT position FROM archive.catalogue c WHERE \(raw: condition) ORDER BY position DESC LIMIT 51"
                ) { try $0[0] as String }.joined(separator: "\n")
            }
            #expect(!plan.contains("Seq Scan") && !plan.contains("catalogue_pk on catalogue c\n  Filter"), "\(plan)")
        }
    }
}
