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

    /// Measures of which a case stands under the due date of its result, and under the day on which its cluster answered.
    static let ofAnswers: [Measure] = [.satisfactionRate, .resolutionRate]
    static let ofResults = Measure.allCases.filter { $0 != .declineRate && !ofAnswers.contains($0) }

    /// `UNION` with the cases that stand under a day.
    static func cases(under day: Day, _ measures: [Measure]) -> SQL {
        """
        UNION
        SELECT case_id
        FROM supervision.day_items
        WHERE day = \(day)
            AND measure = ANY (\(measures.map(\.rawValue))::text[])
        """
    }

    /// Puts every case that stands or stood under the day where it belongs now, on that day or another, and moves it from
    /// sum to sum with that. Days that are kept no more go.
    ///
    /// - Parameter measures: of all days that are kept, around `day`.
    static func recount(_ day: Day, _ measures: MeasureStore, _ db: Connection) throws {
        try db.execute(
            """
            WITH \(sql: measures.sources), live AS MATERIALIZED (
                SELECT case_id, measure, unit_id, (at AT TIME ZONE 'Asia/Shanghai')::date AS day, value
                FROM (\(sql: measures.selection())) AS s
            ), held AS MATERIALIZED (
                SELECT case_id, measure, unit_id, day, value
                FROM supervision.day_items
                WHERE case_id IN (SELECT case_id FROM near)
                    AND measure = ANY (\(ofResults.map(\.rawValue))::text[])
                UNION ALL
                SELECT case_id, measure, unit_id, day, value
                FROM supervision.day_items
                WHERE case_id IN (SELECT root FROM roots)
                    AND measure = ANY (\(ofAnswers.map(\.rawValue))::text[])
                UNION ALL
                SELECT case_id, measure, unit_id, day, value
                FROM supervision.day_items
                WHERE day = \(day)
                    AND measure = \(Measure.declineRate)
            ), gone AS (
                DELETE FROM supervision.day_items i
                USING held h
                WHERE i.case_id = h.case_id
                    AND i.measure = h.measure
                    AND i.unit_id = h.unit_id
                    AND (h.case_id, h.measure, h.unit_id) NOT IN (SELECT case_id, measure, unit_id FROM live)
            ), put AS (
                INSERT INTO supervision.day_items AS i (case_id, measure, unit_id, day, value)
                SELECT case_id, measure, unit_id, day, value
                FROM live
                ON CONFLICT (case_id, measure, unit_id) DO UPDATE
                SET day = excluded.day, value = excluded.value
                WHERE i.day <> excluded.day OR i.value <> excluded.value
            )
            INSERT INTO supervision.day_measures AS d (day, measure, unit_id, value, cases)
            SELECT day, measure, unit_id, value, sum(cases)
            FROM (
                SELECT day, measure, unit_id, value, -1 AS cases FROM held
                UNION ALL
                SELECT day, measure, unit_id, value, 1 FROM live
            ) AS both_ways
            GROUP BY day, measure, unit_id, value
            HAVING sum(cases) <> 0
            ON CONFLICT (day, measure, unit_id, value) DO UPDATE
            SET cases = d.cases + excluded.cases
            """)
        try db.execute(
            "DELETE FROM supervision.day_measures WHERE day < \(measures.from) OR day = \(day) AND cases = 0")
        try db.execute("DELETE FROM supervision.day_items WHERE day < \(measures.from)")
        try db.execute("DELETE FROM supervision.measured_days WHERE day < \(measures.from)")
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
            HAVING sum(cases) > 0
            """
        ) { (measure: try $0["measure"] as Measure, value: try $0["value"] as Double, cases: try $0["cases"] as Int) }
        return rows.reduce(into: [:]) { $0[$1.measure, default: Rules.Histogram()].add($1.value, times: $1.cases) }
    }
}
