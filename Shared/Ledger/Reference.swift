import Domain
import Postgres

/// What cases refer to: units, channels, categories, divisions.
public enum Reference {
    /// The unit and every unit beneath it (块). A city has some hundreds.
    public static func subtree(of unit: UnitID, _ db: Connection) throws -> Set<UnitID> {
        Set(
            try db.rows("SELECT unit_id FROM ledger.units WHERE path @> ARRAY[\(unit)]::text[] LIMIT 20000") {
                try $0["unit_id"]
            })
    }

    /// The division and all beneath it; `nil` for the topmost, which is the whole city.
    static func territory(of division: DivisionCode, _ db: Connection) throws -> Set<DivisionCode>? {
        let isTop: Bool? = try db.value("SELECT parent IS NULL FROM ledger.divisions WHERE code = \(division)")
        if isTop ?? false { return nil }
        return Set(
            try db.rows(
                """
                WITH RECURSIVE land AS (
                    SELECT code FROM ledger.divisions WHERE code = \(division)
                    UNION
                    SELECT d.code FROM ledger.divisions d JOIN land ON d.parent = land.code
                )
                SELECT code FROM land LIMIT 20000
                """
            ) { try $0["code"] })
    }

    /// What the rules must know of a unit.
    public struct UnitFacts: Sendable, Hashable {
        public var unitId: UnitID
        public var name: Name
        public var head: Name
        /// Every unit above it by 块, itself included.
        public var path: Set<UnitID>
        /// Itself, and every unit above it by 块 or 条.
        public var superiors: Set<UnitID>
        public var abolishedOn: Day?
    }

    /// The facts of those units that exist.
    public static func units(_ ids: [UnitID], _ db: Connection) throws -> [UnitID: UnitFacts] {
        guard !ids.isEmpty else { return [:] }
        let rows = try db.rows(
            """
            WITH RECURSIVE above AS (
                SELECT unit_id AS base, unit_id FROM ledger.units WHERE unit_id = ANY (\(ids)::text[])
                UNION
                SELECT above.base, superior.unit_id
                FROM above
                JOIN ledger.units u ON u.unit_id = above.unit_id
                JOIN ledger.units superior ON superior.unit_id IN (u.parent_id, u.line_parent_id)
            )
            SELECT u.unit_id, u.name, u.head, u.path, u.abolished_on,
                (SELECT array_agg(above.unit_id) FROM above WHERE above.base = u.unit_id) AS superiors
            FROM ledger.units u
            WHERE u.unit_id = ANY (\(ids)::text[])
            """
        ) { row in
            UnitFacts(
                unitId: try row["unit_id"], name: try row["name"], head: try row["head"],
                path: Set(try row["path"] as [UnitID]), superiors: Set(try row["superiors"] as [UnitID]),
                abolishedOn: try row["abolished_on"])
        }
        return Dictionary(rows.map { ($0.unitId, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public static func names(of units: [UnitID], _ db: Connection) throws -> [UnitID: Name] {
        guard !units.isEmpty else { return [:] }
        let rows = try db.rows("SELECT unit_id, name FROM ledger.units WHERE unit_id = ANY (\(units)::text[])") {
            (try $0["unit_id"] as UnitID, try $0["name"] as Name)
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// - Throws: `.unknownReference` naming the path of the first value that is not in its table.
    public static func check(
        channel: ChannelCode? = nil, category: CategoryCode? = nil, divisionCode: DivisionCode? = nil,
        units: [(path: String, id: UnitID)] = [], _ db: Connection
    ) throws {
        let known = try db.one(
            """
            SELECT \(channel)::text IS NULL OR EXISTS (SELECT FROM ledger.channels WHERE code = \(channel)) AS channel,
                \(category)::text IS NULL OR EXISTS (SELECT FROM ledger.categories WHERE code = \(category)) AS category,
                \(divisionCode)::text IS NULL OR EXISTS (SELECT FROM ledger.divisions WHERE code = \(divisionCode)) AS division,
                ARRAY(SELECT unit_id FROM ledger.units WHERE unit_id = ANY (\(units.map(\.id))::text[])) AS units
            """
        ) { row in
            (
                channel: try row["channel"] as Bool, category: try row["category"] as Bool,
                division: try row["division"] as Bool, units: Set(try row["units"] as [UnitID])
            )
        }
        if !known.channel { throw Refusal.unknown("channel") }
        if !known.category { throw Refusal.unknown("category") }
        if !known.division { throw Refusal.unknown("divisionCode") }
        if let missing = units.first(where: { !known.units.contains($0.id) }) { throw Refusal.unknown(missing.path) }
    }
}
