import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// What the programs' database roles may not do.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RolesTests {
    static let services = ["intake", "assignment", "handling", "supervision", "archive", "gateway"]
    static let schemas = ["ledger", "intake", "assignment", "handling", "supervision", "archive", "public"]

    /// Statements that no program's role may run.
    static let forbidden = [
        "UPDATE ledger.timeline SET note = 'x'", "DELETE FROM ledger.timeline",
        "UPDATE ledger.clock_facts SET at = now()",
        "DELETE FROM ledger.clock_facts", "DELETE FROM ledger.cases", "TRUNCATE ledger.timeline",
        "UPDATE archive.files SET document = ''",
        "DELETE FROM archive.files", "UPDATE ledger.clients SET role = 'admin'",
        "UPDATE ledger.policies SET value = '1'", "DELETE FROM ledger.policies",
        "UPDATE supervision.steps SET taken_at = now()", "DELETE FROM supervision.steps",
        "DELETE FROM supervision.step_marks", "UPDATE supervision.explanations SET text = 'x'",
        "UPDATE ledger.calendar_years SET off = '{}'", "DELETE FROM ledger.read_log",
        "UPDATE ledger.read_log SET method = 'x'",
        "DELETE FROM intake.identity_log", "UPDATE intake.identity_log SET purpose = 'contact'",
        "UPDATE supervision.follow_ups SET counts = true",
        "UPDATE handling.results SET public_reply = 'x'", "UPDATE assignment.letters SET instructions = 'x'",
        "DELETE FROM intake.petitioners",
        "DELETE FROM ledger.natural_keys", "SELECT ledger.make_year('2030-01-01')",
        "SELECT ledger.make_inbox_month('2030-01-01')",
        "CREATE SCHEMA mine", "CREATE ROLE mine", "ALTER TABLE ledger.cases DISABLE TRIGGER ALL",
        "DROP TABLE ledger.cases",
        "SET ROLE postgres", "UPDATE ledger.timeline_other SET note = 'x'", "UPDATE ledger.cases_other SET title = 'x'",
    ]

    /// The SQLSTATE with which each statement is refused to a program's role; none where it is not.
    private static func refused(
        _ statements: [String], to service: String, _ city: City
    ) async throws -> [String: String] {
        try await Connection.open(city.database.setting("user", to: "renling_\(service)")) { db in
            try statements.reduce(into: [:]) { states, statement in
                do { try db.execute("\(raw: statement)") } catch let error as PostgresError {
                    states[statement] = error.sqlState
                }
            }
        }
    }

    private static func value<T: SQLValue>(_ query: String, as service: String, _ city: City) async throws -> T {
        try await Connection.open(city.database.setting("user", to: "renling_\(service)")) { db in
            try db.value("\(raw: query)")
        }
    }

    @Test(arguments: services)
    func noProgramOwnsOrMakesAnythingOrChangesWhatIsOnRecord(_ service: String) async throws {
        try await City.with { city in
            _ = try await city.bring(to: .archived)
            let statements = Self.forbidden + Self.schemas.map { "CREATE TABLE \($0).mine (a int)" }
            let states = try await Self.refused(statements, to: service, city)
            for statement in statements { #expect(states[statement] == "42501", "\(statement)") }
            let owned: Int = try await Self.value(
                """
                SELECT (SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole)
                    + (SELECT count(*) FROM pg_proc WHERE proowner = current_user::regrole)
                    + (SELECT count(*) FROM pg_namespace WHERE nspowner = current_user::regrole)
                """, as: service, city)
            #expect(owned == 0)
            let rights: String = try await Self.value(
                """
                SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication)
                FROM pg_roles WHERE rolname = current_user
                """, as: service, city)
            #expect(rights == "f f f f f")
        }
    }

    @Test(arguments: services)
    func onlyIntakeReadsWhoThePetitionersAre(_ service: String) async throws {
        try await City.with { city in
            _ = try await city.register()
            let own = ["petitioners", "identity_log", "supplements", "filings"].map { "SELECT * FROM intake.\($0)" }
            // Handling and assignment keep the identity out of replies; what they get is sealed. The archive reads papers, not people.
            let sealed = "SELECT intake.sealed_identity(1)"
            let papers = ["intake", "assignment", "handling", "supervision"].map { "SELECT * FROM \($0).papers" }
            let states = try await Self.refused(own + [sealed] + papers, to: service, city)
            for statement in own { #expect((states[statement] == nil) == (service == "intake"), "\(statement)") }
            #expect((states[sealed] == nil) == ["handling", "assignment"].contains(service))
            for statement in papers where !statement.contains(" \(service).") {
                #expect((states[statement] == nil) == (service == "archive"), "\(statement)")
            }
            #expect(states.values.allSatisfy { $0 == "42501" })
        }
    }

    @Test(arguments: services)
    func eachProgramWritesItsOwnTablesOnly(_ service: String) async throws {
        try await City.with { city in
            let writable: String = try await Self.value(
                """
                SELECT coalesce(string_agg(DISTINCT table_schema, ' '), '') FROM information_schema.table_privileges
                WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
                    AND table_schema NOT IN ('pg_catalog', 'information_schema')
                """, as: service, city)
            #expect(Set(writable.split(separator: " ").map(String.init)).isSubset(of: ["ledger", service]))
        }
    }

    @Test func theGatewaySeesNoCase() async throws {
        try await City.with { city in
            let tables = ["cases", "timeline", "clock_facts", "inbox", "natural_keys", "read_log"].map {
                "SELECT * FROM ledger.\($0)"
            }
            let states = try await Self.refused(tables, to: "gateway", city)
            #expect(states.count == tables.count && states.values.allSatisfy { $0 == "42501" })
        }
    }
}
