import Domain
import Postgres

/// Wrong tracking codes (`ledger.track_failures`): limited per case and address, whichever method they are tried with.
extension Work {
    /// - Throws: `.busy` when too many wrong codes for the case came from this address within the policy's window.
    public func admitTrackingCode(of number: CaseNumber) throws {
        let limits = try book().limits
        let failures: Int? = try db.value(
            """
            SELECT failures
            FROM ledger.track_failures
            WHERE case_number = \(number.text) AND address = \(address ?? Self.direct)
                AND since > \(now.adding(seconds: -60 * limits.trackWindowMinutes))
            """)
        guard failures ?? 0 < limits.trackFailuresMax else {
            throw Refusal(
                .busy, "tooManyFailures", "查询失败次数过多，请稍后再试",
                .retryAfter(milliseconds: limits.trackWindowMinutes * 60_000))
        }
    }

    /// Counts a wrong code in the present window, forgets a few of the windows that are over, and refuses once that is
    /// committed.
    public func refuseTrackingCode(of number: CaseNumber) throws {
        let since = now.adding(seconds: -60 * (try book().limits.trackWindowMinutes))
        try db.execute(
            """
            INSERT INTO ledger.track_failures (case_number, address, failures, since)
            VALUES (\(number.text), \(address ?? Self.direct), 1, \(now))
            ON CONFLICT (case_number, address) DO UPDATE
            SET failures = CASE WHEN track_failures.since > \(since) THEN track_failures.failures + 1 ELSE 1 END,
                since = CASE WHEN track_failures.since > \(since) THEN track_failures.since ELSE excluded.since END
            """)
        try db.execute(
            """
            DELETE FROM ledger.track_failures
            WHERE (case_number, address) IN (
                SELECT case_number, address
                FROM ledger.track_failures
                WHERE since <= \(since)
                ORDER BY since
                LIMIT 10
                FOR UPDATE SKIP LOCKED)
            """)
        refusalAfterCommit = .notFound
    }

    private static let direct = "direct"
}
