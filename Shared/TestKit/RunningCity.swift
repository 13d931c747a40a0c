import Archive
import Assignment
import Domain
import Foundation
import Gateway
import Handling
import Intake
import JSONRPC
import Ledger
import Logging
import Postgres
import ServiceKit
import Supervision

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The sample city with all six programs running in the test's process, on real sockets: HTTP in front, ZeroMQ behind.
public final class RunningCity: Sendable {
    public let clock: TestClock
    public let database: ConnectionString
    public let programs: [String: Program]
    private let tasks: [Task<Void, any Error>]
    private let session = URLSession(configuration: .ephemeral)

    /// Starts a city, gives it to `body` and stops it.
    ///
    /// - Parameter prepare: changes the settings of each program before it starts.
    public static func with<T: Sendable>(
        prepare: @Sendable (inout Settings) throws -> Void = { _ in },
        _ body: @Sendable (RunningCity) async throws -> T
    ) async throws -> T {
        let city = try await RunningCity(prepare)
        do {
            let value = try await body(city)
            await city.stop()
            return value
        } catch {
            await city.stop()
            throw error
        }
    }

    private init(_ prepare: @Sendable (inout Settings) throws -> Void) async throws {
        let database = try await TestCluster.newDatabase()
        let clock = TestClock()
        self.database = database
        self.clock = clock
        var programs: [String: Program] = [:]
        var tasks: [Task<Void, any Error>] = []
        func start<Card: ServiceCard>(_ card: Card.Type) async throws {
            var settings = Self.settings(Card.name, database, clock)
            try prepare(&settings)
            let program = try Host.service(card, settings)
            tasks.append(try await Self.run(program))
            programs[Card.name] = program
        }
        try await start(Intake.self)
        try await start(Assignment.self)
        try await start(Handling.self)
        try await start(Supervision.self)
        try await start(Archive.self)
        var settings = Self.settings("gateway", database, clock)
        try prepare(&settings)
        settings.peers = programs.compactMap { name, program in
            program.zmqEndpoint.map { Settings.Peer(service: name, endpoint: $0) }
        }
        let gateway = try Gateway.program(settings)
        tasks.append(try await Self.run(gateway))
        programs["gateway"] = gateway
        self.programs = programs
        self.tasks = tasks
    }

    private static func settings(_ name: String, _ database: ConnectionString, _ clock: TestClock) -> Settings {
        Settings(
            service: name, database: database.setting("user", to: "renling_\(name)"), connections: 4,
            bind: "tcp://127.0.0.1:*", http: .init(host: "127.0.0.1", port: 0), secrets: SampleCity.secrets,
            clock: DomainClock { clock.now }, isTest: true, logLevel: .error)
    }

    /// - Returns: when both doors are open, or with the error that kept them shut.
    private static func run(_ program: Program) async throws -> Task<Void, any Error> {
        let (stream, feed) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            defer { feed.finish() }
            try await program.run { _ in feed.yield() }
        }
        for await _ in stream { return task }
        try await task.value
        throw Settings.Problem("\(program.settings.service) did not start")
    }

    private func stop() async {
        for program in programs.values { await program.stop() }
        // What a stopping program throws has no bearing on the test that is over.
        for task in tasks { _ = try? await task.value }
        // The cluster goes with the run; a database that stays behind is only in the way.
        try? await TestCluster.drop(database)
    }

    public struct Answer: Sendable {
        public var status: Int
        public var headers: [String: String]
        public var body: [UInt8]

        public var json: JSONValue? { try? JSONValue(parsing: body) }
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// Sends a body to the gateway's `/rpc`, or asks for another path.
    public func http(
        _ body: [UInt8]?, path: String = "/rpc", method: String = "POST", as who: Who = .nobody,
        headers: [String: String] = ["Content-Type": "application/json"]
    ) async throws -> Answer {
        guard let port = programs["gateway"]?.httpPort, let url = URL(string: "http://127.0.0.1:\(port)\(path)") else {
            throw Settings.Problem("the gateway has no port")
        }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0) }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if who != .nobody { request.setValue("Bearer \(who.token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await session.data(for: request)
        let answer = response as? HTTPURLResponse
        let fields = (answer?.allHeaderFields ?? [:]).map { ("\($0.key)".lowercased(), "\($0.value)") }
        return Answer(
            status: answer?.statusCode ?? 0, headers: Dictionary(fields, uniquingKeysWith: { first, _ in first }),
            body: Array(data))
    }

    /// Calls a method over HTTP.
    ///
    /// - Throws: the `RPCError` that it was answered with.
    @discardableResult
    public func call(_ method: String, _ params: JSONValue = [:], as who: Who) async throws -> JSONValue {
        let body = Request.compose(id: RequestID(1), method: method, params: params.serialized())
        let answer = try await http(body, as: who)
        switch try Reply.parse(answer.body).outcome {
        case .result(let range): return try JSONValue(parsing: answer.body, in: range)
        case .error(let error): throw error
        }
    }

    @discardableResult
    public func sql<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await Connection.open(database, body)
    }
}
