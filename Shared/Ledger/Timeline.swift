import Domain
import Postgres

/// One entry of a case's timeline: who did what when. Entries are only ever added; `seq` runs 1 … the case's version.
public struct TimelineEntry: Sendable, Hashable {
    public var seq: Int
    public var at: Instant
    public var role: Role
    public var unitId: UnitID?
    public var person: Person?
    public var action: CaseAction
    /// `nil` for the registration.
    public var from: CaseStatus?
    public var to: CaseStatus
    public var holder: Party
    public var holderUnitId: UnitID?
    public var note: String?
    public var noteIsPublic: Bool
}

public enum Timeline {
    /// All entries of a case, oldest first. A case has some dozens.
    public static func entries(of id: Int64, _ db: Connection) throws -> [TimelineEntry] {
        try db.rows(
            """
            SELECT seq, at, role, unit_id, person, action, status_from, status_to, holder, holder_unit_id, note,
                note_is_public
            FROM ledger.timeline
            WHERE case_id = \(id)
            ORDER BY seq
            """
        ) { row in
            TimelineEntry(
                seq: try row["seq"], at: try row["at"], role: try row["role"], unitId: try row["unit_id"],
                person: (try row["person"] as JSONText<Person>?)?.value, action: try row["action"],
                from: try row["status_from"], to: try row["status_to"], holder: try row["holder"],
                holderUnitId: try row["holder_unit_id"], note: try row["note"], noteIsPublic: try row["note_is_public"])
        }
    }

    /// An entry on its way to its row.
    struct New: Sendable {
        var entry: TimelineEntry
        var caseId: Int64
        var channel: ChannelCode
        var clientId: Int64
        var feed: FeedKind?
    }

    /// The first entries of new cases.
    static func insert(_ entries: [New]) -> SQL { insert(entries, at: Feed.position(after: 0)) }

    /// The next entry of a case, whose row has been written.
    static func insert(next entry: New) -> SQL {
        insert([entry], at: "(SELECT c.feed_position FROM ledger.cases c WHERE c.case_id = \(entry.caseId))")
    }

    private static func insert(_ entries: [New], at position: SQL) -> SQL {
        """
        INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, unit_id, person, action, status_from,
            status_to, holder, holder_unit_id, note, note_is_public, channel, feed_kind, feed_position)
        SELECT new.*, \(sql: position)
        FROM unnest(
            \(column: entries.map(\.caseId))::bigint[], \(column: entries.map(\.entry.seq))::int[],
            \(column: entries.map(\.entry.at))::timestamptz[], \(column: entries.map(\.entry.role))::text[],
            \(column: entries.map(\.clientId))::bigint[], \(column: entries.map(\.entry.unitId))::text[],
            \(column: entries.map { $0.entry.person.map(JSONText.init) })::jsonb[],
            \(column: entries.map(\.entry.action))::text[], \(column: entries.map(\.entry.from))::text[],
            \(column: entries.map(\.entry.to))::text[], \(column: entries.map(\.entry.holder))::text[],
            \(column: entries.map(\.entry.holderUnitId))::text[], \(column: entries.map(\.entry.note))::text[],
            \(column: entries.map(\.entry.noteIsPublic))::boolean[], \(column: entries.map(\.channel))::text[],
            \(column: entries.map(\.feed))::text[]
        ) AS new (case_id, seq, at, role, client_id, unit_id, person, action, status_from, status_to, holder,
            holder_unit_id, note, note_is_public, channel, feed_kind)
        """
    }
}

/// The clock facts of a case (`ledger.clock_facts`).
public enum ClockFacts {
    /// All facts of a case, in the order in which they were written.
    ///
    /// - Parameter seq: only those of earlier entries.
    public static func all(of id: Int64, before seq: Int? = nil, _ db: Connection) throws -> [ClockFact] {
        try db.rows(
            """
            SELECT kind, stage, at, urgency, calendar_version, until
            FROM ledger.clock_facts
            WHERE case_id = \(id)
                AND (\(seq)::int IS NULL OR version < \(seq))
            ORDER BY version, ordinal
            """, fact)
    }

    /// The facts of several cases.
    public static func all(of ids: [Int64], _ db: Connection) throws -> [Int64: [ClockFact]] {
        guard !ids.isEmpty else { return [:] }
        let rows = try db.rows(
            """
            SELECT case_id, kind, stage, at, urgency, calendar_version, until
            FROM ledger.clock_facts
            WHERE case_id = ANY (\(ids))
            ORDER BY case_id, version, ordinal
            """
        ) { row in (id: try row["case_id"] as Int64, fact: try fact(row)) }
        return Dictionary(grouping: rows, by: \.id).mapValues { $0.map(\.fact) }
    }

    private static func fact(_ row: borrowing Row) throws -> ClockFact {
        ClockFact(
            try row["kind"], try row["stage"], at: try row["at"], urgency: try row["urgency"],
            calendarVersion: try row["calendar_version"], until: try row["until"])
    }

    /// A fact on its way to its row.
    struct New: Sendable {
        var fact: ClockFact
        var caseId: Int64
        var version: Int
        /// From 1 within one entry.
        var ordinal: Int
        /// When the result is due from then on; `nil` where the fact leaves that as it was.
        var resultDue: Instant?
    }

    static func insert(_ facts: [New]) -> SQL {
        """
        INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version, until,
            result_due_at)
        SELECT new.*
        FROM unnest(
            \(column: facts.map(\.caseId))::bigint[], \(column: facts.map(\.version))::int[],
            \(column: facts.map(\.ordinal))::int[], \(column: facts.map(\.fact.kind))::text[],
            \(column: facts.map(\.fact.stage))::text[], \(column: facts.map(\.fact.at))::timestamptz[],
            \(column: facts.map(\.fact.urgency))::text[], \(column: facts.map(\.fact.calendarVersion))::bigint[],
            \(column: facts.map(\.fact.until))::timestamptz[],
            \(column: facts.map(\.resultDue))::timestamptz[]
        ) AS new (case_id, version, ordinal, kind, stage, at, urgency, calendar_version, until, result_due_at)
        """
    }
}
