import Domain
import Ledger
import Postgres

/// When an overview takes measures that were kept (policy `overview`).
struct OverviewPolicy: Codable, Sendable {
    /// Up to so many cases due in the range the measures are reckoned when somebody asks.
    var liveCasesMax: Int
    /// Days of this and the last month are reckoned anew when they are older; others when they are a week old.
    var staleMinutes: Int
    /// How many days back are kept.
    var days: Int
}

/// The SQL for measures that are kept by day, for cities in which more cases are due than a page should reckon with.
enum DayMeasureStore {
    /// Whether more than `most` results are due on the days. Looks at no more than that.
    static func exceeds(_ most: Int, from: Day, to: Day, _ db: Connection) throws -> Bool {
        try db.value(
            """
            SELECT count(*) > \(most)
            FROM (
                SELECT
                FROM ledger.clock_facts
                WHERE result_due_at >= \(from.start)
                    AND result_due_at < \(to.advanced(by: 1).start)
                LIMIT \(most + 1)
            ) AS due
            """)
    }

    /// The day whose measures are the oldest, if they are too old; `nil` also while another instance is at it.
    static func stalest(_ policy: OverviewPolicy, at now: Instant, _ db: Connection) throws -> Day? {
        guard try db.value("SELECT pg_try_advisory_xact_lock(hashtext('renling day measures'))") as Bool else {
            return nil
        }
        let today = now.day
        let recent = Month(of: Month(of: today).first.advanced(by: -1)).first
        return try db.value(
            """
            SELECT d::date
            FROM generate_series(\(today.advanced(by: -policy.days))::date, \(Month(of: today).last)::date, interval '1 day') AS d
            LEFT JOIN supervision.measured_days m ON m.day = d::date
            WHERE m.counted_at IS NULL
                OR m.counted_at < CASE WHEN d >= \(recent)::date THEN \(now.adding(seconds: -60 * policy.staleMinutes))::timestamptz
                    ELSE \(now.adding(seconds: -7 * 86_400))::timestamptz END
            ORDER BY m.counted_at NULLS FIRST, d DESC
            LIMIT 1
            """)
    }

    static func recount(_ day: Day, _ measures: MeasureStore, _ db: Connection) throws {
        try db.execute("DELETE FROM supervision.day_measures WHERE day = \(day)")
        try db.execute(
            """
            INSERT INTO supervision.day_measures (day, measure, unit_id, value, cases)
            SELECT \(day)::date, measure, unit_id, value, count(*)
            FROM (\(sql: measures.items())) AS live
            GROUP BY measure, unit_id, value
            """)
        try db.execute(
            """
            INSERT INTO supervision.measured_days (day, counted_at)
            VALUES (\(day), \(measures.now))
            ON CONFLICT (day) DO UPDATE
            SET counted_at = excluded.counted_at
            """)
    }

    /// When the oldest of the days was reckoned; `nil` unless all of them were.
    static func countedAt(from: Day, to: Day, _ db: Connection) throws -> Instant? {
        try db.value(
            """
            SELECT CASE WHEN count(*) = \(to.number - from.number + 1) THEN min(counted_at) END
            FROM supervision.measured_days
            WHERE day >= \(from)
                AND day <= \(to)
            """)
    }

    static func together(
        from: Day, to: Day, units: Set<UnitID>?, _ db: Connection
    ) throws -> [Measure: Rules.Histogram] {
        let own: SQL = units.map { "AND unit_id = ANY (\(Array($0))::text[])" } ?? ""
        let rows = try db.rows(
            """
            SELECT measure, value::float8 AS value, sum(cases)::bigint AS cases
            FROM supervision.day_measures
            WHERE day >= \(from)
                AND day <= \(to)
                \(sql: own)
            GROUP BY measure, value
            """
        ) { (measure: try $0["measure"] as Measure, value: try $0["value"] as Double, cases: try $0["cases"] as Int) }
        return rows.reduce(into: [:]) { $0[$1.measure, default: Rules.Histogram()].add($1.value, times: $1.cases) }
    }
}
