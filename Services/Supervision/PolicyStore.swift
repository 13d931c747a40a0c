import Domain
import JSONRPC
import Ledger
import Postgres

/// The SQL for the policies, to which supervision adds rows.
enum PolicyStore {
    /// In the order in which they were saved.
    static func list(after last: Int64, limit: Int, _ db: Connection) throws -> [(id: Int64, item: Policies.Item)] {
        try db.rows(
            """
            SELECT policy_id, name, value, effective_from, counts_from
            FROM ledger.policies
            WHERE policy_id > \(last)
            ORDER BY policy_id
            LIMIT \(limit)
            """
        ) { row in
            let day: Day = try row["effective_from"]
            return (
                id: try row["policy_id"],
                item: Policies.Item(
                    name: try row["name"], value: (try row["value"] as JSONText<JSONValue>).value, effectiveFrom: day,
                    countsFrom: try row["counts_from"] ?? day.start)
            )
        }
    }

    static func insert(_ params: SavePolicy.Params, countsFrom: Instant?, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO ledger.policies (name, effective_from, value, counts_from)
            VALUES (\(params.name), \(params.effectiveFrom), \(JSONText(params.value)), \(countsFrom))
            """)
    }
}
