import Domain
import Ledger
import Postgres

/// The SQL for what abolished units leave behind.
extension Store {
    /// A unit that is gone, and the one that stands in its place now: successors may be abolished in their turn.
    struct Heir: Sendable, Hashable {
        var gone: UnitID
        var heir: UnitID
    }

    /// - Parameter unit: only this unit's heir; those of all abolished units when `nil`.
    static func heirs(of unit: UnitID?, on day: Day, _ db: Connection) throws -> [Heir] {
        try db.rows(
            """
            WITH RECURSIVE chain AS (
                SELECT unit_id AS gone, successor_id AS heir
                FROM ledger.units
                WHERE abolished_on <= \(day)
                    AND successor_id IS NOT NULL
                    AND (\(unit)::text IS NULL OR unit_id = \(unit))
                UNION
                SELECT chain.gone, u.successor_id
                FROM chain
                JOIN ledger.units u ON u.unit_id = chain.heir
                WHERE u.abolished_on <= \(day)
                    AND u.successor_id IS NOT NULL
            )
            SELECT chain.gone, chain.heir
            FROM chain
            JOIN ledger.units u ON u.unit_id = chain.heir
            WHERE u.abolished_on IS NULL OR u.abolished_on > \(day)
            ORDER BY chain.gone
            LIMIT 20000
            """
        ) { Heir(gone: try $0["gone"], heir: try $0["heir"]) }
    }

    /// Open cases that the unit leads, or has an open co-order of.
    ///
    /// - Parameter superiors: of the heir; cases that complain of any of them are left out, as a letter would not go there.
    static func cases(of unit: UnitID, not superiors: Set<UnitID>, limit: Int, _ db: Connection) throws -> [CaseNumber]
    {
        let order = JSONText([["unitId": unit.text, "status": CoOrderStatus.open.rawValue]])
        return try db.rows(
            """
            SELECT c.case_id
            FROM ledger.cases c
            WHERE (c.lead_unit_id = \(unit)
                    OR (c.co_unit_ids @> ARRAY[\(unit)]::text[] AND c.co_unit_ids <> '{}' AND c.co_orders @> \(order)::jsonb))
                AND c.status IN ('dispatched', 'returning', 'claimed', 'awaitingPetitioner', 'reported', 'approved',
                    'replied')
                AND NOT (c.about && \(Array(superiors))::text[] AND (c.type = 'report' OR NOT c.has_conflict_ground))
            ORDER BY c.case_id
            LIMIT \(limit)
            """
        ) { CaseNumber(id: try $0["case_id"]) }
    }
}
