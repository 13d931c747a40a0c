import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// 剔除 — a request lapses when its case goes where no exclusion is ruled on; it holds nothing up from then on.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ExclusionLapseTests {
    private static func ask(_ city: City, _ number: String) async throws {
        try await city.call(
            "supervision.requestExclusion",
            ["caseNumber": JSONValue(number), "measures": ["claimRate"], "ground": "x"], as: .unit("housing"))
    }

    private static func decisions(_ city: City) async throws -> [String?] {
        try await city.sql { db in
            try db.rows("SELECT decision FROM supervision.exclusions ORDER BY exclusion_id") {
                try $0["decision"] as String?
            }
        }
    }

    @Test func oneOfACaseThatGoesBackToTheRegistryIsVoid() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await Self.ask(city, number)
            try await city.step(number, to: .returning)
            try await city.call(
                "assignment.decideReturn", c.with(["decision": "acceptToRegistry", "ground": "x"]), as: .office)
            #expect(try await Self.decisions(city) == ["void"])
            #expect(try await city.count("ledger.cases WHERE proceedings @> '{\"openMatters\": 0}'") == 1)
            try await city.call(
                "intake.proposeDecline", c.with(["ground": "settled", "explanation": "x"]), as: .registrar)
            try await city.call("intake.confirmDecline", c, as: .office)
            try await city.deliverEvents()
            city.clock.advance(seconds: 30 * 86_400 + 1)
            try await city.sweep()
            #expect(try await city.get(number, as: .auditor)["status"] == "archived")
            let papers = try await city.call("archive.get", c, as: .auditor)["document"]?["papers"]?.elements ?? []
            #expect(papers.contains { $0["kind"] == "exclusion" && $0["paper"]?["decision"] == "void" })
        }
    }

    /// It stays where the case goes on with a unit, or goes back to the one it had.
    @Test(arguments: ["acceptToUnit", "deny"])
    func oneOfACaseThatStaysWithUnitsWaitsOn(_ decision: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await Self.ask(city, number)
            try await city.step(number, to: .returning)
            let unit: JSONValue = decision == "deny" ? [:] : ["leadUnitId": "transport"]
            let ruling = c.with(["decision": JSONValue(decision), "ground": "x"])
            try await city.call(
                "assignment.decideReturn", .object((ruling.members ?? []) + (unit.members ?? [])), as: .office)
            #expect(try await Self.decisions(city) == [nil])
            try await city.call(
                "supervision.decideExclusion", c.with(["decision": "grant", "ground": "x"]), as: .office)
            #expect(try await Self.decisions(city) == ["grant"])
        }
    }

    @Test func oneOfAMergedCaseIsVoidAndItsNextRequestIsNew() async throws {
        try await City.with { city in
            let (number, master) = (try await city.bring(to: .claimed), try await city.bring(to: .claimed))
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await Self.ask(city, number)
            try await city.call("intake.merge", c.with(["into": JSONValue(master)]), as: .registrar)
            #expect(try await Self.decisions(city) == ["void"])
            try await city.call("intake.unmerge", c.with(["reason": "x"]), as: .registrar)
            try await city.step(number, to: .dispatched)
            #expect(
                await city.refusal(
                    "supervision.decideExclusion", c.with(["decision": "grant", "ground": "x"]), as: .office)?.reason
                    == "noExclusionAsked")
            try await Self.ask(city, number)
            #expect(try await Self.decisions(city) == ["void", nil])
            #expect(try await city.count("ledger.cases WHERE proceedings @> '{\"openMatters\": 1}'") == 1)
        }
    }

    /// Nobody but those who send a case away may say so, and to a request that was ruled on it does nothing.
    @Test func theOtherProgramsMayNotVoidARequest() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            try await Self.ask(city, number)
            for service in ["handling", "archive"] {
                let state = try await Connection.open(city.database.setting("user", to: "renling_\(service)")) { db in
                    do {
                        try db.execute("SELECT supervision.void_exclusion(1, 1, now())")
                        return String?.none
                    } catch let error as PostgresError { return error.sqlState }
                }
                #expect(state == "42501")
            }
            try await city.call(
                "supervision.decideExclusion",
                ["caseNumber": JSONValue(number), "decision": "grant", "ground": "x"], as: .office)
            try await city.sql { db in
                try db.execute("SELECT supervision.void_exclusion(\(CaseNumber(unchecked: number).id), 9, now())")
            }
            #expect(try await Self.decisions(city) == ["grant"])
        }
    }
}
