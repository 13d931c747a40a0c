import Foundation
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Domain
@testable import Ledger
@testable import Supervision

/// The ladder's sweep over many open cases, by several instances at once. `RENLING_SWEEP_CASES=100000` has it do so with
/// as many.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ClimbingTests {
    static let cases = ProcessInfo.processInfo.environment["RENLING_SWEEP_CASES"].flatMap { Int($0) } ?? 2000
    private static let classes = 40
    private static let firstDue = Day(2026, 3, 2)

    /// Fills the ledger with claimed cases like one that was brought there, each due on one of forty days.
    private static func fill(_ city: City, _ count: Int) async throws {
        let number = try await city.bring(to: .claimed)
        let id = CaseNumber(unchecked: number).id ?? 0
        try await city.sql { db in
            try db.execute(
                """
                INSERT INTO ledger.cases
                SELECT filled.*
                FROM ledger.cases c
                CROSS JOIN generate_series(1, \(count)::int) AS n
                CROSS JOIN LATERAL (SELECT (\(firstDue)::date + 1 + n % \(classes)::int)::timestamp - interval '1 second' AS due) AS d
                CROSS JOIN LATERAL jsonb_populate_record(c, jsonb_build_object(
                    'case_id', c.case_id + 1000 + n, 'external_id', 'fill-' || n,
                    'due_at', d.due AT TIME ZONE 'Asia/Shanghai',
                    'look_at', (d.due - interval '1 day') AT TIME ZONE 'Asia/Shanghai',
                    'warn_at', (d.due - interval '1 day') AT TIME ZONE 'Asia/Shanghai',
                    'clocks', jsonb_build_array(jsonb_build_object('stage', 'result', 'provisional', false,
                        'startedAt', '2026-03-01T09:00:00+08:00', 'dueAt', to_char(d.due, 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
                        'warnAt', to_char(d.due - interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'))))) AS filled
                WHERE c.case_id = \(id)
                """)
            // The one they were made from takes no part.
            try db.execute("UPDATE ledger.cases SET look_at = NULL WHERE case_id = \(id)")
            try db.execute("ANALYZE ledger.cases")
        }
    }

    /// How many of the cases must have had each step by then.
    private static func expected(at now: Instant, of count: Int) -> [String: Int] {
        let calendar = LadderLife.published
        var expected: [String: Int] = [:]
        for index in 0..<classes {
            let due = firstDue.advanced(by: index).end
            let clock = Clock(
                stage: .result, startedAt: firstDue.start, dueAt: due, warnAt: due.adding(seconds: -86_400),
                provisional: false)
            let members = (1...count).count { $0 % classes == index }
            for rung in Rules.rungs(of: clock, .ordinary, LadderLife.ladder, calendar) where rung.at <= now {
                expected[rung.step.rawValue, default: 0] += members
            }
        }
        return expected
    }

    private static func taken(_ city: City) async throws -> [String: Int] {
        try await city.sql { db in
            Dictionary(
                uniqueKeysWithValues: try db.rows(
                    "SELECT step, count(*) AS n, count(DISTINCT case_id) AS cases FROM supervision.steps GROUP BY step"
                ) { row in
                    #expect(try row["n"] as Int == row["cases"] as Int, "a step was taken twice")
                    return (try row["step"] as String, try row["n"] as Int)
                })
        }
    }

    private struct Stopped: Error {}

    /// An instance that dies in the middle, again and again: what it did is undone with its transaction.
    private static func stopInTheMiddle(_ desk: Desk) async throws {
        for _ in 0..<5 {
            await #expect(throws: (any Error).self) {
                _ = try await desk.ledger.sweep(WorkRequest(caller: .system, method: "ladder")) { work in
                    _ = try Climbing.run(upTo: 100, in: work, of: Supervision(secrets: SampleCity.secrets))
                    throw Stopped()
                }
            }
        }
    }

    @Test func threeInstancesTakeEachStepOnceAndMissNone() async throws {
        try await City.with { city in
            let count = Self.cases
            try await Self.fill(city, count)
            let instances = try (0..<4).map { _ in try city.another(Supervision.self) }
            for now in ["2026-03-31T12:00:00+08:00", "2026-06-30T12:00:00+08:00"] {
                city.clock.set(now)
                let started = ContinuousClock.now
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for desk in instances.dropFirst() { group.addTask { try await desk.sweep() } }
                    group.addTask { try await Self.stopInTheMiddle(instances[0]) }
                    try await group.waitForAll()
                }
                try await city.sweep()
                let taken = try await Self.taken(city)
                #expect(taken == Self.expected(at: city.clock.now, of: count))
                if count > 10_000 { print("\(count) cases, \(taken), \(ContinuousClock.now - started)") }
            }
            // Nothing of a case changed but when to look at it next.
            #expect(try await city.count("ledger.cases WHERE version <> 3 OR look_at IS NOT NULL") == 0)
            #expect(try await city.count("ledger.timeline") == 3)
            for desk in instances { await desk.close() }
        }
    }

    @Test func theMostOverdueComeFirst() async throws {
        try await City.with { city in
            try await Self.fill(city, 200)
            city.clock.set("2026-04-30T12:00:00+08:00")
            // What waits longest for its step is not what is most overdue.
            try await city.sql { db in
                try db.execute(
                    "UPDATE ledger.cases SET look_at = timestamptz '2026-03-01' - (due_at - timestamptz '2026-03-01')")
            }
            let desk = try city.another(Supervision.self)
            for round in 1...5 {
                _ = try await desk.ledger.sweep(WorkRequest(caller: .system, method: "ladder")) { work in
                    try Climbing.run(upTo: 10, in: work, of: Supervision(secrets: SampleCity.secrets))
                }
                let latest: Instant = try await city.sql { db in
                    try db.value("SELECT max(due_at) FROM supervision.steps")
                }
                // Five cases are due on each day.
                #expect(latest == Self.firstDue.advanced(by: round * 2 - 1).end)
            }
            await desk.close()
        }
    }

    /// A case that is sealed while a look is due does not hold the sweep up.
    @Test func aSealedCaseIsLookedAtNoMore() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            let number = try await city.bring(to: .closed)
            try await city.sql { db in try db.execute("UPDATE ledger.cases SET look_at = '2026-03-01'") }
            try await city.call("archive.seal", ["caseNumber": JSONValue(number)], as: .admin)
            #expect(try await city.count("ledger.cases WHERE look_at IS NOT NULL") == 1)
            try await city.sweep()
            #expect(try await city.count("ledger.cases WHERE look_at IS NOT NULL") == 0)
        }
    }
}
