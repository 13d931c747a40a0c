import Domain
import Postgres

/// An event on its way to another service: a JSON-RPC call that is kept until its receiver says it committed.
public struct OutgoingEvent: Sendable, Hashable {
    /// A UUIDv7, the receiver's inbox key.
    public var messageId: String
    public var consumer: String
    public var method: String
    public var caseId: Int64
    public var place: EventPosition
    /// The text of the call's params.
    public var params: String
    /// Fences acknowledgements: counts who has held the lease.
    public var attempt = 1

    init(
        _ event: CaseEvent, to consumer: String, of record: CaseRecord, at place: EventPosition,
        after last: EventPosition?
    ) {
        messageId = MessageID.make()
        self.consumer = consumer
        method = "\(consumer).\(event.rawValue)"
        caseId = record.id
        self.place = place
        params = JSONText(EventParams(caseNumber: record.number, place: place, after: last)).sqlText
    }
}

/// The params of every event method: which case, and its place in the order of that case's events to that consumer. The
/// handler judges the record as it is now.
public struct EventParams: Codable, Sendable, Hashable {
    public var caseNumber: CaseNumber
    public var place: EventPosition
    /// The event before it; `nil` for the first.
    public var after: EventPosition?
}

/// `ledger.outbox`: rows are written with the change that causes them and deleted when the receiver has committed.
///
/// A row is leased at birth to the instance that writes it, unless an earlier one of the same case and consumer is still
/// pending: then that one's acknowledgement sends it, or, should the two miss each other, the sweep. Whoever finds a lease expired may take the row;
/// what the former owner then says about it is fenced off by (owner, attempt).
public enum Outbox {
    public static let leaseSeconds = 15
    public static let countedTriesMax = 25
    public static let postponedSeconds = 1.0

    static func insert(_ event: OutgoingEvent, owner: String) -> SQL {
        """
        INSERT INTO ledger.outbox (msg_id, consumer, method, case_id, version, ordinal, params, owner, attempt, ready_at)
        SELECT \(event.messageId), \(event.consumer), \(event.method), \(event.caseId), \(event.place.version)::int,
            \(event.place.ordinal)::int, \(event.params), CASE WHEN NOT waits THEN \(owner)::uuid END,
            CASE WHEN waits THEN 0 ELSE 1 END,
            now() + make_interval(secs => CASE WHEN waits THEN 1 ELSE \(leaseSeconds) END)
        FROM (
            SELECT EXISTS (SELECT FROM ledger.outbox WHERE consumer = \(event.consumer) AND case_id = \(event.caseId)) AS waits
        ) AS earlier
        RETURNING owner IS NOT NULL AS leased
        """
    }

    /// Removes what was delivered and leases the next event of the same cases and consumers, in one transaction.
    ///
    /// - Returns: the events that may now be sent.
    public static func acknowledge(_ events: [OutgoingEvent], owner: String, _ db: Connection) throws -> [OutgoingEvent]
    {
        let ids = events.map(\.messageId)
        let gone = try db.rows(
            "DELETE FROM ledger.outbox WHERE msg_id = ANY (\(ids)::uuid[]) RETURNING consumer, case_id"
        ) { row in (consumer: try row["consumer"] as String, caseId: try row["case_id"] as Int64) }
        return try lease(
            """
            SELECT next.msg_id
            FROM (
                SELECT DISTINCT ON (o.consumer, o.case_id) o.msg_id, o.dead_reason
                FROM ledger.outbox o
                JOIN unnest(\(gone.map(\.consumer))::text[], \(gone.map(\.caseId))::bigint[]) AS gone (consumer, case_id)
                    USING (consumer, case_id)
                ORDER BY o.consumer, o.case_id, o.version, o.ordinal
            ) AS next
            WHERE next.dead_reason IS NULL
            """, owner: owner, db)
    }

    /// Takes rows whose lease or back-off has ended and that no earlier row of their case precedes.
    ///
    /// - Parameter room: how many at most, per consumer.
    public static func sweep(owner: String, room: [String: Int], _ db: Connection) throws -> [OutgoingEvent] {
        try lease(
            """
            SELECT o.msg_id
            FROM unnest(\(Array(room.keys))::text[], \(room.values.map { Int64($0) })::bigint[]) AS room (consumer, places)
            CROSS JOIN LATERAL (
                SELECT ready.msg_id
                FROM ledger.outbox ready
                WHERE ready.consumer = room.consumer
                    AND ready.dead_reason IS NULL
                    AND ready.ready_at <= now()
                    AND NOT EXISTS (
                        SELECT FROM ledger.outbox earlier
                        WHERE earlier.consumer = ready.consumer
                            AND earlier.case_id = ready.case_id
                            AND (earlier.version, earlier.ordinal) < (ready.version, ready.ordinal))
                ORDER BY ready.ready_at
                LIMIT room.places
                FOR UPDATE SKIP LOCKED
            ) AS o
            """, owner: owner, db)
    }

    private static func lease(_ rows: SQL, owner: String, _ db: Connection) throws -> [OutgoingEvent] {
        try db.rows(
            """
            WITH ready AS (\(sql: rows))
            UPDATE ledger.outbox
            SET owner = \(owner)::uuid, attempt = attempt + 1, ready_at = now() + make_interval(secs => \(leaseSeconds))
            WHERE msg_id IN (SELECT msg_id FROM ready)
            RETURNING msg_id, consumer, method, case_id, version, ordinal, params, attempt
            """, OutgoingEvent.init(row:))
    }

    /// Puts events back that did not arrive: due again after `seconds` ± half, without a try counted.
    public static func postpone(
        _ events: [OutgoingEvent], owner: String, seconds: Double = postponedSeconds, _ db: Connection
    ) throws {
        try db.execute(
            """
            UPDATE ledger.outbox o
            SET owner = NULL, ready_at = now() + make_interval(secs => \(seconds) * (0.5 + random()))
            FROM unnest(\(events.map(\.messageId))::uuid[], \(events.map { Int64($0.attempt) })::bigint[]) AS mine (msg_id, attempt)
            WHERE o.msg_id = mine.msg_id AND o.owner = \(owner)::uuid AND o.attempt = mine.attempt
            """)
    }

    /// An instance of a consumer has appeared: what was put back for want of one is due now. Back-offs of counted tries
    /// are longer and stay.
    public static func hasten(_ consumer: String, _ db: Connection) throws {
        try db.execute(
            """
            UPDATE ledger.outbox
            SET ready_at = now()
            WHERE msg_id IN (
                SELECT msg_id
                FROM ledger.outbox
                WHERE consumer = \(consumer)
                    AND dead_reason IS NULL
                    AND owner IS NULL
                    AND ready_at > now()
                    AND ready_at <= now() + make_interval(secs => \(postponedSeconds * 1.5))
                LIMIT 10000
                FOR UPDATE SKIP LOCKED)
            """)
    }

    /// Counts a try that a receiver answered with an error. A permanent refusal, or the last try, makes the row dead:
    /// it stays, stops its case's later events to that consumer, and waits for `system.redrive`.
    ///
    /// - Returns: whether it is dead now; `false` too when the lease is another's.
    @discardableResult
    public static func fail(
        _ event: OutgoingEvent, owner: String, reason: String, isPermanent: Bool, _ db: Connection
    ) throws -> Bool {
        try db.value(
            """
            UPDATE ledger.outbox
            SET owner = NULL, tries = tries + 1,
                dead_reason = CASE WHEN \(isPermanent) OR tries + 1 >= \(countedTriesMax) THEN \(reason) END,
                ready_at = now() + make_interval(secs => least(power(2, tries + 1), 300) * (0.5 + random() / 2))
            WHERE msg_id = \(event.messageId)::uuid AND owner = \(owner)::uuid AND attempt = \(event.attempt)
            RETURNING dead_reason IS NOT NULL
            """) ?? false
    }
}

extension OutgoingEvent {
    init(row: borrowing Row) throws {
        messageId = try row["msg_id"]
        consumer = try row["consumer"]
        method = try row["method"]
        caseId = try row["case_id"]
        place = EventPosition(version: try row["version"], ordinal: try row["ordinal"])
        params = try row["params"]
        attempt = try row["attempt"]
    }
}
