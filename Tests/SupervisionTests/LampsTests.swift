import Domain
import JSONRPC
import Ledger
import Postgres
import TestKit
import Testing

@testable import Supervision

/// The totals of open cases that a sweep keeps say what counting the cases one by one would.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct LampsTests {
    private typealias Counts = [String: Int]

    private static func counts(_ query: SQL, _ db: Connection) throws -> Counts {
        let rows = try db.rows(query) { row in
            (
                key: "\(try row["status"] as String)/\(try row["urgency"] as String)/\(try row["lamp"] as String)",
                cases: try row["cases"] as Int
            )
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0.cases) })
    }

    /// What is kept, with what a reader adds; and what is counted.
    private static func both(_ units: Set<UnitID>? = nil, _ city: City) async throws -> (kept: Counts, counted: Counts)
    {
        let now = city.clock.now
        return try await city.sql { db in
            let place = try LampStore.place(db)
            return (
                try counts(LampStore.counts(of: units, from: place.position, at: now), db),
                try counts(TallyStore.open(.init(units: units), at: now), db)
            )
        }
    }

    /// Entries of transactions beside which others still run, in whatever database of the cluster, come later.
    private static func settle(_ city: City) async throws {
        for _ in 1...2000 {
            try await city.sweep()
            let left = try await city.count(
                """
                ledger.timeline t
                JOIN supervision.lamp_progress p ON (t.feed_position, t.case_id, t.seq) > (p.feed_position, p.case_id, p.seq)
                """)
            if left == 0 { return }
        }
        Issue.record("the sweep does not come to the last entry")
    }

    @Test func theTotalsAreWhatCountingGivesWheneverTheyAreRead() async throws {
        try await City.with { city in
            for status in [
                CaseStatus.registered, .dispatched, .claimed, .awaitingPetitioner, .reported, .replied, .closed,
            ] {
                _ = try await city.bring(to: status)
            }
            let fresh = try await Self.both(nil, city)
            let open = try await city.count("ledger.cases WHERE due_at IS NOT NULL")
            #expect(fresh.kept == fresh.counted && fresh.kept.values.reduce(0, +) == open)
            try await Self.settle(city)
            #expect(try await city.count("supervision.lit_cases") == open)
            for moment in ["2026-03-03T09:00:00+08:00", "2026-03-10T22:00:00+08:00", "2026-03-25T09:00:00+08:00"] {
                city.clock.set(moment)
                // Lamps have changed and nobody has looked yet.
                let before = try await Self.both(nil, city)
                #expect(before.kept == before.counted, "\(moment)")
                try await Self.settle(city)
                let after = try await Self.both(nil, city)
                #expect(after.kept == after.counted, "\(moment)")
            }
            let late = try await city.count("supervision.lamp_totals WHERE lamp = 'red' AND cases > 0")
            #expect(late > 0)
        }
    }

    @Test func aUnitsTotalsAreItsOwn() async throws {
        try await City.with { city in
            var life = City.Life()
            _ = try await city.bring(to: .claimed, life)
            life.lead = "transport"
            _ = try await city.bring(to: .claimed, life)
            for _ in 1...2 {
                let both = try await Self.both([UnitID(unchecked: "transport")], city)
                #expect(both.kept == both.counted && both.kept.values.reduce(0, +) == 1)
                try await Self.settle(city)
            }
        }
    }

    @Test func aClockThatIsSetBackIsCountedByAndLitAnew() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .claimed)
            let start = city.clock.now
            city.clock.set("2026-03-12T09:00:00+08:00")
            try await Self.settle(city)
            #expect(try await city.call("supervision.overview", as: .office)["byLamp"]?["red"] == 1)
            city.clock.set("\(start)")
            #expect(try await city.call("supervision.overview", as: .office)["byLamp"]?["green"] == 1)
            try await Self.settle(city)
            let both = try await Self.both(nil, city)
            #expect(both.kept == both.counted && both.kept.keys.allSatisfy { $0.hasSuffix("green") })
        }
    }
}
