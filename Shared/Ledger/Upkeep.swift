import Postgres

/// What keeps the ledger going for years without an operator: partitions made ahead, and what has expired deleted a little
/// at a time. Every service does it once an hour; they do not get into each other's way.
public enum Upkeep {
    public static let monthsAhead = 24
    static let deletedAtOnce = 1000
    static let deletionsMax = 100

    public static func run(_ ledger: Ledger) async throws {
        try await ledger.keepBooks { db in _ = try db.execute("SELECT ledger.keep_up(\(monthsAhead)::int)") }
        for _ in 0..<deletionsMax {
            guard try await ledger.keepBooks(forgetKeys) == deletedAtOnce else { return }
        }
    }

    /// Callers' keys are kept for 90 days, the gateway's own for one.
    ///
    /// - Returns: how many were deleted.
    static func forgetKeys(_ db: Connection) throws -> Int {
        try db.execute(
            """
            DELETE FROM ledger.idempotency_keys
            WHERE (client_id, key) IN (
                SELECT client_id, key
                FROM ledger.idempotency_keys
                WHERE expires_at < now()
                LIMIT \(deletedAtOnce)
                FOR UPDATE SKIP LOCKED)
            """)
    }
}
