import Domain
import JSONRPC
import Ledger
import Postgres
import TestKit
import Testing

@testable import Archive
@testable import Assignment
@testable import Intake
@testable import Ledger
@testable import Supervision

/// Every list of cases and every sweep is served by its index: on a ledger with statistics, in which closed cases are a
/// hundred times as many as open ones, none reads through a large table and none sorts what has no bound.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct PlansTests {
    private struct Query {
        var what: String
        var sql: SQL
        /// A page's worth from each of several indexes, or what one unit has before it, may be sorted.
        var sorts = false
    }

    /// Rows that may be sorted anywhere: what is due now, a few weeks' open cases.
    private static let sortedMax = 200

    @Test func noListReadsThroughATableOrSortsWithoutBound() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            _ = try await city.bring(to: .closed)
            try await city.sql { try PlansLedger.fill($0) }
            let now = city.clock.now
            for query in try Self.queries(at: now, CaseNumber("\(number)")?.id ?? 0) {
                let plan = try await city.sql { db in
                    try db.rows("EXPLAIN \(sql: query.sql)") { try $0[0] as String }.joined(separator: "\n")
                }
                let scans = plan.matches(of: /Seq Scan on (\w+)/).map { "\($0.1)" }.filter(PlansLedger.isLarge)
                #expect(scans.isEmpty, "\(query.what)\n\(plan)")
                let sorted = plan.matches(of: /Sort  \(cost=\S+ rows=(\d+)/).compactMap { Int($0.1) }.max() ?? 0
                #expect(query.sorts || sorted <= Self.sortedMax, "\(query.what)\n\(plan)")
            }
        }
    }

    private static func caller(_ role: Role) -> Caller {
        var caller = Caller(clientId: 1, role: role)
        if role == .unit {
            caller.unit = UnitID(unchecked: "unit-3")
            caller.subtree = [UnitID(unchecked: "unit-3"), UnitID(unchecked: "unit-4")]
        }
        if role == .source { caller.channels = [ChannelCode(unchecked: "c1"), ChannelCode(unchecked: "c2")] }
        return caller
    }

    private static func queries(at now: Instant, _ id: Int64) throws -> [Query] {
        try searches(at: now) + feeds(at: now) + sweeps(at: now) + papers(id)
    }

    private static func searches(at now: Instant) -> [Query] {
        var queries: [Query] = []
        func add(
            _ what: String, as role: Role = .office, below: Int64? = nil, sorts: Bool = false,
            _ narrow: (inout CaseSearch) -> Void = { _ in }
        ) {
            var search = CaseSearch()
            narrow(&search)
            queries.append(
                Query(
                    what: "search \(what)", sql: search.listing(for: caller(role), limit: 51, below: below, at: now),
                    sorts: sorts))
        }
        add("newest first")
        add("far down", below: 202_507_000_500_900)
        add("by status") { $0.statuses = [.claimed] }
        add("by two statuses", sorts: true) { $0.statuses = [.reported, .approved] }
        add("by category") { $0.category = CategoryCode(unchecked: "k1") }
        add("by division") { $0.divisionCode = DivisionCode(unchecked: "d1") }
        add("by channel") { $0.channel = ChannelCode(unchecked: "c1") }
        add("by urgency") { $0.urgency = .critical }
        add("overdue", sorts: true) { $0.overdue = true }
        add("red", sorts: true) { $0.lamp = .red }
        add("yellow", sorts: true) { $0.lamp = .yellow }
        add("grey", sorts: true) { $0.lamp = .grey }
        add("of a unit", sorts: true) { $0.unit = UnitID(unchecked: "unit-3") }
        add("of some days") { ($0.registeredFrom, $0.registeredTo) = (Day(2025, 6, 3), Day(2025, 6, 9)) }
        add("of a source", as: .source, sorts: true)
        add("of a unit's own", as: .unit, sorts: true)
        add("of a unit's inbox", as: .unit, sorts: true) { $0.statuses = [.claimed] }
        for role in [Role.office, .unit] {
            queries.append(
                Query(
                    what: "claim list of \(role)",
                    sql: CaseSearch.unclaimed(for: caller(role), unit: nil, limit: 51, after: nil), sorts: role == .unit
                ))
        }
        queries.append(
            Query(
                what: "claim list of one unit, next page",
                sql: CaseSearch.unclaimed(
                    for: caller(.office), unit: UnitID(unchecked: "unit-3"), limit: 51, after: [0, 1])))
        return queries
    }

    private static func feeds(at now: Instant) -> [Query] {
        let last: [Int64] = [1000, 202_507_000_500_900, 2]
        return [Role.office, .source, .unit].map { role in
            Query(what: "changes of \(role)", sql: ChangesFeed.page(for: caller(role), last, 51))
        }
    }

    private static func sweeps(at now: Instant) -> [Query] {
        let place = LampStore.Place(position: 1000, caseId: 202_507_000_500_900, seq: 2, litAt: now)
        return [
            Query(what: "ladder", sql: Looks.due(at: now, upTo: 200)),
            Query(what: "lapses", sql: Lapsing.due(at: now, upTo: 50)),
            Query(what: "tallies", sql: TallyStore.entries(after: last, 2000)),
            Query(what: "lamps, entries", sql: LampStore.entries(after: place, 2000)),
            Query(what: "lamps, changing", sql: LampStore.changing(at: now, 2000)),
            Query(what: "sealing", sql: Waiting.due(at: now, upTo: 50)),
            Query(what: "overview, over", sql: TallyStore.over(.init(), from: 1000)),
            Query(what: "overview, open", sql: LampStore.counts(of: nil, from: 1000, at: now), sorts: true),
            Query(
                what: "overview of days",
                sql: TallyStore.open(.init(from: Day(2025, 6, 1), to: Day(2025, 6, 30)), at: now)),
        ]
    }

    private static let last: [Int64] = [1000, 202_507_000_500_900, 2]

    private static func papers(_ id: Int64) throws -> [Query] {
        let unit = UnitID(unchecked: "unit-3")
        return [
            Query(what: "promises", sql: try PromiseStore.listing(Promises.Params(), for: caller(.office), limit: 51)),
            Query(
                what: "promises of a unit",
                sql: try PromiseStore.listing(Promises.Params(unitId: unit), for: caller(.office), limit: 51)),
            Query(what: "steps", sql: try LadderStore.listing(Steps.Params(), for: caller(.office), limit: 51)),
            Query(
                what: "rulings",
                sql: try Rulings.listing(
                    for: caller(.office), unit: nil, decision: nil, limit: 51, cursor: nil)),
            Query(
                what: "rulings on a unit",
                sql: try Rulings.listing(
                    for: caller(.office), unit: unit, decision: nil, limit: 51, cursor: nil)),
            Query(
                what: "identity log", sql: IdentityStore.listing(of: nil, from: nil, to: nil, before: nil, limit: 51)),
            Query(
                what: "identity log of a case",
                sql: IdentityStore.listing(of: id, from: nil, to: nil, before: nil, limit: 51), sorts: true),
        ]
    }
}
