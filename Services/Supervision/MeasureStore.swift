import Domain
import Ledger
import Postgres

/// The SQL of the measures: which cases stand behind which figure, and with what value.
///
/// Everything rests on stints: the time from an assignment letter until the case leaves that unit (another letter, back to
/// the registry, merged, withdrawn), or until now. A stint belongs to the month of its result's due date, which is the
/// last that a clock fact gave within it. Cases are found by the index of those dates, and read by their keys.
struct MeasureStore: Sendable {
    /// Days by which cases are taken, both included.
    var from: Day
    var to: Day
    var now: Instant
    /// A closed matter complained of again within so many days is a recurrence.
    var recurrenceDays: Int
    var calendar: WorkCalendar
    /// Where it is set, only what stands under that day, or did when it was last kept (`DayMeasureStore`).
    var around: Day?

    /// Compiling statements of this length to machine code takes longer than running them.
    static func prepare(_ db: Connection) throws { try db.execute("SET LOCAL jit = off") }

    var start: Instant { from.start }
    var end: Instant { to.advanced(by: 1).start }
    /// The days by which cases are found.
    var found: (from: Day, to: Day) { (around ?? from, around ?? to) }
    private var foundStart: Instant { found.from.start }
    private var foundEnd: Instant { found.to.advanced(by: 1).start }

    /// One row for each measure, unit and case: `measure`, `unit_id` (empty where no unit is measured), `case_id`, `at` (what
    /// put it in the range), `value`. What a granted ruling excludes is left out.
    func items(_ measures: [Measure] = Measure.allCases) -> SQL {
        "WITH \(sql: sources)\n\(sql: selection(measures))"
    }

    /// What `selection` reads.
    var sources: SQL { "\(sql: stints), \(sql: closings)" }

    func selection(_ measures: [Measure] = Measure.allCases) -> SQL {
        """
        SELECT i.measure, i.unit_id, i.case_id, i.at, i.value
        FROM (
        \(sql: measures.map(branch).joined(separator: "\nUNION ALL\n"))
        ) AS i
        WHERE NOT EXISTS (
            SELECT
            FROM supervision.exclusions x
            WHERE x.case_id = i.case_id
                AND x.decision = 'grant'
                AND i.measure = ANY (x.measures))
        """
    }

    /// `stints`, with what it is made from. A unit has a case that is not merged until the end; one that was merged counts
    /// only where it was overdue already.
    var stints: SQL {
        """
        near AS MATERIALIZED (
            SELECT DISTINCT case_id
            FROM ledger.clock_facts
            WHERE result_due_at >= \(foundStart)
                AND result_due_at < \(foundEnd)
            \(sql: around.map { DayMeasureStore.cases(under: $0, DayMeasureStore.ofResults) } ?? "")
        ), letters AS MATERIALIZED (
            SELECT l.case_id, l.seq, l.unit_id, l.delivered_at,
                lead(l.seq) OVER (PARTITION BY l.case_id ORDER BY l.seq) AS next_seq
            FROM near n
            CROSS JOIN LATERAL (
                SELECT case_id, seq, unit_id, delivered_at
                FROM assignment.leads
                WHERE case_id = n.case_id
                OFFSET 0
            ) AS l
        ), stints AS MATERIALIZED (
            SELECT l.case_id, l.seq, coalesce(e.seq, 2147483647) AS end_seq, e.status_to AS ended_as, l.delivered_at,
                CASE WHEN e.seq IS NULL THEN c.lead_unit_id ELSE l.unit_id END AS unit_id, c.status, c.closed_at,
                c.responsible_person, d.result_due_at AS due_at, r.filed, r.in_time, r.last_at,
                coalesce(e.at, CASE WHEN c.status = 'awaitingPetitioner' AND c.urgency <> 'critical' THEN c.paused_at END,
                    \(now)) AS until,
                e.seq IS NULL AND c.status IN ('reported', 'approved', 'replied', 'closed', 'archived') AS is_done
            FROM letters l
            CROSS JOIN LATERAL (
                SELECT status, urgency, lead_unit_id, closed_at, responsible_person,
                    (jsonb_path_query_first(clocks, '$[*] ? (@.stage == "result").pausedAt') #>> '{}')::timestamptz
                        AS paused_at
                FROM ledger.cases
                WHERE case_id = l.case_id
                LIMIT 1
            ) AS c
            LEFT JOIN LATERAL (
                SELECT seq, at, status_to
                FROM ledger.timeline
                WHERE case_id = l.case_id
                    AND seq > l.seq
                    AND (seq = l.next_seq OR status_to IN ('registered', 'merged', 'withdrawn'))
                ORDER BY seq
                LIMIT 1
            ) AS e ON true
            CROSS JOIN LATERAL (
                SELECT result_due_at
                FROM ledger.clock_facts
                WHERE case_id = l.case_id
                    AND version < coalesce(e.seq, 2147483647)
                    AND result_due_at IS NOT NULL
                ORDER BY version DESC, ordinal DESC
                LIMIT 1
            ) AS d
            CROSS JOIN LATERAL (
                SELECT count(*) AS filed, bool_and(filed_at <= due_at) AS in_time, max(filed_at) AS last_at
                FROM handling.outcomes
                WHERE case_id = l.case_id
                    AND seq > l.seq
                    AND seq < coalesce(e.seq, 2147483647)
            ) AS r
            WHERE d.result_due_at >= \(start)
                AND d.result_due_at < \(end)
                AND NOT (c.status IN ('withdrawn', 'archived') AND EXISTS (
                    SELECT
                    FROM ledger.timeline
                    WHERE case_id = l.case_id
                        AND status_to = 'withdrawn'))
        ), units AS MATERIALIZED (
            SELECT case_id, seq, end_seq, unit_id, due_at, delivered_at, status, closed_at, filed,
                end_seq = 2147483647 AS is_present
            FROM stints
            WHERE ended_as IS DISTINCT FROM 'merged'
        ), due AS MATERIALIZED (
            SELECT case_id, unit_id, due_at, is_done AND in_time AS is_in_time
            FROM stints
            WHERE is_done OR due_at < until
        ), replies AS MATERIALIZED (
            SELECT u.case_id, u.unit_id, u.due_at, u.delivered_at, u.status, u.closed_at, p.published_at
            FROM units u
            LEFT JOIN LATERAL (
                SELECT published_at
                FROM handling.published
                WHERE case_id = u.case_id
                    AND seq > u.seq
                ORDER BY seq
                LIMIT 1
            ) AS p ON true
            WHERE u.is_present
        )
        """
    }

    /// `closings`: of the clusters (a case by itself is one) of which something was said in the range, every case that is
    /// closed and whose petitioner was reached, with the follow-up that closed it.
    private var closings: SQL {
        """
        roots AS MATERIALIZED (
            SELECT DISTINCT coalesce(c.master, f.case_id) AS root
            FROM (
                SELECT case_id
                FROM supervision.follow_ups
                WHERE recorded_at >= \(foundStart)
                    AND recorded_at < \(foundEnd)
                UNION
                SELECT case_id
                FROM supervision.promises
                WHERE settled_at >= \(foundStart)
                    AND settled_at < \(foundEnd)
                \(sql: around.map { DayMeasureStore.cases(under: $0, DayMeasureStore.ofAnswers) } ?? "")
            ) AS f
            CROSS JOIN LATERAL (
                SELECT master
                FROM ledger.cases
                WHERE case_id = f.case_id
                LIMIT 1
            ) AS c
        ), closings AS MATERIALIZED (
            SELECT r.root, lead.lead_unit_id AS unit_id, f.satisfaction, f.recorded_at,
                CASE WHEN c.type IN ('help', 'complaint', 'report') THEN f.resolution END AS resolution,
                CASE WHEN p.is_open THEN f.recorded_at ELSE greatest(f.recorded_at, p.settled_at) END AS settled_at,
                p.is_open OR EXISTS (
                    SELECT
                    FROM ledger.cases again
                    WHERE again.related_to = c.case_id
                        AND again.registered_at >= c.closed_at
                        AND again.registered_at <= c.closed_at + make_interval(days => \(recurrenceDays))) AS is_unsettled
            FROM roots r
            CROSS JOIN LATERAL (SELECT lead_unit_id FROM ledger.cases WHERE case_id = r.root LIMIT 1) AS lead
            CROSS JOIN LATERAL (
                SELECT case_id, status, type, round, closed_at
                FROM ledger.cases
                WHERE case_id = r.root
                UNION ALL
                SELECT case_id, status, type, round, closed_at
                FROM ledger.cases
                WHERE master = r.root
            ) AS c
            CROSS JOIN LATERAL (
                SELECT seq
                FROM ledger.timeline
                WHERE case_id = c.case_id
                    AND status_to = 'closed'
                    AND status_from = 'replied'
                ORDER BY seq DESC
                LIMIT 1
            ) AS e
            CROSS JOIN LATERAL (
                SELECT satisfaction, resolution, recorded_at
                FROM supervision.follow_ups
                WHERE case_id = c.case_id
                    AND counts
                    AND round = c.round
                    AND seq <= e.seq
                ORDER BY seq DESC
                LIMIT 1
            ) AS f
            CROSS JOIN LATERAL (
                SELECT coalesce(bool_or(status = 'open'), false) AS is_open, max(settled_at) AS settled_at
                FROM supervision.promises
                WHERE case_id = c.case_id
                    AND seq = e.seq
            ) AS p
            WHERE c.status IN ('closed', 'archived')
                AND f.satisfaction <> 'unreachable'
                AND lead.lead_unit_id IS NOT NULL
        )
        """
    }

    /// The follow-ups that closed cases in the range, by what was said.
    func satisfactions(_ db: Connection) throws -> [Satisfaction: Int] {
        let rows = try db.rows(
            """
            WITH \(sql: closings)
            SELECT satisfaction, count(*) AS cases
            FROM closings
            WHERE recorded_at >= \(start)
                AND recorded_at < \(end)
            GROUP BY satisfaction
            """
        ) { (try $0["satisfaction"] as Satisfaction, try $0["cases"] as Int) }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}

extension MeasureStore {
    init(_ from: Day, _ to: Day, _ work: Work) throws {
        let book = try work.book()
        self.init(
            from: from, to: to, now: work.now, recurrenceDays: book.limits.recurrenceDays, calendar: book.calendar)
    }
}
