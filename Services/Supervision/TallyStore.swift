import Domain
import Ledger
import Postgres

/// The SQL that says how many cases there are, at the same price however many that is.
///
/// Those that are over are kept in tallies by a sweep that follows the feed of changes: of each case that an entry names it
/// compares what it counted with what the case is now. A reader takes the tallies and counts anew the few cases that entries
/// after the sweep's place name. Open ones are kept by `LampStore`; those registered on some days are counted when somebody
/// asks, from an index that holds nothing but open cases.
enum TallyStore {
    /// - Returns: how many entries it went through.
    static func follow(upTo limit: Int, _ db: Connection) throws -> Int {
        let place = try db.row(
            "SELECT feed_position, case_id, seq FROM supervision.tally_progress FOR UPDATE SKIP LOCKED"
        ) {
            (position: try $0["feed_position"] as Int64, caseId: try $0["case_id"] as Int64, seq: try $0["seq"] as Int)
        }
        guard let place else { return 0 }
        let entries = try db.rows(entries(after: [place.position, place.caseId, Int64(place.seq)], limit)) {
            (
                position: try $0["feed_position"] as Int64, caseId: try $0["case_id"] as Int64,
                seq: try $0["seq"] as Int, isFinal: try $0["is_final"] as Bool
            )
        }
        guard let last = entries.last else { return 0 }
        let touched = Array(Set(entries.map(\.caseId))).sorted()
        try db.execute(recount(touched, final: entries.filter(\.isFinal).map(\.caseId)))
        try db.execute(
            """
            UPDATE supervision.tally_progress
            SET feed_position = \(last.position), case_id = \(last.caseId), seq = \(last.seq)
            """)
        return entries.count
    }

    static func entries(after place: [Int64], _ limit: Int) -> SQL {
        """
        SELECT feed_position, case_id, seq, status_to = 'archived' AS is_final
        FROM ledger.timeline
        WHERE feed_kind IS NOT NULL
            AND (feed_position, case_id, seq) > (\(place[0])::bigint, \(place[1])::bigint, \(place[2])::bigint)
            AND feed_position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        ORDER BY feed_position, case_id, seq
        LIMIT \(limit)
        """
    }

    /// Adds to the tallies what of these cases is over now, takes away as what they were counted before, and remembers the
    /// difference; what was archived by these entries is counted for good. One statement, so that all of it sees the cases
    /// at one moment.
    private static func recount(_ cases: [Int64], final: [Int64]) -> SQL {
        """
        WITH present AS MATERIALIZED (
            SELECT case_id, registered_on, unit_id, status, urgency
            FROM (\(sql: over)) AS o
            WHERE case_id = ANY (\(cases))
        ), counted AS MATERIALIZED (
            SELECT case_id, registered_on, unit_id, status, urgency
            FROM supervision.tallied_cases
            WHERE case_id = ANY (\(cases))
        ), change AS MATERIALIZED (
            SELECT registered_on, unit_id, status, urgency, sum(cases) AS cases
            FROM (
                SELECT registered_on, unit_id, status, urgency, -1 AS cases FROM counted
                UNION ALL
                SELECT registered_on, unit_id, status, urgency, 1 FROM present
            ) AS both_ways
            GROUP BY registered_on, unit_id, status, urgency
            HAVING sum(cases) <> 0
        ), remembered AS (
            INSERT INTO supervision.tallied_cases (case_id, registered_on, unit_id, status, urgency)
            SELECT case_id, registered_on, unit_id, status, urgency
            FROM present
            WHERE case_id <> ALL (\(final))
            ON CONFLICT (case_id) DO UPDATE
            SET registered_on = excluded.registered_on, unit_id = excluded.unit_id, status = excluded.status,
                urgency = excluded.urgency
        ), forgotten AS (
            DELETE FROM supervision.tallied_cases
            WHERE case_id = ANY (\(cases))
                AND (case_id = ANY (\(final)) OR case_id NOT IN (SELECT case_id FROM present))
        ), total AS (
            INSERT INTO supervision.tally_totals AS t (unit_id, status, urgency, cases)
            SELECT unit_id, status, urgency, sum(cases)
            FROM change
            GROUP BY unit_id, status, urgency
            ON CONFLICT (unit_id, status, urgency) DO UPDATE
            SET cases = t.cases + excluded.cases
        )
        INSERT INTO supervision.tallies AS t (registered_on, unit_id, status, urgency, cases)
        SELECT registered_on, unit_id, status, urgency, cases
        FROM change
        ON CONFLICT (registered_on, unit_id, status, urgency) DO UPDATE
        SET cases = t.cases + excluded.cases
        """
    }

    /// Cases that are over, or merged, as they are counted. They have no clock, and so are not in `cases_by_due`.
    private static let over: SQL = """
        SELECT case_id, (registered_at AT TIME ZONE 'Asia/Shanghai')::date AS registered_on,
            coalesce(lead_unit_id, '') AS unit_id, status, urgency
        FROM ledger.cases
        WHERE due_at IS NULL
        """

    struct Row: Sendable {
        var status: CaseStatus
        var urgency: Urgency
        /// `nil` where the case is not open.
        var lamp: Lamp?
        var cases: Int
    }

    /// What is counted: of units, and registered on days, both included.
    struct Filter: Sendable {
        var units: Set<UnitID>?
        var from: Day?
        var to: Day?
    }

    static func rows(_ filter: Filter, at now: Instant, _ db: Connection) throws -> [Row] {
        // Known when the statement is planned, so that the index of the feed serves it; what counts is the place as the
        // statement itself sees it.
        let position: Int64 = try db.value("SELECT feed_position FROM supervision.tally_progress")
        let place = try LampStore.place(db)
        let isKept = filter.from == nil && filter.to == nil && !place.isAhead(of: now)
        let open =
            isKept
            ? LampStore.counts(of: filter.units, from: place.position, at: now) : open(filter, at: now)
        return try db.rows(open + "\nUNION ALL\n" + over(filter, from: position)) { row in
            Row(
                status: try row["status"], urgency: try row["urgency"], lamp: try row["lamp"], cases: try row["cases"])
        }
    }

    /// Open cases by lamp, counted one by one.
    static func open(_ filter: Filter, at now: Instant) -> SQL {
        var conditions: [SQL] = ["due_at IS NOT NULL"]
        if let units = filter.units { conditions.append("lead_unit_id = ANY (\(Array(units))::text[])") }
        if let from = filter.from {
            conditions.append(
                "case_id >= \(CaseNumber.id(0, registeredOn: from)) AND registered_at >= \(from.start)")
        }
        if let to = filter.to {
            conditions.append(
                """
                case_id < \(CaseNumber.id(0, registeredOn: Month(of: to).next.first))
                    AND registered_at < \(to.advanced(by: 1).start)
                """)
        }
        return """
            SELECT status, urgency, lamp, count(*)::bigint AS cases
            FROM (
                SELECT status, urgency, \(sql: LampStore.lamp(at: now)) AS lamp
                FROM ledger.cases
                WHERE \(sql: conditions.joined(separator: " AND "))
            ) AS lit
            GROUP BY status, urgency, lamp
            """
    }

    /// - Parameter position: in the feed; no entry before it is looked at.
    static func over(_ filter: Filter, from position: Int64) -> SQL {
        let isWhole = filter.from == nil && filter.to == nil
        var conditions: [SQL] = []
        if let units = filter.units { conditions.append("unit_id = ANY (\(Array(units))::text[])") }
        if let from = filter.from { conditions.append("registered_on >= \(from)") }
        if let to = filter.to { conditions.append("registered_on <= \(to)") }
        let own: SQL = conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
        return """
            (WITH place AS (
                SELECT feed_position, case_id, seq
                FROM supervision.tally_progress
            ), touched AS MATERIALIZED (
                SELECT DISTINCT t.case_id
                FROM ledger.timeline t
                WHERE t.feed_kind IS NOT NULL
                    AND t.feed_position >= \(position)
                    AND (t.feed_position, t.case_id, t.seq) > (SELECT feed_position, case_id, seq FROM place)
            )
            SELECT status, urgency, NULL, sum(cases)::bigint
            FROM (
                SELECT status, urgency, cases
                FROM supervision.\(raw: isWhole ? "tally_totals" : "tallies")
                WHERE \(sql: own)
                UNION ALL
                SELECT status, urgency, -1
                FROM touched
                CROSS JOIN LATERAL (
                    SELECT status, urgency, unit_id, registered_on
                    FROM supervision.tallied_cases
                    WHERE case_id = touched.case_id
                    LIMIT 1
                ) AS counted
                WHERE \(sql: own)
                UNION ALL
                SELECT status, urgency, 1
                FROM touched
                CROSS JOIN LATERAL (
                    SELECT status, urgency, unit_id, registered_on
                    FROM (\(sql: over)) AS present
                    WHERE case_id = touched.case_id
                    LIMIT 1
                ) AS present
                WHERE \(sql: own)
            ) AS counts
            GROUP BY status, urgency
            HAVING sum(cases) <> 0)
            """
    }
}
