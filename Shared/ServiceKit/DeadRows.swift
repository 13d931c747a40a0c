import Domain
import JSONRPC
import Ledger
import Postgres

/// 死信 — events that were refused for good, or too often. They stop their case's later events to that consumer until an
/// operator has them sent again.
enum DeadRows: Method {
    static let name = "system.deadRows"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.read
    static let summary = "死信：events that are dead, oldest first, at most 200"

    struct Params: Codable, Sendable {}
    struct Result: Codable, Sendable {
        struct Item: Codable, Sendable {
            var msgId: String
            var consumer: String
            var method: String
            var caseNumber: CaseNumber
            var reason: String
            var tries: Int
            var createdAt: Instant
        }
        var items: [Item]
    }

    static func handle(_ params: Params, in work: Work, of _: Empty) throws -> Result {
        Result(
            items: try work.db.rows(
                """
                SELECT msg_id, consumer, method, case_id, dead_reason, tries, created_at
                FROM ledger.outbox
                WHERE dead_reason IS NOT NULL
                ORDER BY created_at
                LIMIT 200
                """
            ) { row in
                Result.Item(
                    msgId: try row["msg_id"], consumer: try row["consumer"], method: try row["method"],
                    caseNumber: CaseNumber(id: try row["case_id"]), reason: try row["dead_reason"],
                    tries: try row["tries"], createdAt: try row["created_at"])
            })
    }
}

/// 重投 — has a dead event sent again.
enum Redrive: Method {
    static let name = "system.redrive"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.mutation
    static let summary = "重投死信：a dead event is sent again"

    struct Params: Codable, Sendable { var msgId: String }
    struct Result: Codable, Sendable { var redriven: Bool }

    static func handle(_ params: Params, in work: Work, of _: Empty) throws -> Result {
        guard (1...100).contains(params.msgId.unicodeScalars.count) else {
            throw Refusal.field("msgId", "must have 1 to 100 characters")
        }
        let changed = try work.db.execute(
            """
            UPDATE ledger.outbox
            SET dead_reason = NULL, tries = 0, owner = NULL, ready_at = now()
            WHERE msg_id::text = \(params.msgId) AND dead_reason IS NOT NULL
            """)
        guard changed == 1 else { throw Refusal.notFound }
        return Result(redriven: true)
    }
}
