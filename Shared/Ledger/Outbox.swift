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

    /// Takes up to `limit` rows whose lease or back-off has ended and that no earlier row of their case precedes.
    public static func sweep(owner: String, limit: Int, _ db: Connection) throws -> [OutgoingEvent] {
        try lease(
            """
            SELECT o.msg_id
            FROM ledger.outbox o
            WHERE o.dead_reason IS NULL
                AND o.ready_at <= now()
                AND NOT EXISTS (
                    SELECT FROM ledger.outbox earlier
                    WHERE earlier.consumer = o.consumer
                        AND earlier.case_id = o.case_id
                        AND (earlier.version, earlier.ordinal) < (o.version, o.ordinal))
            ORDER BY o.ready_at
            LIMIT \(limit)
            FOR UPDATE SKIP LOCKED
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

    /// Puts an event back that did not arrive: due again in about a second, without a try counted.
    public static func postpone(_ event: OutgoingEvent, owner: String, seconds: Double, _ db: Connection) throws {
        try db.execute(
            """
            UPDATE ledger.outbox
            SET owner = NULL, ready_at = now() + make_interval(secs => \(seconds))
            WHERE msg_id = \(event.messageId)::uuid AND owner = \(owner)::uuid AND attempt = \(event.attempt)
            """)
    }

    /// Counts a try that a receiver answered with an error. A permanent refusal, or the last try, makes the row dead:
    /// it stays, stops its case's later events to that consumer, and waits for `system.redrive`.
    public static func fail(
        _ event: OutgoingEvent, owner: String, reason: String, isPermanent: Bool, _ db: Connection
    ) throws {
        try db.execute(
            """
            UPDATE ledger.outbox
            SET owner = NULL, tries = tries + 1,
                dead_reason = CASE WHEN \(isPermanent) OR tries + 1 >= \(countedTriesMax) THEN \(reason) END,
                ready_at = now() + make_interval(secs => least(power(2, tries + 1), 300) * (0.5 + random() / 2))
            WHERE msg_id = \(event.messageId)::uuid AND owner = \(owner)::uuid AND attempt = \(event.attempt)
            """)
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
