import Archive
import Assignment
import Domain
import Foundation
import Handling
import Intake
import JSONRPC
import Ledger
import Postgres
import ServiceKit
import Supervision
import Synchronization

/// The PostgreSQL cluster of a test run (`RENLING_TEST_DATABASE`, which `make test` sets), and in it a database for each
/// test, copied from one that is migrated once per run.
public enum TestCluster {
    /// A libpq string of a superuser; `nil` when the tests run without a cluster, and what needs one is skipped.
    public static let address: ConnectionString? = ProcessInfo.processInfo.environment["RENLING_TEST_DATABASE"]
        .flatMap { try? ConnectionString($0) }

    public static var isPresent: Bool { address != nil }

    /// Tests run all at once; each database brings a dozen connections.
    private static let turnstile = Turnstile(places: 8)
    private static let count = Atomic(0)
    private static let template = Task { try await makeTemplate() }
    private static let prefix = "t\(ProcessInfo.processInfo.processIdentifier)"

    /// Waits until few enough are in use. Each must be given back with `drop`.
    ///
    /// - Returns: the superuser's string for a new database with the sample city.
    static func newDatabase() async throws -> ConnectionString {
        await turnstile.enter()
        do {
            let template = try await template.value
            let name = "\(prefix)_\(count.add(1, ordering: .relaxed).newValue)"
            try await run { db in
                try db.execute("CREATE DATABASE \(raw: name) TEMPLATE \(raw: template) STRATEGY file_copy")
            }
            return try address.unwrapped.setting("dbname", to: name)
        } catch {
            turnstile.leave()
            throw error
        }
    }

    static func drop(_ database: ConnectionString) async throws {
        defer { turnstile.leave() }
        guard let name = database["dbname"] else { return }
        try await run { db in try db.execute("DROP DATABASE IF EXISTS \(raw: name) WITH (FORCE)") }
    }

    private static func run(_ body: @escaping @Sendable (Connection) throws -> Void) async throws {
        try await Connection.open(try address.unwrapped, body)
    }

    private static func makeTemplate() async throws -> String {
        let name = "\(prefix)_template"
        try await run { db in try db.execute("CREATE DATABASE \(raw: name)") }
        try await Connection.open(try address.unwrapped.setting("dbname", to: name), build)
        return name
    }

    /// Migrates an empty database and puts the sample city into it.
    @Sendable public static func build(_ db: Connection) throws {
        try LedgerMigrations.apply(months: 2, db)
        try Host.migrate(Intake.self, on: db)
        try Host.migrate(Assignment.self, on: db)
        try Host.migrate(Handling.self, on: db)
        try Host.migrate(Supervision.self, on: db)
        try Host.migrate(Archive.self, on: db)
        try SampleCity.load(db)
    }
}

extension Optional {
    fileprivate var unwrapped: Wrapped {
        get throws {
            guard let self else { throw Settings.Problem("RENLING_TEST_DATABASE is not set") }
            return self
        }
    }
}
