import Archive
import Assignment
import Domain
import Handling
import Intake
import JSONRPC
import Ledger
import Postgres
import ServiceKit
import Supervision
import Synchronization

/// The sample city with a database of its own and all five services in the test's process, called through their method
/// tables. Its clock stands still until it is set.
public final class City: Sendable {
    public let clock = TestClock()
    /// As superuser.
    public let database: ConnectionString
    private let isTest: Bool
    private let running: Mutex<[String: Desk]>
    private var desks: [String: Desk] { running.withLock { $0 } }

    /// Makes a city, gives it to `body` and removes it.
    public static func with<T: Sendable>(
        isTest: Bool = true, _ body: @Sendable (City) async throws -> T
    ) async throws -> T {
        let city = try await City(isTest: isTest)
        do {
            let value = try await body(city)
            try await city.remove()
            return value
        } catch {
            try await city.remove()
            throw error
        }
    }

    init(isTest: Bool) async throws {
        database = try await TestCluster.newDatabase()
        self.isTest = isTest
        running = Mutex(try Self.desks(database, clock, isTest))
    }

    private static func desks(
        _ database: ConnectionString, _ clock: TestClock, _ isTest: Bool
    ) throws -> [String: Desk] {
        Dictionary(uniqueKeysWithValues: [
            try desk(Intake.self, database, clock, isTest), try desk(Assignment.self, database, clock, isTest),
            try desk(Handling.self, database, clock, isTest), try desk(Supervision.self, database, clock, isTest),
            try desk(Archive.self, database, clock, isTest),
        ])
    }

    /// Ends all services and starts new ones on the same database.
    public func restart() async throws {
        for desk in desks.values { await desk.close() }
        let fresh = try Self.desks(database, clock, isTest)
        running.withLock { $0 = fresh }
    }

    private static func desk<Card: ServiceCard>(
        _ card: Card.Type, _ database: ConnectionString, _ clock: TestClock, _ isTest: Bool
    ) throws -> (String, Desk) {
        let settings = Settings(
            service: Card.name, database: database.setting("user", to: "renling_\(Card.name)"), connections: 2,
            bind: "",
            http: .init(host: "127.0.0.1", port: 0), secrets: SampleCity.secrets, clock: DomainClock { clock.now },
            isTest: isTest)
        return (Card.name, Desk(settings, table: try Card.table(settings), sweeps: try Card.sweeps(settings)))
    }

    /// Another instance of a service, beside the one that calls go to. Whoever asks for it closes it.
    package func another<Card: ServiceCard>(_ card: Card.Type) throws -> Desk {
        try Self.desk(card, database, clock, true).1
    }

    /// Has every service do what the clock has made due.
    public func sweep() async throws {
        for name in desks.keys.sorted() { try await desks[name]?.sweep() }
    }

    private func remove() async throws {
        for desk in desks.values { await desk.close() }
        try await TestCluster.drop(database)
    }

    /// Calls a method.
    ///
    /// - Returns: the result.
    /// - Throws: the `RPCError` that it was answered with.
    @discardableResult
    public func call(
        _ method: String, _ params: JSONValue = [:], as who: Who, headers: Headers = Headers()
    ) async throws -> JSONValue {
        var headers = headers
        if who != .nobody { headers.authorization = "Bearer \(who.token)" }
        let body = Request.compose(id: RequestID(1), method: method, params: params.serialized())
        guard let desk = desks[String(method.prefix { $0 != "." })],
            let bytes = await desk.answer(body, headers, isInternal: who == .service)
        else { throw RPCError.methodNotFound() }
        switch try Reply.parse(bytes).outcome {
        case .result(let range): return try JSONValue(parsing: bytes, in: range)
        case .error(let error): throw error
        }
    }

    /// Calls a method that must be refused.
    ///
    /// - Returns: the error; `nil` when the call succeeded.
    public func refusal(_ method: String, _ params: JSONValue = [:], as who: Who) async -> RPCError? {
        do {
            try await call(method, params, as: who)
            return nil
        } catch let error as RPCError {
            return error
        } catch {
            return RPCError.internalError()
        }
    }

    /// Delivers every event in the outbox, in order, as their senders would, until none is left.
    ///
    /// - Returns: the methods that were called.
    @discardableResult
    public func deliverEvents() async throws -> [String] {
        var delivered: [String] = []
        while let next = try await nextEvent() {
            var headers = Headers()
            headers.msgId = next.id
            try await call(next.method, next.params, as: .service, headers: headers)
            try await sql { db in try db.execute("DELETE FROM ledger.outbox WHERE msg_id = \(next.id)::uuid") }
            delivered.append(next.method)
        }
        return delivered
    }

    private func nextEvent() async throws -> (id: String, method: String, params: JSONValue)? {
        try await sql { db in
            try db.row(
                "SELECT msg_id, method, params FROM ledger.outbox WHERE dead_reason IS NULL ORDER BY case_id, version, ordinal, consumer LIMIT 1"
            ) {
                (
                    id: try $0["msg_id"], method: try $0["method"],
                    params: (try $0["params"] as JSONText<JSONValue>).value
                )
            }
        }
    }

    /// Runs SQL as superuser, in a connection of its own.
    @discardableResult
    public func sql<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await Connection.open(database, body)
    }

    /// Everything that a refusal must leave as it was, as one text: all rows of the tables that hold cases.
    public func everything() async throws -> String {
        try await sql { db in
            let tables = try db.rows(
                """
                SELECT format('%I.%I', schemaname, tablename) AS name
                FROM pg_tables
                WHERE schemaname IN ('ledger', 'intake', 'assignment', 'handling', 'supervision', 'archive')
                    AND tablename NOT IN ('read_log', 'track_failures')
                ORDER BY 1
                """
            ) { try $0["name"] as String }
            return try tables.map { table in
                try db.value(
                    "SELECT \(table)::text || coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM \(raw: table) t"
                ) as String
            }.joined(separator: "\n")
        }
    }
}

/// A clock that stands still until it is set. It begins on Monday 2 March 2026 at 09:00 in China.
public final class TestClock: Sendable {
    private let time = Mutex(Instant(Day(2026, 3, 2), second: 9 * 3600))

    public var now: Instant { time.withLock { $0 } }
    public func set(_ moment: Instant) { time.withLock { $0 = moment } }
    public func set(_ text: String) { if let moment = Instant(text) { set(moment) } }
    public func advance(days: Int) { advance(seconds: days * 86_400) }
    public func advance(seconds: Int) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}
