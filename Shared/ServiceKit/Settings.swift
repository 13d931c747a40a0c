import Configuration
import Domain
import Ledger
import Logging
import Postgres

/// How a program is set up, from the environment. `docs/operations.md` lists the variables.
public struct Settings: Sendable {
    public var service: String
    /// Where PostgreSQL is, as this program's own role.
    public var database: ConnectionString
    /// For units of work; reads and bookkeeping have `connectionsAside` more.
    public var connections: Int
    /// Settings of PostgreSQL's that promise less than is acknowledged and are allowed all the same.
    public var unsafeAllowed: Set<String> = []
    /// Whether PostgreSQL keeps statements parsed; not behind a pooler that hands out a session per transaction.
    public var prepares = true
    /// The ZeroMQ endpoint to bind; a port of `*` takes a free one.
    public var bind: String
    /// The endpoint that others are told to dial, where it is not the one that is bound: behind a proxy, or with a bound
    /// address of 0.0.0.0.
    public var advertise: String?
    /// Host and port for operators (`/livez`, `/readyz`, `/metrics`); for the gateway the one for callers. Port 0 takes a
    /// free one.
    public var http: Address
    /// Instances that are always dialled, whatever the registry says: `intake=tcp://10.0.0.5:7101,…`.
    public var peers: [Peer]
    public var secrets: Secrets
    /// CURVE on the ZeroMQ doors; plain without.
    public var curve: CurveRing?
    public var clock: DomainClock
    /// `RENLING_TEST=1`: the clock may be shifted, and an administrator may seal.
    public var isTest: Bool
    /// Where a test has the program killed.
    public var crash: CrashPlan?
    public var logLevel: Logger.Level

    public struct Peer: Sendable, Hashable {
        public var service: String
        public var endpoint: String

        public init(service: String, endpoint: String) {
            self.service = service
            self.endpoint = endpoint
        }
    }

    public struct Address: Sendable, Hashable, CustomStringConvertible {
        public var host: String
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        public init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
                (0...65_535).contains(port)
            else { return nil }
            self.init(host: String(text[..<colon]), port: port)
        }

        public var description: String { "\(host):\(port)" }
    }

    /// What is wrong with the environment; the message names the variable.
    public struct Problem: Error, CustomStringConvertible, Sendable {
        public let description: String
        public init(_ description: String) { self.description = description }
    }

    public init(
        service: String, database: ConnectionString, connections: Int = 4, bind: String, http: Address,
        peers: [Peer] = [], secrets: Secrets, clock: DomainClock = .real, isTest: Bool = false,
        logLevel: Logger.Level = .info
    ) {
        self.service = service
        self.database = database
        self.connections = connections
        self.bind = bind
        self.http = http
        self.peers = peers
        self.secrets = secrets
        self.clock = clock
        self.isTest = isTest
        self.logLevel = logLevel
    }

    /// The ports at which the services are found unless told otherwise.
    public static let ports = ["intake": 1, "assignment": 2, "handling": 3, "supervision": 4, "archive": 5]

    /// - Throws: `Problem` naming the variable that is missing or malformed.
    public static func fromEnvironment(_ service: String) throws -> Settings {
        let config = ConfigReader(provider: EnvironmentVariablesProvider())
        guard let database = config.string(forKey: "renling.database", isSecret: true) else {
            throw Problem("RENLING_DATABASE is not set: a libpq connection string")
        }
        guard let keyFile = config.string(forKey: "renling.key.file") else {
            throw Problem("RENLING_KEY_FILE is not set: the file that holds the installation's key")
        }
        let isTest = config.string(forKey: "renling.test") == "1"
        let secrets = try Secrets(file: keyFile)
        let crash = try parseCrash(config.string(forKey: "renling.crash"), isTest: isTest)
        let number = ports[service] ?? 0
        let http = config.string(
            forKey: "renling.http", default: number == 0 ? "127.0.0.1:8080" : "127.0.0.1:\(7200 + number)")
        guard let address = Address(http) else { throw Problem("RENLING_HTTP must be host:port, not \(http)") }
        let asGiven = config.string(forKey: "renling.database.role") == "as-given"
        var settings = Settings(
            service: service,
            database: asGiven
                ? try ConnectionString(database) : try secrets.connection(try ConnectionString(database), as: service),
            connections: min(64, max(1, config.int(forKey: "renling.connections", default: 4))),
            bind: config.string(
                forKey: "renling.bind", default: "tcp://127.0.0.1:\(number == 0 ? "*" : String(7100 + number))"),
            http: address, peers: try parsePeers(config.string(forKey: "renling.peers", default: "")), secrets: secrets,
            clock: try DomainClock(setting: config.string(forKey: "renling.clock"), isTest: isTest), isTest: isTest,
            logLevel: Logger.Level(rawValue: config.string(forKey: "renling.log.level", default: "info")) ?? .info)
        settings.advertise = config.string(forKey: "renling.advertise").flatMap { $0.isEmpty ? nil : $0 }
        settings.crash = crash
        settings.curve = try parseTransport(
            config.string(forKey: "renling.zmq", default: "curve"), service, secrets,
            clientsFile: config.string(forKey: "renling.curve.clients").flatMap { $0.isEmpty ? nil : $0 })
        settings.unsafeAllowed = Set(
            config.string(forKey: "renling.allow.unsafe", default: "").split(separator: ",").map(String.init))
        settings.prepares = config.string(forKey: "renling.prepare", default: "1") != "0"
        return settings
    }

    private static let connectionsAside = 2

    /// For units of work, whose statements are few and come again and again.
    var mainDatabase: Database { makeDatabase(connections: connections, prepares: prepares) }

    /// For reads and bookkeeping. A list that is asked for in many ways is planned anew each time.
    var databaseAside: Database { makeDatabase(connections: Settings.connectionsAside, prepares: false) }

    private func makeDatabase(connections: Int, prepares: Bool) -> Database {
        Database(
            database, connections: connections, applicationName: "renling_\(service)", unsafeAllowed: unsafeAllowed,
            prepares: prepares)
    }

    private static func parseCrash(_ text: String?, isTest: Bool) throws -> CrashPlan? {
        guard let text, !text.isEmpty else { return nil }
        guard isTest else { throw Problem("RENLING_CRASH works only together with RENLING_TEST=1") }
        guard let plan = CrashPlan(text) else {
            let points = CrashPoint.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem("RENLING_CRASH must be <point>:<n>, n from 1, with one of the points \(points)")
        }
        return plan
    }

    private static func parseTransport(
        _ name: String, _ service: String, _ secrets: Secrets, clientsFile: String?
    ) throws -> CurveRing? {
        switch name {
        case "plain": return nil
        case "curve": return try CurveRing(secrets, program: service, clientsFile: clientsFile)
        default: throw Problem("RENLING_ZMQ must be plain or curve, not \(name)")
        }
    }

    private static func parsePeers(_ text: String) throws -> [Peer] {
        try text.split(separator: ",").map { part in
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw Problem("RENLING_PEERS must read service=endpoint,…") }
            return Peer(service: pair[0], endpoint: pair[1])
        }
    }
}
