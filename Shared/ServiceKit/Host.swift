import Foundation
import Logging
import Metrics
import Postgres
import Ledger
import UnixSignals

/// What a service says about itself so that it can be run: its name, its methods, its migrations.
public protocol ServiceCard: Sendable {
    /// The prefix of its methods, and the schema it owns.
    static var name: String { get }
    /// Where its folder `Migrations` is.
    static var bundle: Bundle { get }
    /// The methods of a service with these settings.
    static func table(_ settings: Settings) throws -> MethodTable
}

/// Runs a service as a program of its own: `intake`, or `intake --migrate`.
public enum Host {
    public static func run<Card: ServiceCard>(_ card: Card.Type) async throws {
        do {
            if CommandLine.arguments.dropFirst().contains("--migrate") {
                try migrate(card)
            } else {
                let settings = try Settings.fromEnvironment(Card.name)
                let metrics = MetricsStore()
                MetricsSystem.bootstrap(metrics)
                let program = try service(card, settings, metrics: metrics)
                try await program.run(signals: [.sigterm, .sigint]) { program in
                    program.logger.info(
                        "serving", metadata: ["zmq": "\(program.zmqEndpoint ?? "-")", "http": "\(program.httpPort ?? 0)"])
                }
            }
        } catch let problem as Settings.Problem {
            FileHandle.standardError.write(Data("\(Card.name): \(problem)\n".utf8))
            exit(78)
        }
    }

    public static func service<Card: ServiceCard>(
        _ card: Card.Type, _ settings: Settings, metrics: MetricsStore = MetricsStore()
    ) throws -> Program {
        try Program(settings, table: try Card.table(settings), hasDoor: true, metrics: metrics)
    }

    /// Brings the service's own schema up to date, as the database's owner. The ledger's comes first (`renling migrate`).
    private static func migrate<Card: ServiceCard>(_ card: Card.Type) throws {
        guard let text = ProcessInfo.processInfo.environment["RENLING_DATABASE"] else {
            throw Settings.Problem("RENLING_DATABASE is not set: a libpq connection string of the schema's owner")
        }
        try migrate(card, on: try Connection(try ConnectionString(text)))
    }

    public static func migrate<Card: ServiceCard>(_ card: Card.Type, on db: Connection) throws {
        _ = try Migrator(component: Card.name, try MigrationFolder.read(Card.bundle)).apply(on: db)
    }
}
