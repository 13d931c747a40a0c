import Domain
import JSONRPC
import Ledger
import Postgres

/// The SQL for the catalogue: a line for each sealed file, in the order of sealing.
enum CatalogueStore {
    static let leavesAtOnce = 5000

    struct Leaf: Sendable {
        var position: Int64
        var sha256: [UInt8]
    }

    /// Digests of a day in order; at most `leavesAtOnce`.
    static func leaves(of day: Day, after position: Int64, upTo last: Int64, _ db: Connection) throws -> [Leaf] {
        try db.rows(
            """
            SELECT position, sha256
            FROM archive.catalogue
            WHERE day = \(day) AND position > \(position) AND position <= \(last)
            ORDER BY position
            LIMIT \(leavesAtOnce)
            """
        ) { Leaf(position: try $0["position"], sha256: try $0["sha256"]) }
    }

    /// The first day with files after `day` (`nil` for the first of all), if it is earlier than `end`.
    static func day(after day: Day?, before end: Day, _ db: Connection) throws -> Day? {
        try db.value(
            "SELECT min(day) FROM archive.catalogue WHERE day > coalesce(\(day)::date, '-infinity') AND day < \(end)")
    }

    static func lastDay(_ db: Connection) throws -> Day? { try db.value("SELECT max(day) FROM archive.catalogue") }

    static func retentionPolicy(on day: Day, _ db: Connection) throws -> RetentionPolicy {
        let policy = try db.one(
            """
            SELECT value
            FROM ledger.policies
            WHERE name = 'retention' AND effective_from <= \(day)
            ORDER BY effective_from DESC, policy_id DESC
            LIMIT 1
            """
        ) { try $0["value"] as JSONText<RetentionPolicy> }
        return policy.value
    }

    /// The first and last position of the files of a range of days; `nil` when there are none. Days follow each other, so
    /// their files are neighbours.
    static func positions(from: Day?, to: Day?, _ db: Connection) throws -> ClosedRange<Int64>? {
        let (first, last) = try db.one(
            """
            SELECT
                (SELECT position FROM archive.catalogue
                WHERE day >= coalesce(\(from)::date, '-infinity') ORDER BY day, position LIMIT 1) AS first,
                (SELECT position FROM archive.catalogue
                WHERE day <= coalesce(\(to)::date, 'infinity') ORDER BY day DESC, position DESC LIMIT 1) AS last
            """
        ) { (try $0["first"] as Int64?, try $0["last"] as Int64?) }
        guard let first, let last, first <= last else { return nil }
        return first...last
    }

    /// Files that the caller may read, the last sealed first.
    static func list(
        _ params: SearchFiles.Params, for caller: Caller, limit: Int, _ db: Connection
    ) throws -> [SearchFiles.Item] {
        guard let range = try positions(from: params.from, to: params.to, db) else { return [] }
        var conditions: [SQL] = [
            CaseSearch.sight(of: caller, asFormerLead: false),
            "c.position BETWEEN \(range.lowerBound) AND \(range.upperBound)",
        ]
        if caller.role == .unit { conditions.append("NOT c.is_withheld") }
        if let id = params.caseNumber?.id { conditions.append("c.case_id = \(id)") }
        if let category = params.category { conditions.append("c.category = \(category)") }
        if let division = params.divisionCode { conditions.append("c.division_code = \(division)") }
        if let urgency = params.urgency { conditions.append("c.urgency = \(urgency)") }
        if let retention = params.retention { conditions.append("c.retention = \(retention)") }
        if let unit = params.unitId {
            conditions.append(
                "(c.lead_unit_id = \(unit) OR (c.co_unit_ids @> ARRAY[\(unit)]::text[] AND c.co_unit_ids <> '{}'))")
        }
        if let below = try params.cursor?.places(1)[0] { conditions.append("c.position < \(below)") }
        return try db.rows(
            """
            SELECT c.case_id, c.sha256, c.day, c.position, c.retention, c.keep_until, c.type, c.urgency, c.outcome,
                c.category, c.division_code, c.lead_unit_id, c.bytes
            FROM archive.catalogue c
            WHERE \(sql: conditions.joined(separator: " AND "))
            ORDER BY c.position DESC
            LIMIT \(limit)
            """, SearchFiles.Item.init)
    }
}

extension Retention: SQLValue {}
