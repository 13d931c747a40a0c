import Postgres
import Synchronization

/// Two places for a PostgreSQL server. One of them is the primary; the other is empty, a standby, or what is left of a
/// former primary.
final class Servers: Sendable {
    private let pair: [Server]
    private let place = Mutex(0)

    init(_ a: Server, _ b: Server) { pair = [a, b] }

    var all: [Server] { pair }
    var primary: Server { pair[place.withLock { $0 }] }
    var other: Server { pair[1 - place.withLock { $0 }] }

    /// What was the standby decides from now on.
    func swap() { place.withLock { $0 = 1 - $0 } }

    /// Runs SQL as superuser on the primary.
    @discardableResult
    func sql<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await Connection.open(try primary.address, body)
    }

    /// The same, tried again while the server comes up.
    @discardableResult
    func surely<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        var triesLeft = 100
        while true {
            do {
                return try await sql(body)
            } catch  where triesLeft > 0 {
                triesLeft -= 1
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Names the standbys without which nothing is committed; none when empty.
    func require(standby: String) async throws {
        try await surely { db in
            try db.execute("ALTER SYSTEM SET synchronous_standby_names = '\(raw: standby)'")
            try db.execute("SELECT pg_reload_conf()")
        }
    }
}
