import Domain
import Postgres

/// `ledger.idempotency_keys`: a mutation and its key are one commit, so a mutation that is asked for again is answered
/// from here and not done again. A refusal rolls the key back with everything else; it is decided anew.
enum Keys {
    enum Claim {
        /// The key is now this transaction's; the answers to the questions that were asked with it.
        case claimed([Rows])
        /// What it was answered before.
        case known([UInt8])
    }

    /// Claims the key for this transaction, or finds what an earlier one answered. A twin that holds the key is waited
    /// for by the unique index, up to `lock_timeout`.
    ///
    /// The stored answer is read with a lock on its row, which is a write: the transaction that stored it may be committed
    /// here and still be waiting for a standby, and only a COMMIT that has written something waits behind it.
    ///
    /// - Parameter questions: asked in the same round trip.
    /// - Throws: `.keyReused` when it was used with another method or other params, `.keyInUse` when the twin takes long.
    static func claim(
        _ key: RequestKey, _ request: WorkRequest, _ db: Connection, asking questions: [SQL] = []
    ) throws -> Claim {
        let claim: SQL = """
            INSERT INTO ledger.idempotency_keys (client_id, key, method, digest, expires_at)
            VALUES (\(request.caller.clientId), \(key.text), \(request.method), \(key.digest),
                now() + make_interval(days => \(key.daysKept)))
            ON CONFLICT DO NOTHING
            """
        do {
            let answers = try db.pipelined([claim] + questions)
            if answers[0].affected == 1 { return .claimed(Array(answers.dropFirst())) }
        } catch let error as PostgresError where error.code == .lockTimeout {
            throw Refusal(.keyInUse, "keyInUse", "同一请求正在处理中，请稍后再试", .retryAfter(milliseconds: 1000))
        }
        let stored = try db.row(
            """
            SELECT method, digest, response
            FROM ledger.idempotency_keys
            WHERE client_id = \(request.caller.clientId) AND key = \(key.text)
            FOR UPDATE
            """
        ) { row in
            (
                method: try row["method"] as String, digest: try row["digest"] as [UInt8],
                response: try row["response"] as String?
            )
        }
        guard let stored, let response = stored.response else {
            throw Refusal(.keyInUse, "keyInUse", "同一请求正在处理中，请稍后再试", .retryAfter(milliseconds: 1000))
        }
        guard stored.method == request.method, stored.digest == key.digest else {
            throw Refusal(.keyReused, "keyReused", "同一幂等键已用于另一请求")
        }
        return .known(Array(response.utf8))
    }

    static func store(_ response: [UInt8], _ key: RequestKey, _ request: WorkRequest) -> SQL {
        """
        UPDATE ledger.idempotency_keys
        SET response = \(String(decoding: response, as: UTF8.self))
        WHERE client_id = \(request.caller.clientId) AND key = \(key.text)
        """
    }

    /// A key that is taken and answered at once.
    struct New: Sendable {
        var key: RequestKey
        var request: WorkRequest
        var response: [UInt8]
    }

    /// - Throws (when it is run): `.uniqueViolation` when a twin has one of them.
    static func insert(_ keys: [New]) -> SQL {
        """
        INSERT INTO ledger.idempotency_keys (client_id, key, method, digest, expires_at, response)
        SELECT new.client_id, new.key, new.method, new.digest, now() + make_interval(days => new.days), new.response
        FROM unnest(
            \(column: keys.map(\.request.caller.clientId))::bigint[], \(column: keys.map(\.key.text))::text[],
            \(column: keys.map(\.request.method))::text[], \(column: keys.map(\.key.digest))::bytea[],
            \(column: keys.map(\.key.daysKept))::int[],
            \(column: keys.map { String(decoding: $0.response, as: UTF8.self) })::text[]
        ) AS new (client_id, key, method, digest, days, response)
        """
    }

    /// Gives a key back that this transaction claimed: its refusal is committed with what it leaves behind, and is decided
    /// anew when it is asked again.
    static func release(_ key: RequestKey, _ request: WorkRequest) -> SQL {
        """
        DELETE FROM ledger.idempotency_keys
        WHERE client_id = \(request.caller.clientId) AND key = \(key.text)
        """
    }
}
