import Domain
import Ledger
import Postgres

/// The only SQL for schema `supervision`, and the only that writes the calendar.
enum Store {
    struct FollowUp: Sendable {
        var isRating: Bool
        var method: FollowUpMethod?
        var satisfaction: Satisfaction
        var resolution: Resolution?
        var note: Note?
        var falseCompletion: Bool
        var counts: Bool
    }

    /// - Parameter round: the round that the follow-up asked about.
    static func insert(_ followUp: FollowUp, round: Int, _ change: CaseChange, at now: Instant, _ db: Connection) throws
    {
        try db.execute(
            """
            INSERT INTO supervision.follow_ups (case_id, seq, round, source, method, satisfaction, resolution, note,
                false_completion, counts, recorded_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(round), \(followUp.isRating ? "rating" : "followUp"),
                \(followUp.method), \(followUp.satisfaction), \(followUp.resolution), \(followUp.note),
                \(followUp.falseCompletion), \(followUp.counts), \(now))
            """)
    }

    /// Whether each of the channels belongs to the unit, to its parent or to a unit beneath it.
    static func areOwnChannels(_ channels: [ChannelCode], of unit: UnitID?, _ db: Connection) throws -> Bool {
        guard let unit, !channels.isEmpty else { return false }
        return try db.value(
            """
            SELECT coalesce(bool_and(owner.unit_id IS NOT NULL AND (owner.unit_id = u.unit_id
                OR owner.unit_id = u.parent_id OR owner.path @> ARRAY[u.unit_id])), false)
            FROM ledger.channels c
            JOIN ledger.units u ON u.unit_id = \(unit)
            LEFT JOIN ledger.units owner ON owner.unit_id = c.owner_unit_id
            WHERE c.code = ANY (\(channels)::text[])
            """)
    }

    // MARK: Calendar

    /// Versions are given in the order in which they are committed: writers take turns.
    static func save(_ year: Int, _ days: WorkCalendar.Year, source: Note, _ db: Connection) throws -> Int {
        try db.execute("SELECT pg_advisory_xact_lock(hashtext('renling calendar'))")
        return try db.value(
            """
            INSERT INTO ledger.calendar_years (year, off, work, source)
            VALUES (\(year), \(days.off.sorted())::date[], \(days.work.sorted())::date[], \(source))
            RETURNING version
            """)
    }

    /// Has the sweep move what a version changes.
    static func planMoves(version: Int, year: Int, _ db: Connection) throws {
        try db.execute(
            "INSERT INTO supervision.calendar_moves (version, year, last_case_id) VALUES (\(version), \(year), 0)")
    }

    /// The oldest version that still has cases to move, and the last case it came to; `nil` for none, or while another
    /// instance is at it.
    static func nextMoves(_ db: Connection) throws -> (version: Int, year: Int, last: Int64)? {
        try db.row(
            """
            SELECT version, year, last_case_id
            FROM supervision.calendar_moves
            ORDER BY version
            LIMIT 1
            FOR UPDATE SKIP LOCKED
            """
        ) { (try $0["version"], try $0["year"], try $0["last_case_id"]) }
    }

    static func noteMoves(version: Int, last: Int64, _ db: Connection) throws {
        try db.execute("UPDATE supervision.calendar_moves SET last_case_id = \(last) WHERE version = \(version)")
    }

    static func endMoves(version: Int, _ db: Connection) throws {
        try db.execute("DELETE FROM supervision.calendar_moves WHERE version = \(version)")
    }

    /// Open cases whose dates can depend on that year, by key; at most `limit` after `last`. Of a case that its holder must
    /// finish in the year before, the reply may still be due in this one.
    static func openCases(
        touching year: Int, after last: Int64, limit: Int, _ db: Connection
    ) throws -> [(id: Int64, clocks: Clocks)] {
        try db.rows(
            """
            SELECT case_id, clocks
            FROM ledger.cases
            WHERE due_at IS NOT NULL
                AND registered_at < \(Day(year + 1, 1, 1).start)
                AND case_id > \(last)
            ORDER BY case_id
            LIMIT \(limit)
            """
        ) { (id: try $0["case_id"], clocks: (try $0["clocks"] as JSONText<Clocks>).value) }
    }
}
