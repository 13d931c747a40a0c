import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Supervision

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct OverviewTests {
    @Test func itCountsByStatusUrgencyAndLampBeforeAndAfterTheSweep() async throws {
        try await City.with { city in
            let statuses: [CaseStatus] = [.registered, .dispatched, .claimed, .reported, .replied, .closed, .archived]
            for status in statuses { _ = try await city.bring(to: status) }
            _ = try await city.bring(to: .declined)
            _ = try await city.bring(to: .awaitingPetitioner)
            let before = try await city.call("supervision.overview", as: .observer)
            #expect(before["byStatus"]?["closed"] == 1 && before["byStatus"]?["archived"] == 1)
            #expect(before["byStatus"]?["declined"] == 1 && before["byStatus"]?["merged"] == 0)
            #expect(before["byUrgency"]?["ordinary"] == 10 && before["byUrgency"]?["critical"] == 0)
            #expect(before["byLamp"] == ["green": 6, "yellow": 0, "red": 0, "grey": 1])
            try await Self.settle(city)
            #expect(try await city.count("supervision.tallied_cases") == 2)
            #expect(try await city.call("supervision.overview", as: .observer) == before)
            // A closed case that is taken up again leaves the tallies, in the call and in the sweep alike.
            let closed: String = try await city.sql { db in
                CaseNumber(id: try db.value("SELECT case_id FROM ledger.cases WHERE status = 'closed'") as Int64).text
            }
            try await city.call(
                "supervision.reopen", ["caseNumber": JSONValue(closed), "reason": "问题反弹"], as: .supervisor)
            let reopened = try await city.call("supervision.overview", as: .office)
            #expect(reopened["byStatus"]?["closed"] == 0 && reopened["byStatus"]?["claimed"] == 2)
            try await Self.settle(city)
            #expect(try await city.call("supervision.overview", as: .office) == reopened)
        }
    }

    @Test func aUnitReadsItsOwnAndThoseBeneath() async throws {
        try await City.with { city in
            var life = City.Life()
            _ = try await city.bring(to: .claimed, life)
            life.lead = "housing-roads"
            _ = try await city.bring(to: .closed, life)
            life.lead = "transport"
            _ = try await city.bring(to: .closed, life)
            func count(_ who: Who, _ params: JSONValue = [:]) async throws -> [Int?] {
                let read = try await city.call("supervision.overview", params, as: who)
                return [read["byStatus"]?["claimed"]?.intValue, read["byStatus"]?["closed"]?.intValue]
            }
            #expect(try await count(.unit("housing")) == [1, 1])
            #expect(try await count(.unit("housing-roads")) == [0, 1])
            #expect(try await count(.office) == [1, 2])
            #expect(try await count(.office, ["unitId": "transport"]) == [0, 1])
            #expect(await city.code("supervision.overview", ["unitId": "transport"], as: .unit("housing")) == 1001)
            #expect(await city.code("supervision.overview", ["unitId": "nobody"], as: .office) == 1009)
            #expect(await city.code("supervision.overview", as: .source) == -32003)
        }
    }

    @Test func measuresAreOfTheDaysThatAreAskedFor() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            let read = try await city.call("supervision.overview", as: .observer)
            #expect(read["measures"]?["responseRate"] == 1 && read["measures"]?["overdueRate"] == 0)
            #expect(read["measures"]?["satisfactionRate"] == 1 && read["measures"]?["timeToReply"]?["median"] == 0)
            #expect(read["bounds"]?["upper"] == 1 && read["measuredFrom"] == "2026-03-01")
            let other = try await city.call(
                "supervision.overview", ["from": "2026-01-01", "to": "2026-01-31"], as: .observer)
            #expect(other["measures"]?["responseRate"] == .null && other["byStatus"]?["closed"] == 0)
            #expect(
                await city.refusal("supervision.overview", ["from": "2026-02-01", "to": "2026-01-31"], as: .office)?
                    .paths == ["to"])
            #expect(
                await city.refusal("supervision.overview", ["from": "2025-01-01", "to": "2026-03-01"], as: .office)?
                    .paths == ["to"])
        }
    }

    @Test func anOverdueCaseCountsWhenItsDateHasPassed() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .claimed)
            var read = try await city.call("supervision.overview", as: .office)
            #expect(read["measures"]?["responseRate"] == .null)
            city.clock.set("2026-03-12T09:00:00+08:00")
            read = try await city.call("supervision.overview", as: .office)
            #expect(read["measures"]?["responseRate"] == 0 && read["measures"]?["overdueRate"] == 1)
            #expect(read["byLamp"]?["red"] == 1)
        }
    }

    @Test func whereMoreAreDueThanIsReckonedAtOnceTheMeasuresAreKeptByDay() async throws {
        try await City.with { city in
            for _ in 1...3 { _ = try await city.bring(to: .closed) }
            _ = try await city.bring(to: .claimed)
            city.clock.set("2026-03-12T09:00:00+08:00")
            let live = try await city.call("supervision.overview", as: .office)
            #expect(live["measuredAt"] == nil && live["measures"]?["responseRate"]?.doubleValue == 0.75)
            try await city.sql { db in
                try db.execute(
                    """
                    UPDATE ledger.policies
                    SET value = '{"liveCasesMax": 3, "staleMinutes": 60, "days": 20}'
                    WHERE name = 'overview'
                    """)
            }
            try await city.sweep()
            let kept = try await city.call("supervision.overview", as: .office)
            #expect(kept["measuredAt"]?.stringValue == city.clock.now.description)
            for part in ["measures", "counts", "bounds", "byStatus"] { #expect(kept[part] == live[part], "\(part)") }
            let housing = try await city.call("supervision.overview", ["unitId": "transport"], as: .office)
            #expect(housing["measures"]?["responseRate"] == .null && housing["measuredAt"] != nil)
            // A day is reckoned anew when what is kept of it is an hour old.
            _ = try await city.bring(to: .closed)
            try await city.sweep()
            #expect(try await city.call("supervision.overview", as: .office)["counts"] == live["counts"])
            city.clock.advance(seconds: 3700)
            try await city.sweep()
            let later = try await city.call("supervision.overview", as: .office)
            #expect(later["measures"]?["satisfactionRate"] == 1 && later["counts"] != live["counts"])
        }
    }

    /// Whichever of the two days is reckoned first, and however old the other is.
    @Test(arguments: [["2026-03-16"], ["2026-03-11"], ["2026-03-16", "2026-03-11"], ["2026-03-11", "2026-03-16"]])
    func aCaseWhoseDateMovesStandsUnderOneDay(_ reckoned: [String]) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            _ = try await city.bring(to: .claimed)
            let closed = try await city.bring(to: .closed)
            try await Self.keepByDay(city, above: 1)
            city.clock.set("2026-03-11T10:00:00+08:00")
            try await city.sweep()
            // One is given until the 16th; another, closed on the 2nd, is worked on again until the 16th.
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "until": "2026-03-16", "reason": "案情复杂", "legalBasis": "规定第五条",
                "interimReply": "正在核查",
            ]
            try await city.call("assignment.requestExtension", params, as: .unit("housing"))
            let grant: JSONValue = ["caseNumber": JSONValue(number), "decision": "grant", "ground": "确有必要"]
            try await city.call("assignment.decideExtension", grant, as: .office)
            try await city.call(
                "supervision.reopen", ["caseNumber": JSONValue(closed), "reason": "问题反弹"], as: .supervisor)
            for day in reckoned {
                try await city.sql { db in
                    try db.execute(
                        "UPDATE supervision.measured_days SET counted_at = counted_at - interval '2 hours' WHERE day = \(day)::date"
                    )
                }
                try await city.sweep()
            }
            let kept = try await city.call("supervision.overview", as: .office)
            #expect(kept["measuredAt"] != nil)
            try await Self.keepByDay(city, above: 1000)
            let live = try await city.call("supervision.overview", as: .office)
            #expect(live["measuredAt"] == nil && Self.cases(live, "extensionRate") == 3)
            #expect(Self.cases(kept, "extensionRate") == 3)
            // What closed it is asked again, and counts no more until the day on which that stood is reckoned.
            if reckoned.count == 2 { #expect(Self.withoutAnswers(kept) == Self.withoutAnswers(live)) }
        }
    }

    private static func cases(_ overview: JSONValue, _ measure: String) -> Int? {
        overview["counts"]?.elements?.first { $0["measure"]?.stringValue == measure }?["of"]?.intValue
    }

    private static func withoutAnswers(_ overview: JSONValue) -> [JSONValue]? {
        overview["counts"]?.elements?.filter {
            !["satisfactionRate", "resolutionRate"].contains($0["measure"]?.stringValue)
        }
    }

    private static func keepByDay(_ city: City, above cases: Int) async throws {
        let policy = #"{"liveCasesMax": \#(cases), "staleMinutes": 60, "days": 40}"#
        try await city.sql { db in
            try db.execute("UPDATE ledger.policies SET value = \(policy)::jsonb WHERE name = 'overview'")
        }
    }

    /// With the generated months behind it, the sums are those of the months reckoned at once.
    @Test func theSumsOfTheDaysAreTheMonths() async throws {
        try await City.with { city in
            try await MeasuresTests.generate(city)
            city.clock.set("2026-03-31T12:00:00+08:00")
            func months() async throws -> [JSONValue] {
                var read: [JSONValue] = []
                for (from, to) in [
                    ("2026-02-20", "2026-03-31"), ("2026-03-01", "2026-03-20"), ("2026-03-31", "2026-03-31"),
                ] {
                    let overview = try await city.call(
                        "supervision.overview", ["from": JSONValue(from), "to": JSONValue(to)], as: .office)
                    read.append(overview["counts"] ?? .null)
                    read.append(overview["measures"] ?? .null)
                }
                return read
            }
            try await Self.keepByDay(city, above: 1_000_000)
            let live = try await months()
            try await Self.keepByDay(city, above: 1)
            try await Self.reckonDays(city)
            #expect(try await months() == live)
            #expect(try await city.count("supervision.measured_days") == 41)
            let apart = try await city.count(
                """
                (SELECT day, measure, unit_id, value, count(*) FROM supervision.day_items GROUP BY 1, 2, 3, 4
                EXCEPT SELECT day, measure, unit_id, value, cases FROM supervision.day_measures) AS d
                """)
            #expect(apart == 0)
        }
    }

    private static func reckonDays(_ city: City) async throws {
        let desk = try city.another(Supervision.self)
        for _ in 1...60 {
            _ = try await desk.ledger.sweep(WorkRequest(caller: .system, method: "dayMeasures")) { work in
                try DayMeasures.run(upTo: 50, in: work, of: Supervision(secrets: SampleCity.secrets))
            }
        }
        await desk.close()
    }

    /// With 20,000 cases that are over, nothing reads through them.
    @Test func theCountsComeFromIndexesAndTallies() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .claimed)
            try await Self.settle(city)
            let now = city.clock.now
            let plans = try await city.sql { db -> [String] in
                try db.execute("SELECT ledger.make_year('2025-06-01')")
                try Self.addClosedCases(20_000, db)
                try db.execute("ANALYZE ledger.cases")
                try db.execute("ANALYZE ledger.timeline")
                return try [
                    TallyStore.open(.init(), at: now),
                    TallyStore.over(.init(), from: db.value("SELECT feed_position FROM supervision.tally_progress")),
                    TallyStore.open(.init(units: [UnitID(unchecked: "housing")]), at: now),
                ].map { query in
                    try db.rows("EXPLAIN \(sql: query)") { try $0[0] as String }.joined(separator: "\n")
                }
            }
            for plan in plans {
                #expect(!plan.contains("Seq Scan on cases_2025"), "\(plan)")
                #expect(!plan.contains("Seq Scan on timeline_2025"), "\(plan)")
            }
        }
    }

    /// Cases of June 2025, copied from one that is there.
    private static func addClosedCases(_ count: Int, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO ledger.cases
            SELECT (jsonb_populate_record(c, jsonb_build_object('case_id', 202506000000000 + i, 'status', 'closed',
                'external_id', 'x' || i, 'due_at', NULL, 'warn_at', NULL, 'registered_at', '2025-06-10T09:00:00+08:00'))).*
            FROM ledger.cases c
            CROSS JOIN generate_series(1, \(count)) AS i
            WHERE c.status = 'claimed'
            """)
        try db.execute(
            """
            INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, action, status_from, status_to, holder,
                note_is_public, channel, feed_kind, feed_position)
            SELECT case_id, 1, registered_at, 'source', 0, 'register', NULL, 'closed', 'archive', false, channel, 'status', 1
            FROM ledger.cases
            WHERE status = 'closed'
            """)
    }

    /// Sweeps until the tallies hold every entry: those of transactions beside which others still run, in whatever
    /// database of the cluster, come later.
    private static func settle(_ city: City) async throws {
        for _ in 1...2000 {
            try await city.sweep()
            let left = try await city.count(
                """
                ledger.timeline t
                JOIN supervision.tally_progress p ON (t.feed_position, t.case_id, t.seq) > (p.feed_position, p.case_id, p.seq)
                WHERE t.feed_kind IS NOT NULL
                """)
            if left == 0 { return }
        }
        Issue.record("the sweep does not come to the end of the feed")
    }
}
