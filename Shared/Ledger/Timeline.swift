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

    /// - Parameter isFirst: the case was added by the same transaction, so it has no feed position yet to follow.
    static func insert(
        _ entry: TimelineEntry, of record: CaseRecord, clientId: Int64, feed: FeedKind?, isFirst: Bool
    ) -> SQL {
        let position: SQL =
            isFirst
            ? Feed.position(after: 0) : "(SELECT feed_position FROM ledger.cases WHERE case_id = \(record.id))"
        return """
            INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, unit_id, person, action, status_from,
                status_to, holder, holder_unit_id, note, note_is_public, channel, feed_kind, feed_position)
            VALUES (\(record.id), \(entry.seq), \(entry.at), \(entry.role), \(clientId), \(entry.unitId),
                \(entry.person.map(JSONText.init)), \(entry.action), \(entry.from), \(entry.to), \(entry.holder),
                \(entry.holderUnitId), \(entry.note), \(entry.noteIsPublic), \(record.channel), \(feed),
                \(sql: position))
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

    /// - Parameter resultDue: when the result is due from then on; `nil` where the fact leaves that as it was.
    static func insert(
        _ fact: ClockFact, of id: Int64, version: Int, ordinal: Int, resultDue: Instant?
    ) -> SQL {
        """
        INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version, until,
            result_due_at)
        VALUES (\(id), \(version), \(ordinal), \(fact.kind), \(fact.stage), \(fact.at), \(fact.urgency),
            \(fact.calendarVersion), \(fact.until), \(resultDue))
        """
    }
}
