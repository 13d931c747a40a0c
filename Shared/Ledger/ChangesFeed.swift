import Domain
import Postgres

/// What happened to the caller's cases (`intake.changes`): at least once, and in order for each case. See `Feed`.
public enum ChangesFeed {
    public struct Item: Codable, Sendable, Hashable {
        public var caseNumber: CaseNumber
        public var externalId: ExternalID?
        public var version: Int
        public var status: CaseStatus
        public var at: Instant
        public var kind: FeedKind
        public var text: String?
    }

    /// - Parameter cursor: position, case and version of the last item seen; `nil` from the beginning.
    /// - Returns: the items, and the cursor to ask with next, which is the old one when there is nothing new.
    public static func items(
        for caller: Caller, after cursor: Cursor?, limit: PageLimit, _ db: Connection
    ) throws -> (
        items: [Item], next: Cursor?
    ) {
        let last = try cursor?.places(3) ?? [0, 0, 0]
        let rows = try db.rows(
            """
            SELECT f.feed_position, f.case_id, f.seq, f.status_to, f.at, f.feed_kind, f.note, f.note_is_public,
                c.external_id, c.type, c.confidential
            FROM (\(sql: page(for: caller, last, limit.count))) AS f
            JOIN ledger.cases c ON c.case_id = f.case_id
            ORDER BY f.feed_position, f.case_id, f.seq
            LIMIT \(limit.count)
            """
        ) { row in
            (place: Cursor(try row["feed_position"], try row["case_id"], try row["seq"]), item: try item(row, caller))
        }
        return (rows.map(\.item), rows.last?.place ?? cursor)
    }

    private static func item(_ row: borrowing Row, _ caller: Caller) throws -> Item {
        let (type, isConfidential) = (try row["type"] as CaseType, try row["confidential"] as Bool)
        let isWithheld = caller.role == .unit && (type == .report || isConfidential)
        let note: String? = try row["note_is_public"] ? try row["note"] : nil
        return Item(
            caseNumber: CaseNumber(id: try row["case_id"]), externalId: isWithheld ? nil : try row["external_id"],
            version: try row["seq"], status: try row["status_to"], at: try row["at"], kind: try row["feed_kind"],
            text: note.map(Masking.maskedReply))
    }

    /// For a source one index range per channel; for everybody else the whole feed, narrowed to what they see.
    static func page(for caller: Caller, _ last: [Int64], _ limit: Int) -> SQL {
        let columns: SQL = "t.feed_position, t.case_id, t.seq, t.status_to, t.at, t.feed_kind, t.note, t.note_is_public"
        let range: SQL = """
            t.feed_kind IS NOT NULL
                AND (t.feed_position, t.case_id, t.seq) > (\(last[0])::bigint, \(last[1])::bigint, \(last[2])::bigint)
                AND t.feed_position < \(sql: Feed.readableBelow)
            """
        guard caller.role == .source else {
            return """
                SELECT \(sql: columns)
                FROM ledger.timeline t
                JOIN ledger.cases c ON c.case_id = t.case_id AND \(sql: CaseSearch.sight(of: caller, asFormerLead: false))
                WHERE \(sql: range)
                ORDER BY t.feed_position, t.case_id, t.seq
                LIMIT \(limit)
                """
        }
        return """
            SELECT f.*
            FROM unnest(\(Array(caller.channels))::text[]) AS mine (channel)
            CROSS JOIN LATERAL (
                SELECT \(sql: columns)
                FROM ledger.timeline t
                WHERE t.channel = mine.channel AND \(sql: range)
                ORDER BY t.feed_position, t.case_id, t.seq
                LIMIT \(limit)
            ) AS f
            """
    }
}
