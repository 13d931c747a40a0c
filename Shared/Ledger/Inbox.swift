import Domain
import Postgres

/// `ledger.inbox`: what a consumer answered to each event, written in the transaction of the effect, and how far it is
/// with the events of each case. A redelivery is answered from here.
enum Inbox {
    enum Arrival {
        case next
        case known(response: [UInt8])
    }

    /// Decides what to do with an event, and holds its case's place so that twins wait for each other.
    ///
    /// - Throws: `.keyInUse` when the event before it has not been applied yet: the sender tries again. `.badParams` for a
    ///   message id that is no UUID and for a place that no event can have.
    static func arrive(_ messageId: String, _ params: EventParams, consumer: String, _ db: Connection) throws -> Arrival
    {
        guard MessageID.isOne(messageId) else { throw Refusal.field("msgId", "must be a UUID") }
        for (path, number) in [("place.version", params.place.version), ("place.ordinal", params.place.ordinal)] {
            guard (1...Int(Int32.max)).contains(number) else { throw Refusal.field(path, "out of range") }
        }
        guard let caseId = params.caseNumber.id else { throw Refusal.notFound }
        try db.later([
            """
            INSERT INTO ledger.inbox_positions (consumer, case_id, version, ordinal)
            VALUES (\(consumer), \(caseId), 0, 0)
            ON CONFLICT DO NOTHING
            """
        ])
        let last = try db.one(
            """
            SELECT version, ordinal
            FROM ledger.inbox_positions
            WHERE consumer = \(consumer) AND case_id = \(caseId)
            FOR UPDATE
            """
        ) { EventPosition(version: try $0["version"], ordinal: try $0["ordinal"]) }
        if params.place <= last {
            let response: String? = try db.value(
                "SELECT response FROM ledger.inbox WHERE msg_id = \(messageId)::uuid AND consumer = \(consumer)")
            return .known(response: Array((response ?? "{}").utf8))
        }
        guard last == params.after ?? EventPosition(version: 0, ordinal: 0) else {
            throw Refusal(.keyInUse, "outOfOrder", "前一条消息尚未处理", .retryAfter(milliseconds: 1000))
        }
        return .next
    }

    static func store(
        _ response: [UInt8], _ messageId: String, _ params: EventParams, consumer: String
    ) -> [SQL] {
        [
            """
            UPDATE ledger.inbox_positions
            SET version = \(params.place.version), ordinal = \(params.place.ordinal)
            WHERE consumer = \(consumer) AND case_id = \(params.caseNumber.id)
            """,
            """
            INSERT INTO ledger.inbox (msg_id, consumer, response)
            VALUES (\(messageId)::uuid, \(consumer), \(String(decoding: response, as: UTF8.self)))
            """,
        ]
    }
}
