import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@testable import Ledger
@testable import Supervision

/// The sweep and every list of steps are served by an index, in its order.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct LadderIndexTests {
    /// What PostgreSQL does where it may neither read a whole table nor sort, if it can help it.
    private static func plan(_ query: SQL, sorted: Bool, _ city: City) async throws -> String {
        try await city.sql { db in
            try db.execute("SET enable_seqscan = off")
            if !sorted { try db.execute("SET enable_sort = off") }
            return try db.rows("EXPLAIN \(sql: query)") { try $0["QUERY PLAN"] as String }.joined(separator: "\n")
        }
    }

    @Test func theSweepGoesByTheDueDateWithoutSorting() async throws {
        try await City.with { city in
            let plan = try await Self.plan(Looks.due(at: city.clock.now, upTo: 200), sorted: false, city)
            #expect(!plan.contains("Seq Scan") && !plan.contains("Sort  ("), "\(plan)")
            #expect(plan.contains(/cases_(2026|other)_due_at_case_id_look_at_/), "\(plan)")
            #expect(plan.contains("Index Cond: (look_at <="), "\(plan)")
            let few = try await Self.plan(
                "SELECT case_id FROM ledger.cases WHERE look_at <= \(city.clock.now)", sorted: true, city)
            #expect(few.contains(/cases_(2026|other)_look_at_idx/), "\(few)")
        }
    }

    static let lists: [(Steps.Params, String, Bool)] = [
        (Steps.Params(), "steps_newest", false), (Steps.Params(from: Day(2026, 3, 1)), "steps_newest", false),
        (Steps.Params(cursor: Cursor(1, 1)), "steps_newest", false),
        (Steps.Params(unitId: UnitID(unchecked: "housing")), "steps_by_unit", false),
        (Steps.Params(step: .notice), "steps_by_step", false), (Steps.Params(card: .red), "steps_by_card", false),
        (Steps.Params(caseNumber: CaseNumber(id: 202_603_000_000_001)), "steps_once", true),
    ]

    @Test func aListIsReadInTheOrderOfItsIndex() async throws {
        try await City.with { city in
            for (params, index, sorted) in Self.lists {
                let query = try LadderStore.listing(params, for: .system, limit: 51)
                let plan = try await Self.plan(query, sorted: sorted, city)
                #expect(plan.contains(index) && !plan.contains("Seq Scan"), "\(index): \(plan)")
                #expect(sorted || !plan.contains("Sort  ("), "\(index): \(plan)")
            }
        }
    }

    @Test func aUnitsOwnListGoesByItsIndex() async throws {
        try await City.with { city in
            var caller = Caller(clientId: 1, role: .unit)
            (caller.unit, caller.subtree) = (UnitID(unchecked: "housing"), [UnitID(unchecked: "housing")])
            let query = try LadderStore.listing(Steps.Params(), for: caller, limit: 51)
            let plan = try await Self.plan(query, sorted: true, city)
            #expect(!plan.contains("Seq Scan") && plan.contains("steps_"), "\(plan)")
        }
    }
}
