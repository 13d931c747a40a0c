import Domain
import Ledger
import Postgres
import ServiceKit

/// Brings a database up to date: the ledger, each service's schema, the programs' roles and their own clients. May be done
/// again, and by two at once.
enum Migrating {
    /// In the order in which their schemas are made.
    static let services = ["intake", "assignment", "handling", "supervision", "archive"]
    static let programs = services + ["gateway"]

    /// - Parameters:
    ///   - database: as the owner, who may create roles.
    ///   - folder: where the services' programs lie.
    static func run(_ database: ConnectionString, _ secrets: Secrets, programs folder: String) async throws {
        try await retried(database) { db in try LedgerMigrations.apply(db) }
        for service in services {
            try await Tool.run("\(folder)/\(service)", ["--migrate"], environment: ["RENLING_DATABASE": database.text])
        }
        try await retried(database) { db in
            try db.transaction { db in
                try Store.lockMigration(db)
                for program in programs {
                    try Store.setPassword(secrets.databasePassword(program), of: program, db)
                    let token = Array(secrets.serviceToken(program).utf8)
                    try Clients.save(
                        .init(name: "service:\(program)", role: .service), tokenDigest: Secrets.sha256(token), db)
                }
            }
        }
    }

    /// Roles belong to the whole cluster, and locks to one database: where another database of the cluster is migrated at
    /// the same moment, PostgreSQL refuses one of the two, which tries again.
    private static func retried(
        _ database: ConnectionString, _ body: @escaping @Sendable (Connection) throws -> Void
    ) async throws {
        let named = database.setting("application_name", orElse: "renling migrate")
        var triesLeft = 5
        while true {
            do {
                return try await Connection.open(named, body)
            } catch let error as PostgresError where triesLeft > 0 && isRace(error) {
                triesLeft -= 1
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...250)))
            }
        }
    }

    /// `tuple concurrently updated`; a role that exists by now.
    private static func isRace(_ error: PostgresError) -> Bool {
        error.sqlState == "XX000" || error.sqlState == "42710" || error.constraint == "pg_authid_rolname_index"
            || error.constraint == "pg_auth_members_role_member_index"
    }
}
