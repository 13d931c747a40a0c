import Ledger
import Postgres

extension Facts {
    /// Reads everything, as superuser, in one snapshot.
    static func load(_ servers: Servers) async throws -> Facts {
        try await servers.surely { db in
            try db.transaction { db in
                try db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                var facts = Facts()
                facts.timeline = try timeline(db)
                facts.cases = try cases(db)
                facts.stored = try stored(db)
                try facts.loadMessages(db)
                return facts
            }
        }
    }

    private static func timeline(_ db: Connection) throws -> [Entry] {
        try db.rows(
            """
            SELECT case_id, seq, role, action, status_from, status_to, person ->> 'name' AS person
            FROM ledger.timeline
            ORDER BY case_id, seq
            """
        ) { row in
            Entry(
                caseId: try row["case_id"], seq: try row["seq"], role: try row["role"], action: try row["action"],
                from: try row["status_from"], to: try row["status_to"], person: try row["person"])
        }
    }

    private static func cases(_ db: Connection) throws -> [Case] {
        try db.rows("SELECT case_id, version, status, external_id, emitted FROM ledger.cases ORDER BY case_id") { row in
            Case(
                id: try row["case_id"], version: try row["version"], status: try row["status"],
                externalId: try row["external_id"],
                emitted: (try row["emitted"] as JSONText<[String: Place]>).value)
        }
    }

    private static func stored(_ db: Connection) throws -> [String: Stored] {
        let rows = try db.rows("SELECT key, method, response FROM ledger.idempotency_keys WHERE key LIKE 'c:%'") {
            row in
            (
                key: String((try row["key"] as String).dropFirst(2)),
                stored: Stored(
                    method: try row["method"], response: (try row["response"] as String?).map { Array($0.utf8) })
            )
        }
        return Dictionary(rows.map { ($0.key, $0.stored) }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func loadMessages(_ db: Connection) throws {
        messages = try db.rows(
            """
            SELECT msg_id, consumer, case_id, version, ordinal
            FROM torture.messages
            WHERE case_id >= \(Poison.caseBelow)
            """
        ) { row in
            Message(
                id: try row["msg_id"], to: Address(consumer: try row["consumer"], caseId: try row["case_id"]),
                place: Place(version: try row["version"], ordinal: try row["ordinal"]))
        }
        for (pair, response) in try db.rows(
            "SELECT msg_id, consumer, response FROM ledger.inbox",
            { row in (Self.pair(try row["msg_id"], try row["consumer"]), try row["response"] as String) })
        {
            if inbox.updateValue(response, forKey: pair) != nil { inboxTwice.append(pair) }
        }
        let places = try db.rows("SELECT consumer, case_id, version, ordinal FROM ledger.inbox_positions") { row in
            (
                Address(consumer: try row["consumer"], caseId: try row["case_id"]),
                Place(version: try row["version"], ordinal: try row["ordinal"])
            )
        }
        positions = Dictionary(places, uniquingKeysWith: { first, _ in first })
        let left = try db.rows("SELECT msg_id, method, case_id, dead_reason FROM ledger.outbox") { row in
            (
                text: "\(try row["method"] as String) of \(try row["case_id"] as Int64)",
                caseId: try row["case_id"] as Int64, dead: try row["dead_reason"] as String?
            )
        }
        outbox = left.filter { $0.caseId >= Poison.caseBelow }.map {
            "\($0.text)\($0.dead.map { ", dead: \($0)" } ?? "")"
        }
        livingPoison = left.filter { $0.caseId < Poison.caseBelow && $0.dead == nil }.map(\.text)
    }
}
