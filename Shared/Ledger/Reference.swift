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

    /// Those that exist, of each kind.
    public static func existing(
        channels: Set<ChannelCode> = [], categories: Set<CategoryCode> = [], divisions: Set<DivisionCode> = [],
        units: Set<UnitID> = [], _ db: Connection
    ) throws -> (
        channels: Set<ChannelCode>, categories: Set<CategoryCode>, divisions: Set<DivisionCode>, units: Set<UnitID>
    ) {
        try db.one(
            """
            SELECT ARRAY(SELECT code FROM ledger.channels WHERE code = ANY (\(Array(channels))::text[])) AS channels,
                ARRAY(SELECT code FROM ledger.categories WHERE code = ANY (\(Array(categories))::text[])) AS categories,
                ARRAY(SELECT code FROM ledger.divisions WHERE code = ANY (\(Array(divisions))::text[])) AS divisions,
                ARRAY(SELECT unit_id FROM ledger.units WHERE unit_id = ANY (\(Array(units))::text[])) AS units
            """
        ) { row in
            (
                channels: Set(try row["channels"] as [ChannelCode]),
                categories: Set(try row["categories"] as [CategoryCode]),
                divisions: Set(try row["divisions"] as [DivisionCode]), units: Set(try row["units"] as [UnitID])
            )
        }
    }

    /// - Throws: `.unknownReference` naming the path of the first value that is not in its table.
    public static func check(
        channel: ChannelCode? = nil, category: CategoryCode? = nil, divisionCode: DivisionCode? = nil,
        units: [(path: String, id: UnitID)] = [], _ db: Connection
    ) throws {
        func set<T>(_ code: T?) -> Set<T> { code.map { [$0] } ?? [] }
        let known = try existing(
            channels: set(channel), categories: set(category), divisions: set(divisionCode),
            units: Set(units.map(\.id)), db)
        if !known.channels.isSuperset(of: set(channel)) { throw Refusal.unknown("channel") }
        if !known.categories.isSuperset(of: set(category)) { throw Refusal.unknown("category") }
        if !known.divisions.isSuperset(of: set(divisionCode)) { throw Refusal.unknown("divisionCode") }
        if let missing = units.first(where: { !known.units.contains($0.id) }) { throw Refusal.unknown(missing.path) }
    }
}
