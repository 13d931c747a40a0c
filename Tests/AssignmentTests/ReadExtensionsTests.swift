import JSONRPC
import Postgres
import TestKit
import Testing

@testable import Assignment
@testable import Domain
@testable import Ledger

/// 延期申请 — what waits for the office, and what it decided.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReadExtensionsTests {
    private static let method = "assignment.extensions"

    private static func ask(
        _ city: City, _ number: String, until: String = "2026-03-13", by unit: String = "housing"
    )
        async throws
    {
        try await city.call(
            "assignment.requestExtension",
            [
                "caseNumber": JSONValue(number), "until": JSONValue(until), "reason": "案情复杂", "legalBasis": "规定第五条",
                "interimReply": "正在核查",
            ], as: .unit(unit))
        city.clock.advance(seconds: 60)
    }

    private static func decide(_ city: City, _ number: String, _ decision: String) async throws {
        try await city.call(
            "assignment.decideExtension",
            ["caseNumber": JSONValue(number), "decision": JSONValue(decision), "ground": "确有必要"], as: .office)
        city.clock.advance(seconds: 60)
    }

    private static func items(
        _ city: City, _ params: JSONValue = [:], as who: Who = .office
    ) async throws -> [JSONValue] {
        try await city.call(method, params, as: who)["items"]?.elements ?? []
    }

    /// One of housing that was granted and asked for again, one of transport that ended with the result.
    private static func some(_ city: City) async throws -> (waiting: String, ended: String) {
        let waiting = try await city.bring(to: .claimed)
        var life = City.Life()
        (life.lead, life.more) = ("transport", ["divisionCode": "439901"])
        let ended = try await city.bring(to: .claimed, life)
        try await ask(city, waiting)
        try await decide(city, waiting, "grant")
        try await ask(city, ended, by: "transport")
        try await city.step(ended, to: .reported, life)
        try await ask(city, waiting, until: "2026-03-17")
        return (waiting, ended)
    }

    @Test func theReasonOfOneThatWaitsIsRead() async throws {
        try await City.with { city in
            let (waiting, ended) = try await Self.some(city)
            let open = try await Self.items(city, ["open": true])
            #expect(
                open == [
                    [
                        "caseNumber": JSONValue(waiting), "seq": 6, "unitId": "housing",
                        "dueAt": "2026-03-13T23:59:59+08:00", "until": "2026-03-17", "reason": "案情复杂",
                        "legalBasis": "规定第五条", "interimReply": "正在核查",
                        "requestedAt": "2026-03-02T09:03:00+08:00", "open": true,
                    ]
                ])
            let closed = try await Self.items(city, ["open": false])
            #expect(closed.map { $0["caseNumber"]?.stringValue } == [ended, waiting])
            #expect(closed[0]["open"] == false && closed[0]["decision"] == nil)
            #expect(closed[1]["decision"] == "grant" && closed[1]["decisionGround"] == "确有必要")
            #expect(
                closed[1]["decidedDueAt"] == "2026-03-13T23:59:59+08:00"
                    && closed[1]["decidedAt"] == "2026-03-02T09:01:00+08:00")
            try await Self.decide(city, waiting, "refuse")
            #expect(try await Self.items(city, ["open": true]).isEmpty)
            #expect(try await Self.items(city, ["caseNumber": JSONValue(waiting)])[0]["decision"] == "refuse")
        }
    }

    @Test func theyAreNarrowedAndReadPageByPage() async throws {
        try await City.with { city in
            let (waiting, ended) = try await Self.some(city)
            #expect(
                try await Self.items(city, ["unitId": "transport"]).map { $0["caseNumber"]?.stringValue } == [ended])
            #expect(try await Self.items(city, ["caseNumber": JSONValue(waiting)]).count == 2)
            var (seen, cursor) = ([JSONValue](), JSONValue.null)
            repeat {
                let params: JSONValue = cursor == .null ? ["limit": 1] : ["limit": 1, "cursor": cursor]
                let page = try await city.call(Self.method, params, as: .office)
                seen += page["items"]?.elements ?? []
                cursor = page["nextCursor"] ?? .null
            } while cursor != .null && seen.count < 10
            #expect(seen == (try await Self.items(city)) && seen.count == 3)
            #expect(await city.refusal(Self.method, ["cursor": "1"], as: .office)?.firstPath == "cursor")
        }
    }

    @Test func everybodySeesWhatConcernsThem() async throws {
        try await City.with { city in
            let (waiting, ended) = try await Self.some(city)
            #expect(try await Self.items(city, as: .unit("transport")).map { $0["caseNumber"]?.stringValue } == [ended])
            #expect(try await Self.items(city, as: .unit("city")).count == 3)
            #expect(try await Self.items(city, as: .unit("north")).isEmpty)
            #expect(try await Self.items(city, as: .northLeader).map { $0["caseNumber"]?.stringValue } == [ended])
            for who in [Who.registrar, .supervisor, .auditor, .leader] {
                #expect(try await Self.items(city, as: who).count == 3, "\(who)")
            }
            #expect(await city.code(Self.method, ["unitId": "housing"], as: .unit("transport")) == 1001)
            #expect(await city.code(Self.method, ["caseNumber": JSONValue(waiting)], as: .unit("transport")) == 1001)
            #expect(await city.code(Self.method, ["unitId": "nobody"], as: .office) == 1009)
            for who in [Who.source, .observer, .admin] { #expect(await city.code(Self.method, as: who) == -32003) }
        }
    }

    @Test func theListIsReadInTheOrderOfItsIndex() async throws {
        try await City.with { city in
            for (params, index) in [
                (ReadExtensions.Params(), "extensions_newest"),
                (ReadExtensions.Params(unitId: UnitID(unchecked: "housing")), "extensions_by_unit"),
            ] {
                let query = try Store.listing(params, for: .system, limit: 51)
                let plan = try await city.sql { db in
                    for setting in ["seqscan", "sort"] { try db.execute("SET enable_\(raw: setting) = off") }
                    return try db.rows("EXPLAIN \(sql: query)") { try $0["QUERY PLAN"] as String }
                        .joined(separator: "\n")
                }
                #expect(plan.contains(index) && !plan.contains("Seq Scan on extensions"), "\(plan)")
            }
        }
    }
}
