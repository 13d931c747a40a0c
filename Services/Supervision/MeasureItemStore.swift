import Domain
import Ledger
import Postgres

/// What each measure counts: the rows of `MeasureStore.items`.
extension MeasureStore {
    /// The rows of one measure.
    func branch(_ measure: Measure) -> SQL {
        switch measure {
        case .responseRate:
            Self.once("due", measure, "min(is_in_time::int)")
        case .overdueRate:
            Self.once("due", measure, "max((NOT is_in_time)::int)")
        case .replyRate:
            Self.once("replies", measure, "min((published_at IS NOT NULL)::int)")
        case .closureRate:
            Self.once("replies", measure, "min((status IN ('closed', 'archived'))::int)", "published_at IS NOT NULL")
        case .timeToReply:
            Self.once("replies", measure, "min(\(sql: workingDays))", "published_at IS NOT NULL")
        case .recurrenceRate:
            Self.once("replies", measure, "max((\(sql: recurs))::int)", "status IN ('closed', 'archived')")
        case .repeatRate:
            Self.once("units", measure, "max((\(sql: Self.repeats))::int)", "is_present")
        case .claimRate:
            Self.once("units CROSS JOIN LATERAL (\(raw: Self.claims)) AS claims", measure, "min(in_time)")
        case .returnRate:
            Self.once("units", measure, "max((EXISTS (\(raw: Self.within("assignment.returned"))))::int)")
        case .extensionRate:
            Self.once(
                "units", measure,
                "max((EXISTS (\(raw: Self.within("assignment.extended")) AND decision = 'grant'))::int)")
        case .reworkRate:
            Self.once(
                "units", measure,
                """
                max((EXISTS (
                    SELECT
                    FROM ledger.clock_facts f
                    WHERE f.case_id = units.case_id
                        AND f.version > units.seq
                        AND f.version < units.end_seq
                        AND f.kind IN ('rework', 'sendBack')))::int)
                """, "filed > 0")
        case .satisfactionRate:
            cluster(
                measure, "recorded_at",
                "CASE WHEN satisfaction IN ('satisfied', 'basicallySatisfied') THEN 1 ELSE 0 END")
        case .resolutionRate:
            cluster(
                measure, "settled_at",
                """
                CASE resolution
                    WHEN 'resolved' THEN CASE WHEN is_unsettled THEN 0 ELSE 1 END
                    WHEN 'partly' THEN 0.5
                    ELSE 0
                END
                """, "WHERE resolution IS NOT NULL")
        case .declineRate:
            declines
        }
    }

    /// A case counts once for a unit, however often it had it.
    private static func once(_ source: SQL, _ measure: Measure, _ value: SQL, _ condition: SQL = "true") -> SQL {
        """
        SELECT \(raw: "'\(measure.rawValue)'") AS measure, unit_id, case_id, min(due_at) AS at, (\(sql: value))::numeric AS value
        FROM \(sql: source)
        WHERE \(sql: condition)
        GROUP BY unit_id, case_id
        """
    }

    /// A cluster counts once, with the mean of its cases, and when the last of them was asked.
    private func cluster(_ measure: Measure, _ at: SQL, _ value: SQL, _ condition: SQL = "") -> SQL {
        """
        SELECT \(raw: "'\(measure.rawValue)'") AS measure, unit_id, root AS case_id, max(\(sql: at)) AS at,
            round(avg(\(sql: value)), 6) AS value
        FROM closings
        \(sql: condition)
        GROUP BY unit_id, root
        HAVING max(\(sql: at)) >= \(start)
            AND max(\(sql: at)) < \(end)
        """
    }

    /// What of a stint's own stands in a view of another service.
    private static func within(_ view: String) -> String {
        "SELECT FROM \(view) v WHERE v.case_id = units.case_id AND v.seq > units.seq AND v.seq < units.end_seq"
    }

    /// Claimed in time or not; nothing while that is open.
    private static let claims = """
        SELECT 1 - late::int AS in_time
        FROM assignment.claimed v
        WHERE v.case_id = units.case_id
            AND v.seq > units.seq
            AND v.seq < units.end_seq
        UNION ALL
        SELECT 0
        FROM ledger.timeline v
        WHERE v.case_id = units.case_id
            AND v.seq > units.seq
            AND v.seq < units.end_seq
            AND v.action = 'lapse'
            AND v.status_from = 'dispatched'
        LIMIT 1
        """

    /// Another post of the same petitioner was merged into it by itself.
    private static let repeats: SQL = """
        EXISTS (
            SELECT
            FROM ledger.cases m
            JOIN ledger.timeline t ON t.case_id = m.case_id AND t.action = 'merge' AND t.role = 'system'
            WHERE m.master = units.case_id)
        """

    /// It, or a case of its cluster, was complained of again in time.
    private var recurs: SQL {
        """
        EXISTS (
            SELECT
            FROM ledger.cases again
            WHERE again.related_to = ANY (
                    ARRAY(SELECT m.case_id FROM ledger.cases m WHERE m.master = replies.case_id) || replies.case_id)
                AND again.registered_at >= replies.closed_at
                AND again.registered_at <= replies.closed_at + make_interval(days => \(recurrenceDays)))
        """
    }

    /// From the letter to the reply. The calendar comes along as the number of working days up to each day.
    private var workingDays: SQL {
        let origin = from.advanced(by: -1100)
        let last = max(to, now.day)
        var (counts, count) = ([Int](), 0)
        for number in origin.number...last.number {
            if calendar.isWorking(Day(number: number)) { count += 1 }
            counts.append(count)
        }
        func until(_ time: SQL) -> SQL {
            "days.upto[1 + least(greatest((\(sql: time) AT TIME ZONE 'Asia/Shanghai')::date - \(origin)::date, 0), \(counts.count - 1))]"
        }
        return """
            (SELECT \(sql: until("published_at")) - \(sql: until("delivered_at"))
            FROM (SELECT \(counts)::int[] AS upto) AS days)
            """
    }

    /// No unit declines: the city's figure, of the cases registered in the range.
    private var declines: SQL {
        let below = Month(of: found.to).next.first
        return """
            SELECT 'declineRate' AS measure, '' AS unit_id, c.case_id, c.registered_at AS at,
                (c.status = 'declined' OR ended.was IS NOT DISTINCT FROM 'declined')::int AS value
            FROM ledger.cases c
            LEFT JOIN LATERAL (
                SELECT status_from AS was
                FROM ledger.timeline
                WHERE c.status = 'archived'
                    AND case_id = c.case_id
                    AND action = 'seal'
                LIMIT 1
            ) AS ended ON true
            WHERE c.case_id >= \(CaseNumber.id(0, registeredOn: found.from))
                AND c.case_id < \(CaseNumber.id(0, registeredOn: below))
                AND c.registered_at >= \(found.from.start)
                AND c.registered_at < \(found.to.advanced(by: 1).start)
                AND c.master IS NULL
                AND c.status <> 'withdrawn'
                AND ended.was IS DISTINCT FROM 'withdrawn'
            """
    }
}
