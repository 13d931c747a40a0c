import JSONRPC
@testable import Ledger
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct UpkeepTests {
    /// The inbox's months, and the cases' years that are missing for them.
    private static func partitions(_ city: City) async throws -> [Int] {
        [
            try await city.count("pg_class WHERE relname ~ '^inbox_[0-9]{6}$' AND relkind = 'r'"),
            try await city.count(
                """
                pg_class
                WHERE relname ~ '^inbox_[0-9]{6}$' AND relkind = 'r'
                    AND to_regclass('ledger.cases_' || substr(relname, 7, 4)) IS NULL
                """),
        ]
    }

    @Test func partitionsAreMadeTwoYearsAheadByAProgramThatOwnsNothing() async throws {
        try await City.with { city in
            try await Stage.with(city) { stage in
                let read: @Sendable (Connection) throws -> Concerns = { try Concerns.read($0) }
                #expect(try await stage.ledger.aside.read(read).texts == ["partitions exist for 1 months ahead only"])
                try await Upkeep.run(stage.ledger)
                #expect(try await stage.ledger.aside.read(read).texts == [])
                #expect(try await Self.partitions(city) == [Upkeep.monthsAhead, 0])
                try await Upkeep.run(stage.ledger)
                #expect(try await Self.partitions(city) == [Upkeep.monthsAhead, 0])
            }
        }
    }

    @Test func expiredKeysAreDeletedAndOthersAreKept() async throws {
        try await City.with { city in
            try await city.sql { db in
                try db.execute(
                    """
                    INSERT INTO ledger.idempotency_keys (client_id, key, method, digest, response, expires_at)
                    SELECT 1, 'c:' || n, 'm', '', '{}', now() + make_interval(days => CASE WHEN n <= 2500 THEN -1 ELSE 1 END)
                    FROM generate_series(1, 2510) AS n
                    """)
            }
            try await Stage.with(city) { stage in try await Upkeep.run(stage.ledger) }
            #expect(try await city.count("ledger.idempotency_keys") == 10)
        }
    }

    @Test(arguments: [false, true]) func anInboxPartitionGoesWhenNoRedeliveryCanNeedIt(_ isNeeded: Bool) async throws {
        try await City.with { city in
            try await city.sql { db in
                try db.execute(
                    """
                    SELECT ledger.make_inbox_month('2020-01-01'),
                        ledger.make_inbox_month(date_trunc('month', now() - interval '100 days')::date)
                    """)
                guard isNeeded else { return }
                try db.execute(
                    """
                    INSERT INTO ledger.outbox (msg_id, consumer, method, case_id, version, ordinal, params, ready_at, dead_reason, created_at)
                    VALUES (gen_random_uuid(), 'archive', 'archive.x', 1, 1, 1, '{}', now(), 'refused', '2020-01-20')
                    """)
            }
            let before = try await city.count("pg_class WHERE relname ~ '^inbox_[0-9]{6}$' AND relkind = 'r'")
            try await Stage.with(city) { stage in
                try await stage.ledger.keepBooks { db in _ = try db.execute("SELECT ledger.keep_up(1)") }
            }
            let after = try await city.count("pg_class WHERE relname ~ '^inbox_[0-9]{6}$' AND relkind = 'r'")
            #expect(before - after == (isNeeded ? 0 : 1))
        }
    }
}
