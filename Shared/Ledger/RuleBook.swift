import Domain
import JSONRPC
import Postgres
import Synchronization

/// The calendar and the policies as they stand for one unit of work.
public struct RuleBook: Sendable {
    public let calendar: WorkCalendar
    public let policies: PolicyBook
    public let limits: Limits
    public let letterPrefix: String
}

/// Reads calendars and policies, and remembers them by version: what is asked of PostgreSQL each time is only whether
/// they are still the same.
public final class RuleBooks: Sendable {
    private struct State {
        var calendars: [Int: WorkCalendar] = [:]
        var policies: (stamp: String, policies: PolicyBook, limits: Limits, prefix: String)?
    }
    private let state = Mutex(State())

    public init() {}

    public func current(_ db: Connection) throws -> RuleBook { try book(db.one(Stamp.query, Stamp.init), db) }

    /// Tells whether calendar and policies are still the same.
    struct Stamp {
        let calendar: Int
        let policies: String

        static let query: SQL = """
            SELECT coalesce((SELECT max(version) FROM ledger.calendar_years), 0) AS version,
                (SELECT concat(count(*), ' ', max(saved_at)) FROM ledger.policies) AS stamp
            """

        init(_ row: Row) throws { (calendar, policies) = (try row["version"], try row["stamp"]) }
    }

    func book(_ stamp: Stamp, _ db: Connection) throws -> RuleBook {
        let calendar = try calendar(stamp.calendar, db)
        let policies = try policies(stamp.policies, db)
        return RuleBook(
            calendar: calendar, policies: policies.policies, limits: policies.limits, letterPrefix: policies.prefix)
    }

    /// The calendar as it was at `version`: for each year the last row up to it.
    public func calendar(_ version: Int, _ db: Connection) throws -> WorkCalendar {
        if let known = state.withLock({ $0.calendars[version] }) { return known }
        let years = try db.rows(
            """
            SELECT DISTINCT ON (year) year, off, work
            FROM ledger.calendar_years
            WHERE version <= \(version)
            ORDER BY year, version DESC
            """
        ) { row in
            (
                try row["year"] as Int,
                WorkCalendar.Year(off: Set(try row["off"] as [Day]), work: Set(try row["work"] as [Day]))
            )
        }
        let calendar = WorkCalendar(version: version, years: Dictionary(uniqueKeysWithValues: years))
        state.withLock { $0.calendars[version] = calendar }
        return calendar
    }

    private func policies(
        _ stamp: String, _ db: Connection
    ) throws -> (policies: PolicyBook, limits: Limits, prefix: String) {
        if let known = state.withLock({ $0.policies }), known.stamp == stamp {
            return (known.policies, known.limits, known.prefix)
        }
        let rows = try db.rows(
            "SELECT name, effective_from, value FROM ledger.policies ORDER BY name, effective_from"
        ) { row in
            (
                name: try row["name"] as String, from: try row["effective_from"] as Day,
                value: try row["value"] as JSONText<JSONValue>
            )
        }
        let clocks = try rows.filter { $0.name == "clocks" }.map { try Self.policy($0.value.value, from: $0.from) }
        guard !clocks.isEmpty, let limits = rows.last(where: { $0.name == "limits" }) else {
            throw PostgresError(.decoding, "the policies clocks and limits are missing")
        }
        let found = (
            policies: PolicyBook(clocks), limits: try Self.decode(Limits.self, limits.value.value),
            prefix: rows.last { $0.name == "letters" }?.value.value["prefix"]?.stringValue ?? ""
        )
        state.withLock { $0.policies = (stamp, found.policies, found.limits, found.prefix) }
        return found
    }

    private static func policy(_ value: JSONValue, from day: Day) throws -> Policy {
        let members = (value.members ?? []) + [JSONMember("effectiveFrom", JSONValue(day.description))]
        return try decode(Policy.self, .object(members))
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ value: JSONValue) throws -> T {
        do {
            return try ParamsDecoder.decode(type, from: value, unknownNames: .ignored)
        } catch {
            throw PostgresError(.decoding, "a policy is malformed: \(error.fields.map(\.path))")
        }
    }
}
