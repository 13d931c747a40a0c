import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@testable import Ledger

/// Who answers for a master finds its members too.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SearchMembersTests {
    private static func found(_ city: City, _ who: Who, _ params: JSONValue = [:]) async throws -> [String] {
        try await city.call("intake.search", params, as: who)["items"]?.elements?.compactMap {
            $0["caseNumber"]?.stringValue
        } ?? []
    }

    @Test func aUnitFindsWhatRunsWithItsCases() async throws {
        try await City.with { city in
            var life = City.person("a")
            life.coUnits = ["transport"]
            let master = try await city.bring(to: .claimed, life)
            var other = City.person("b")
            other.lead = "north-housing"
            let member = try await city.bring(to: .claimed, other)
            try await city.merge(member, into: master)
            let both = [member, master]
            for who in [Who.unit("housing"), .unit("transport"), .unit("city"), .office] {
                #expect(try await Self.found(city, who) == both, "\(who)")
                for number in both {
                    #expect(await city.code("intake.get", ["caseNumber": JSONValue(number)], as: who) == nil)
                }
            }
            // Who led it before finds its own part; who has to do with neither finds nothing.
            for (who, numbers) in [
                (Who.unit("north-housing"), [member]), (.unit("north"), [member]), (.unit("north-town"), []),
                (.unit("housing-roads"), []),
            ] { #expect(try await Self.found(city, who) == numbers, "\(who)") }
            #expect(try await Self.found(city, .unit("housing"), ["status": ["merged"]]) == [member])
            #expect(try await Self.found(city, .unit("housing"), ["limit": 1]) == [member])
            // A unit's cases are those that it leads or co-handles.
            #expect(try await Self.found(city, .unit("housing"), ["unitId": "housing"]) == [master])

            try await city.call(
                "intake.unmerge", ["caseNumber": JSONValue(member), "reason": "并错"], as: .registrar)
            #expect(try await Self.found(city, .unit("housing")) == [master])
        }
    }

    /// Housing led the member before and leads the master now: it is told everything, and not only its own part.
    @Test func whoLedTheMemberAndLeadsTheMasterReadsAll() async throws {
        try await City.with { city in
            let (master, member) = (
                try await city.bring(to: .claimed, City.person("a")),
                try await city.bring(to: .claimed, City.person("b"))
            )
            try await city.call(
                "intake.classify", ["caseNumber": JSONValue(member), "proposal": "与前件并办"], as: .registrar)
            try await city.merge(member, into: master)
            let items = try await city.call("intake.search", as: .unit("housing"))["items"]?.elements
            #expect(items?.first?["caseNumber"]?.stringValue == member && items?.first?["proposal"] == "与前件并办")
            #expect(items?.first?["holder"]?["unitId"] == "housing")
        }
    }

    /// Neither the list nor what it goes by reads a whole table.
    @Test func itIsServedByIndexes() async throws {
        try await City.with { city in
            var caller = Caller(clientId: 1, role: .unit)
            caller.unit = UnitID(unchecked: "housing")
            caller.subtree = ["housing", "housing-roads"].map(UnitID.init(unchecked:)).reduce(into: []) {
                $0.insert($1)
            }
            let query = CaseSearch().listing(for: caller, limit: 51, below: nil, at: city.clock.now)
            let plan = try await city.sql { db in
                try db.execute("SET enable_seqscan = off")
                try db.execute("SET enable_indexscan = off")
                return try db.rows("EXPLAIN \(sql: query)") { try $0["QUERY PLAN"] as String }.joined(separator: "\n")
            }
            #expect(!plan.contains("Seq Scan"), "\(plan)")
            for index in [
                "cases_other_master_case_id_idx", "cases_other_lead_unit_id_case_id_idx",
                "cases_other_co_unit_ids_idx", "cases_other_former_lead_ids_idx",
            ] { #expect(plan.contains(index), "\(index) \(plan)") }
        }
    }
}
