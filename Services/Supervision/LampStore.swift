import Domain
import Ledger
import Postgres

/// The SQL that says how many open cases there are by status, urgency and lamp, at the same price however many that is.
///
/// A sweep keeps totals by lead unit. It follows every entry of the timeline, and lights anew the lamps whose time has come.
/// A reader takes the totals, and counts anew the few cases that entries after the sweep's place name or whose lamps have
/// changed since: what it answers is exact at its own moment.
enum LampStore {
    /// A clock that is behind the one by which lamps were lit by more than this has been set back.
    static let aheadMax = 5

    struct Place: Sendable {
        var position: Int64
        var caseId: Int64
        var seq: Int
        var litAt: Instant

        func isAhead(of now: Instant) -> Bool { litAt > now.adding(seconds: LampStore.aheadMax) }
    }

    static func place(_ db: Connection) throws -> Place {
        try db.one("SELECT \(sql: placeColumns) FROM supervision.lamp_progress", place)
    }

    private static let placeColumns: SQL = "feed_position, case_id, seq, lit_at"

    private static func place(_ row: borrowing Row) throws -> Place {
        Place(
            position: try row["feed_position"], caseId: try row["case_id"], seq: try row["seq"],
            litAt: try row["lit_at"])
    }

    // MARK: The sweep

    /// Nothing while another instance is at it.
    ///
    /// - Returns: how many entries it went through, or lamps it looked at where those are more.
    static func follow(upTo limit: Int, at now: Instant, _ db: Connection) throws -> Int {
        let locked = try db.row(
            "SELECT \(sql: placeColumns) FROM supervision.lamp_progress FOR UPDATE SKIP LOCKED", place)
        guard let place = locked else { return 0 }
        if place.isAhead(of: now) {
            try db.execute("UPDATE supervision.lit_cases SET changes_at = '-infinity'")
            try db.execute("UPDATE supervision.lamp_progress SET lit_at = \(now)")
        }
        let entries = try db.rows(entries(after: place, limit)) { row in
            (
                position: try row["feed_position"] as Int64, caseId: try row["case_id"] as Int64,
                seq: try row["seq"] as Int
            )
        }
        let changing: [Int64] = try db.rows(changing(at: now, limit)) { try $0["case_id"] }
        let touched = Array(Set(entries.map(\.caseId) + changing)).sorted()
        guard !touched.isEmpty else { return 0 }
        try db.execute(recount(touched, at: now))
        let last = entries.last ?? (place.position, place.caseId, place.seq)
        try db.execute(
            """
            UPDATE supervision.lamp_progress
            SET feed_position = \(last.position), case_id = \(last.caseId), seq = \(last.seq),
                lit_at = greatest(lit_at, \(now)::timestamptz)
            """)
        return max(entries.count, changing.count)
    }

    /// Entries that no entry can join any more.
    static func entries(after place: Place, _ limit: Int) -> SQL {
        """
        SELECT feed_position, case_id, seq
        FROM ledger.timeline
        WHERE (feed_position, case_id, seq) > (\(place.position), \(place.caseId), \(place.seq))
            AND feed_position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        ORDER BY feed_position, case_id, seq
        LIMIT \(limit)
        """
    }

    static func changing(at now: Instant, _ limit: Int) -> SQL {
        """
        SELECT case_id
        FROM supervision.lit_cases
        WHERE changes_at <= \(now)
        ORDER BY changes_at, case_id
        LIMIT \(limit)
        """
    }

    /// One statement, so that all of it sees the cases at one moment.
    private static func recount(_ cases: [Int64], at now: Instant) -> SQL {
        """
        WITH present AS MATERIALIZED (
            SELECT case_id, unit_id, status, urgency, lamp, changes_at
            FROM (\(sql: lit(at: now))) AS l
            WHERE case_id = ANY (\(cases)::bigint[])
        ), counted AS MATERIALIZED (
            SELECT case_id, unit_id, status, urgency, lamp
            FROM supervision.lit_cases
            WHERE case_id = ANY (\(cases)::bigint[])
        ), change AS MATERIALIZED (
            SELECT unit_id, status, urgency, lamp, sum(cases) AS cases
            FROM (
                SELECT unit_id, status, urgency, lamp, -1 AS cases FROM counted
                UNION ALL
                SELECT unit_id, status, urgency, lamp, 1 FROM present
            ) AS both_ways
            GROUP BY unit_id, status, urgency, lamp
            HAVING sum(cases) <> 0
        ), remembered AS (
            INSERT INTO supervision.lit_cases (case_id, unit_id, status, urgency, lamp, changes_at)
            SELECT case_id, unit_id, status, urgency, lamp, changes_at
            FROM present
            ON CONFLICT (case_id) DO UPDATE
            SET unit_id = excluded.unit_id, status = excluded.status, urgency = excluded.urgency, lamp = excluded.lamp,
                changes_at = excluded.changes_at
        ), forgotten AS (
            DELETE FROM supervision.lit_cases
            WHERE case_id = ANY (\(cases)::bigint[])
                AND case_id NOT IN (SELECT case_id FROM present)
        )
        INSERT INTO supervision.lamp_totals AS t (unit_id, status, urgency, lamp, cases)
        SELECT unit_id, status, urgency, lamp, cases
        FROM change
        ON CONFLICT (unit_id, status, urgency, lamp) DO UPDATE
        SET cases = t.cases + excluded.cases
        """
    }

    // MARK: The lamps

    /// The lamp of a row of `ledger.cases` that is open, as `CaseRecord.lamp` lights it.
    static func lamp(at now: Instant) -> SQL {
        """
        CASE
            WHEN status = 'awaitingPetitioner' AND urgency <> 'critical' THEN 'grey'
            WHEN due_at < \(now) THEN 'red'
            WHEN warn_at <= \(now) THEN 'yellow'
            ELSE 'green'
        END
        """
    }

    /// Open cases as they are counted. A lamp is red a millisecond after the due date.
    private static func lit(at now: Instant) -> SQL {
        """
        SELECT case_id, coalesce(lead_unit_id, '') AS unit_id, status, urgency, \(sql: lamp(at: now)) AS lamp,
            CASE
                WHEN status = 'awaitingPetitioner' AND urgency <> 'critical' OR due_at < \(now) THEN NULL
                WHEN warn_at > \(now) THEN warn_at
                ELSE due_at + interval '1 millisecond'
            END AS changes_at
        FROM ledger.cases
        WHERE due_at IS NOT NULL
        """
    }

    // MARK: Reading

    /// - Parameters:
    ///   - units: `nil` for all.
    ///   - position: in the feed; no entry before it is looked at.
    static func counts(of units: Set<UnitID>?, from position: Int64, at now: Instant) -> SQL {
        let own: SQL = units.map { "unit_id = ANY (\(Array($0))::text[])" } ?? "true"
        return """
            (WITH place AS (
                SELECT feed_position, case_id, seq
                FROM supervision.lamp_progress
            ), touched AS MATERIALIZED (
                SELECT t.case_id
                FROM ledger.timeline t
                WHERE t.feed_position >= \(position)
                    AND (t.feed_position, t.case_id, t.seq) > (SELECT feed_position, case_id, seq FROM place)
                UNION
                SELECT case_id
                FROM supervision.lit_cases
                WHERE changes_at <= \(now)
            )
            SELECT status, urgency, lamp, sum(cases)::bigint AS cases
            FROM (
                SELECT status, urgency, lamp, cases
                FROM supervision.lamp_totals
                WHERE \(sql: own)
                UNION ALL
                SELECT status, urgency, lamp, -1
                FROM touched
                CROSS JOIN LATERAL (
                    SELECT unit_id, status, urgency, lamp
                    FROM supervision.lit_cases
                    WHERE case_id = touched.case_id
                    LIMIT 1
                ) AS counted
                WHERE \(sql: own)
                UNION ALL
                SELECT status, urgency, lamp, 1
                FROM touched
                CROSS JOIN LATERAL (
                    SELECT unit_id, status, urgency, lamp
                    FROM (\(sql: lit(at: now))) AS present
                    WHERE case_id = touched.case_id
                    LIMIT 1
                ) AS present
                WHERE \(sql: own)
            ) AS counts
            GROUP BY status, urgency, lamp
            HAVING sum(cases) <> 0)
            """
    }
}
