import Foundation
import Hummingbird
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
    /// What it does by the clock.
    static func sweeps(_ settings: Settings) throws -> Sweeps
}

extension ServiceCard {
    public static func sweeps(_ settings: Settings) throws -> Sweeps { Sweeps() }
}

extension Program {
    /// A program without a ZeroMQ door of its own and with pages of its own: the gateway.
    public static func withPages(
        _ settings: Settings, metrics: MetricsStore,
        _ addRoutes: @escaping @Sendable (Hummingbird.Router<PageContext>, Program) -> Void
    ) throws -> Program {
        try Program(settings, table: MethodTable(), hasDoor: false, metrics: metrics, addRoutes: addRoutes)
    }
}

/// Runs a service as a program of its own: `intake`, or `intake --migrate`.
public enum Host {
    public static func run<Card: ServiceCard>(_ card: Card.Type) async throws {
        guard CommandLine.arguments.dropFirst().contains("--migrate") else {
            return try await run(Card.name) { try service(card, $0, metrics: $1) }
        }
        try reporting(Card.name) { try migrate(card) }
    }

    /// Runs a program with the settings of its environment until a signal comes.
    public static func run(
        _ name: String, _ make: @Sendable (_ settings: Settings, _ metrics: MetricsStore) throws -> Program
    ) async throws {
        FileLimit.raise()
        let program = try reporting(name) {
            let metrics = MetricsStore()
            MetricsSystem.bootstrap(metrics)
            return try make(try Settings.fromEnvironment(name), metrics)
        }
        try await program.run(signals: [.sigterm, .sigint]) { program in
            program.logger.info(
                "serving", metadata: ["zmq": "\(program.zmqEndpoint ?? "-")", "http": "\(program.httpPort ?? 0)"])
        }
    }

    /// What is wrong with the environment is said in one line; the exit status is EX_CONFIG.
    private static func reporting<T>(_ name: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let problem as Settings.Problem {
            FileHandle.standardError.write(Data("\(name): \(problem)\n".utf8))
            exit(78)
        }
    }

    public static func service<Card: ServiceCard>(
        _ card: Card.Type, _ settings: Settings, metrics: MetricsStore = MetricsStore()
    ) throws -> Program {
        try Program(
            settings, table: try Card.table(settings), sweeps: try Card.sweeps(settings), hasDoor: true,
            metrics: metrics)
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
