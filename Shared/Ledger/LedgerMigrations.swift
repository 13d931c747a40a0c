import Foundation
import Postgres

/// The migrations of schema `ledger`, and the partitions that are made ahead.
public enum LedgerMigrations {
    /// - Parameter months: how many months from the present one on get partitions of their own.
    public static func apply(months: Int = 24, _ db: Connection) throws {
        _ = try Migrator(component: "ledger", try MigrationFolder.read(Bundle.module)).apply(on: db)
        try makePartitions(months: months, db)
    }

    public static func makePartitions(months: Int, _ db: Connection) throws {
        try db.execute(
            """
            SELECT ledger.make_year(month::date), ledger.make_inbox_month(month::date)
            FROM generate_series(date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => \(months - 1)),
                interval '1 month') AS month
            """)
    }
}

/// Reads the folder `Migrations` of a target's resources.
public enum MigrationFolder {
    /// - Returns: the files in the order of their names, which begin with a number.
    public static func read(_ bundle: Bundle) throws -> [Migration] {
        guard let folder = bundle.url(forResource: "Migrations", withExtension: nil) else {
            throw PostgresError(.other, "the program's Migrations folder is missing from \(bundle.bundlePath)")
        }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "sql" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map {
                Migration(
                    name: $0.deletingPathExtension().lastPathComponent, sql: try String(contentsOf: $0, encoding: .utf8)
                )
            }
    }
}
