import Postgres
import Testing

@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct MigratorTests {
    private static let first = Migration(
        name: "001_cases", sql: "CREATE SCHEMA ledger; CREATE TABLE ledger.case_record (id bigint);")
    private static let second = Migration(
        name: "002_title", sql: "ALTER TABLE ledger.case_record ADD title text; -- 标题")
    private static let third = Migration(name: "003_note", sql: "ALTER TABLE ledger.case_record ADD note text")

    private func apply(_ migrations: [Migration], _ string: ConnectionString) async throws -> [String] {
        try await Connection.open(string) { try Migrator(component: "ledger", migrations).apply(on: $0) }
    }

    private func refusal(_ migrations: [Migration], _ string: ConnectionString) async throws -> String {
        try await postgresError { _ = try await apply(migrations, string) }.message
    }

    @Test func whatIsMissingIsAppliedOnce() async throws {
        try await TestServer.withDatabase { string in
            #expect(try await apply([Self.first], string) == ["001_cases"])
            #expect(try await apply([Self.first, Self.second], string) == ["002_title"])
            #expect(try await apply([Self.first, Self.second], string) == [])
            let kept = try await Connection.open(string) { db in
                try db.rows("SELECT component, name, length(checksum) FROM schema_migrations ORDER BY name") { row in
                    "\(try row[0] as String) \(try row[1] as String) \(try row[2] as Int)"
                }
            }
            #expect(kept == ["ledger 001_cases 64", "ledger 002_title 64"])
        }
    }

    @Test func aChangedTextIsRefusedBeforeAnythingRuns() async throws {
        try await TestServer.withDatabase { string in
            _ = try await apply([Self.first], string)
            var changed = Self.first
            changed.sql += " "
            #expect(try await refusal([changed, Self.second], string).contains("001_cases has been changed"))
            #expect(try await apply([Self.first, Self.second], string) == ["002_title"])
        }
    }

    @Test func anAppliedOneMissingFromTheMiddleIsRefused() async throws {
        try await TestServer.withDatabase { string in
            _ = try await apply([Self.first, Self.second], string)
            #expect(try await refusal([Self.first, Self.third], string).contains("002_title has been applied"))
        }
    }

    @Test func anOlderProgramRunsBesideANewerSchema() async throws {
        try await TestServer.withDatabase { string in
            _ = try await apply([Self.first, Self.second], string)
            #expect(try await apply([Self.first], string) == [])
        }
    }

    @Test func aNewOneBeforeAnAppliedOneIsRefused() async throws {
        try await TestServer.withDatabase { string in
            _ = try await apply([Self.first, Self.third], string)
            #expect(try await refusal([Self.first, Self.second, Self.third], string).contains("002_title is new"))
        }
    }

    @Test func aFailingOneLeavesNothingAndTheEarlierOnesStay() async throws {
        try await TestServer.withDatabase { string in
            let broken = Migration(name: "002_broken", sql: "CREATE TABLE ledger.x (); SELECT 1 / 0;")
            let error = try await postgresError { _ = try await apply([Self.first, broken], string) }
            #expect(error.sqlState == "22012")
            #expect(try await apply([Self.first], string) == [])
            let isThere: Bool = try await Connection.open(string) { db in
                try db.value("SELECT to_regclass('ledger.x') IS NOT NULL")
            }
            #expect(!isThere)
        }
    }

    @Test(arguments: ["COMMIT", "ROLLBACK", "COMMIT; BEGIN"])
    func oneThatEndsItsTransactionIsRefused(_ sql: String) async throws {
        try await TestServer.withDatabase { string in
            let message = try await refusal([Migration(name: "001_x", sql: sql)], string)
            #expect(message.contains("001_x contains BEGIN"))
        }
    }

    @Test func twoAtOnceApplyEachStepOnce() async throws {
        try await TestServer.withDatabase { string in
            let all = [Self.first, Self.second, Self.third]
            async let one = apply(all, string)
            async let other = apply(all, string)
            let applied = try await one + other
            #expect(applied.sorted() == all.map(\.name))
        }
    }

    @Test func componentsDoNotSeeEachOther() async throws {
        try await TestServer.withDatabase { string in
            let mine = Migration(name: "001_cases", sql: "CREATE SCHEMA intake")
            _ = try await apply([Self.first], string)
            let applied = try await Connection.open(string) { db in
                try Migrator(component: "intake", [mine]).apply(on: db)
            }
            #expect(applied == ["001_cases"])
        }
    }
}
