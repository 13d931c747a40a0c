import Domain
import JSONRPC
import Ledger
import Postgres
import TestKit
import Testing

@testable import Supervision

/// Bulletins and appraisal against a recount of the same three months.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct MeasuresTests {
    static let months = ["2026-01", "2026-02", "2026-03"]
    static let after = "2026-08-01T09:00:00+08:00"

    /// A city with the generated months behind it.
    static func generate(_ city: City) async throws {
        city.clock.set(after)
        try await city.sql { db in
            for script in [GeneratedLives.lives, GeneratedLives.entries, GeneratedPapers.papers] {
                try db.script(script)
            }
        }
    }

    @Test func everyFigureAndItsCasesAreThoseOfTheRecount() async throws {
        try await City.with { city in
            try await Self.generate(city)
            for month in Self.months {
                try await city.call("supervision.compileBulletin", ["month": JSONValue(month)], as: .office)
            }
            try await city.call("supervision.publishBulletin", ["month": "2026-01"], as: .office)
            let recount = try await Self.recount(city)
            #expect(recount.differences == [])
            #expect(recount.items > 80_000)
            for month in Self.months { try await Self.compare(city, month, recount.figures[month] ?? [:]) }
            try await Self.compareAppraisal(city, recount.appraisal)
        }
    }

    /// Its lines name units by their ids, the city's by "".
    struct Recount: Sendable {
        /// Rows that only one side has.
        var differences: [String]
        var items: Int
        var figures: [String: [String: [String: Double]]]
        /// Score, and deduction cases by measure, of each unit.
        var appraisal: [String: (score: Double, cases: [String: Int])]
    }

    static func recount(_ city: City) async throws -> Recount {
        try await city.sql { db in
            try db.script(RecountedMonths.recount)
            let differences = try db.rows(
                """
                WITH ours AS (
                    SELECT to_char(month, 'YYYY-MM') AS month, measure, unit_id, case_id, value
                    FROM supervision.bulletin_items
                ), theirs AS (
                    SELECT month, measure, unit_id, case_id, value FROM expected WHERE month <= '2026-03'
                )
                SELECT concat_ws(' ', 'only ours', o.month, measure, unit_id, case_id, value) AS row
                FROM (SELECT month, measure, unit_id, case_id, value FROM ours EXCEPT ALL
                    SELECT month, measure, unit_id, case_id, value FROM theirs) o
                UNION ALL
                SELECT concat_ws(' ', 'only theirs', t.month, measure, unit_id, case_id, value)
                FROM (SELECT month, measure, unit_id, case_id, value FROM theirs EXCEPT ALL
                    SELECT month, measure, unit_id, case_id, value FROM ours) t
                LIMIT 20
                """
            ) { try $0["row"] as String }
            let rows = try db.rows(
                """
                SELECT month, coalesce(unit_id, '') AS unit, measure, round(avg(value), 4)::float8 AS rate,
                    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY value)::numeric, 1)::float8 AS median,
                    round(percentile_cont(0.9) WITHIN GROUP (ORDER BY value)::numeric, 1)::float8 AS p90
                FROM expected
                WHERE month <= '2026-03'
                GROUP BY GROUPING SETS ((month, measure), (month, measure, unit_id))
                """
            ) { row in
                (
                    month: try row["month"] as String, unit: try row["unit"] as String,
                    measure: try row["measure"] as String, rate: try row["rate"] as Double,
                    median: try row["median"] as Double, p90: try row["p90"] as Double
                )
            }
            var figures: [String: [String: [String: Double]]] = [:]
            for row in rows {
                if row.measure == "timeToReply" {
                    figures[row.month, default: [:]][row.unit, default: [:]]["median"] = row.median
                    figures[row.month, default: [:]][row.unit, default: [:]]["p90"] = row.p90
                } else {
                    figures[row.month, default: [:]][row.unit, default: [:]][row.measure] = row.rate
                }
            }
            let items: Int = try db.value("SELECT count(*) FROM expected WHERE month <= '2026-03'")
            return Recount(
                differences: differences, items: items, figures: figures, appraisal: try appraisal(db))
        }
    }

    private static func appraisal(_ db: Connection) throws -> [String: (score: Double, cases: [String: Int])] {
        let rows = try db.rows(
            """
            WITH rates AS (
                SELECT unit_id, measure, w.value::numeric AS weight, round(avg(e.value), 4) AS rate,
                    measure IN ('replyRate', 'responseRate', 'claimRate', 'resolutionRate', 'satisfactionRate') AS good,
                    count(*) FILTER (WHERE e.value < 1) AS below, count(*) FILTER (WHERE e.value > 0) AS above
                FROM expected e
                JOIN (SELECT (jsonb_each_text(value)).* FROM ledger.policies WHERE name = 'appraisal') w ON w.key = e.measure
                WHERE e.unit_id <> ''
                GROUP BY unit_id, measure, w.value
            )
            SELECT unit_id, measure, CASE WHEN good THEN below ELSE above END AS cases,
                (100 - sum(round((CASE WHEN good THEN 1 - rate ELSE rate END) * weight, 2)) OVER (PARTITION BY unit_id))::float8
                    AS score
            FROM rates
            """
        ) { row in
            (
                unit: try row["unit_id"] as String, measure: try row["measure"] as String,
                cases: try row["cases"] as Int, score: try row["score"] as Double
            )
        }
        return rows.reduce(into: [:]) { found, row in
            found[row.unit, default: (row.score, [:])].cases[row.measure] = row.cases
        }
    }

    /// The lines of the bulletin as it is read.
    private static func compare(_ city: City, _ month: String, _ expected: [String: [String: Double]]) async throws {
        let read = try await city.call("supervision.bulletin", ["month": JSONValue(month)], as: .supervisor)
        let document = try #require(read["document"])
        var lines: [(unit: String, line: JSONValue)] = [("", try #require(document["city"]))]
        for group in document["groups"]?.elements ?? [] {
            for unit in group["units"]?.elements ?? [] {
                lines.append((unit["unitId"]?.stringValue ?? "?", try #require(unit["line"])))
            }
        }
        #expect(lines.count == Set(expected.keys).count, "\(month)")
        for (unit, line) in lines {
            let measures = try #require(line["measures"])
            for measure in Measure.rates {
                // Declines are the city's, and stand in its line only.
                let wanted = expected[unit]?[measure.rawValue]
                #expect(measures[measure.rawValue]?.doubleValue == wanted, "\(month) \(unit) \(measure)")
            }
            #expect(measures["timeToReply"]?["median"]?.doubleValue == expected[unit]?["median"], "\(month) \(unit)")
            #expect(measures["timeToReply"]?["p90"]?.doubleValue == expected[unit]?["p90"], "\(month) \(unit)")
        }
    }

    private static func compareAppraisal(
        _ city: City, _ expected: [String: (score: Double, cases: [String: Int])]
    ) async throws {
        let read = try await city.call("supervision.appraisal", ["year": 2026, "limit": 200], as: .office)
        let items = try #require(read["items"]?.elements)
        #expect(read["publishedMonths"] == ["2026-01"])
        #expect(Set(items.compactMap { $0["unitId"]?.stringValue }) == Set(expected.keys) && items.count > 15)
        for item in items {
            let unit = item["unitId"]?.stringValue ?? "?"
            #expect(item["score"]?.doubleValue == expected[unit]?.score, "\(unit)")
            for deduction in item["deductions"]?.elements ?? [] {
                let measure = deduction["measure"]?.stringValue ?? "?"
                #expect(deduction["total"]?.intValue == expected[unit]?.cases[measure], "\(unit) \(measure)")
            }
        }
    }
}
