import Domain
import JSONRPC
import Postgres
import Synchronization

/// The calendar and the policies as they stand for one unit of work.
public struct RuleBook: Sendable {
    public let calendar: WorkCalendar
    public let policies: PolicyBook
    /// A clock keeps the ladder of the moment at which it started.
    public let ladders: PolicyHistory<LadderPolicy>
    public let limits: Limits
    public let letterPrefix: String
}

/// Reads calendars and policies, and remembers them by version: what is asked of PostgreSQL each time is only whether
/// they are still the same.
public final class RuleBooks: Sendable {
    private struct Policies {
        var stamp: String
        var clocks: PolicyBook
        var ladders: PolicyHistory<LadderPolicy>
        var limits: PolicyHistory<Limits>
        var letters: PolicyHistory<LetterPolicy>
    }
    private struct State {
        var calendars: [Int: WorkCalendar] = [:]
        var policies: Policies?
    }
    private let state = Mutex(State())

    public init() {}

    /// - Parameter now: each policy counts as it stands at that moment.
    public func current(_ db: Connection, at now: Instant) throws -> RuleBook {
        try book(db.one(Stamp.query, Stamp.init), db, at: now)
    }

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

    /// - Parameter answer: to `Stamp.query`.
    func book(_ answer: Rows, _ db: Connection, at now: Instant) throws -> RuleBook {
        guard let stamp = try answer.first(Stamp.init) else { return try current(db, at: now) }
        return try book(stamp, db, at: now)
    }

    private func book(_ stamp: Stamp, _ db: Connection, at now: Instant) throws -> RuleBook {
        let calendar = try calendar(stamp.calendar, db)
        let policies = try policies(stamp.policies, db)
        return RuleBook(
            calendar: calendar, policies: policies.clocks, ladders: policies.ladders,
            limits: policies.limits.value(at: now), letterPrefix: policies.letters.value(at: now).prefix)
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

    private func policies(_ stamp: String, _ db: Connection) throws -> Policies {
        if let known = state.withLock({ $0.policies }), known.stamp == stamp { return known }
        let rows = try db.rows(
            "SELECT name, effective_from, counts_from, value FROM ledger.policies ORDER BY policy_id"
        ) { row in
            PolicyRow(
                name: try row["name"], effectiveFrom: try row["effective_from"], countsFrom: try row["counts_from"],
                value: (try row["value"] as JSONText<JSONValue>).value)
        }
        let clocks = try rows.filter { $0.name == "clocks" }.map(Self.policy)
        guard !clocks.isEmpty else { throw PostgresError(.decoding, "the policy clocks is missing") }
        let found = Policies(
            stamp: stamp, clocks: PolicyBook(clocks), ladders: try Self.history("ladder", rows),
            limits: try Self.history("limits", rows), letters: try Self.history("letters", rows))
        state.withLock { $0.policies = found }
        return found
    }

    private struct PolicyRow {
        var name: String
        var effectiveFrom: Day
        var countsFrom: Instant?
        var value: JSONValue
    }

    private static func policy(_ row: PolicyRow) throws -> Policy {
        var policy = try decode(
            Policy.self,
            .object((row.value.members ?? []) + [JSONMember("effectiveFrom", JSONValue(row.effectiveFrom.description))])
        )
        policy.countsFrom = row.countsFrom
        return policy
    }

    private static func history<T: Decodable & Sendable>(
        _ name: String, _ rows: [PolicyRow]
    ) throws -> PolicyHistory<T> {
        let entries = try rows.filter { $0.name == name }.map { row in
            PolicyHistory.Entry(
                from: row.countsFrom ?? row.effectiveFrom.start, value: try decode(T.self, row.value))
        }
        guard !entries.isEmpty else { throw PostgresError(.decoding, "the policy \(name) is missing") }
        return PolicyHistory(entries)
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ value: JSONValue) throws -> T {
        do {
            return try ParamsDecoder.decode(type, from: value, unknownNames: .ignored)
        } catch {
            throw PostgresError(.decoding, "a policy is malformed: \(error.fields.map(\.path))")
        }
    }
}
