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
            for month in Self.months {
                try await Self.compare(city, month, recount.figures[month] ?? [:])
                try await Self.compare(city, month, parts: recount.bulletins[month] ?? "")
            }
            try await Self.compareAppraisal(city, recount.appraisal)
        }
    }

    /// Its lines name units by their ids, the city's by "".
    struct Recount: Sendable {
        /// Rows that only one side has.
        var differences: [String]
        var items: Int
        var figures: [String: [String: [String: Double]]]
        /// What `RecountedBulletins` makes of each month, and of each unit's year.
        var bulletins: [String: String]
        var appraisal: [String]
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
            try db.script(RecountedBulletins.tools)
            var bulletins: [String: String] = [:]
            for month in Self.months {
                bulletins[month] = try db.value("\(raw: RecountedBulletins.bulletin(month))")
            }
            let appraisal = try db.rows("\(raw: RecountedBulletins.appraisal)") { try $0["item"] as String }
            return Recount(
                differences: differences, items: items, figures: figures, bulletins: bulletins, appraisal: appraisal)
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

    /// Bounds, ranks, who is named, and every list, with the cases in it.
    private static func compare(_ city: City, _ month: String, parts expected: String) async throws {
        let read = try await city.call("supervision.bulletin", ["month": JSONValue(month)], as: .supervisor)
        let parts = try ShownBulletin.parts(of: try #require(read["document"]))
        let recounted = try JSONValue(parsing: Array(expected.utf8)).members ?? []
        #expect(Set(recounted.map { $0.name.text }) == Set(parts.keys), "\(month)")
        for part in recounted {
            let ours = try ShownBulletin.text(parts[part.name.text] ?? .null)
            let theirs = try ShownBulletin.text(part.value)
            #expect(theirs.utf8.count > 20, "\(month) \(part.name.text) is empty")
            if ours != theirs {
                Issue.record("\(month) \(part.name.text): \(difference(ours, theirs))")
            }
        }
    }

    private static func compareAppraisal(_ city: City, _ expected: [String]) async throws {
        let read = try await city.call("supervision.appraisal", ["year": 2026, "limit": 200], as: .office)
        let items = try #require(read["items"]?.elements)
        #expect(read["publishedMonths"] == ["2026-01"])
        #expect(items.count == expected.count && items.count > 15)
        for (item, recounted) in zip(items, expected) {
            let ours = try ShownBulletin.text(ShownBulletin.appraised(item))
            let theirs = try ShownBulletin.text(try JSONValue(parsing: Array(recounted.utf8)))
            if ours != theirs { Issue.record("appraisal: \(difference(ours, theirs))") }
        }
    }

    /// Where two texts part.
    private static func difference(_ ours: String, _ theirs: String) -> String {
        let same = zip(ours, theirs).prefix { $0 == $1 }.count
        func near(_ text: String) -> String { String(text.dropFirst(max(0, same - 120)).prefix(320)) }
        return "\n  ours   \(near(ours))\n  theirs \(near(theirs))"
    }
}
