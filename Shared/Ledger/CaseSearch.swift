import Domain
import Postgres

/// Lists of cases: what a caller may see, narrowed by filters, newest first, page by page.
public struct CaseSearch: Sendable {
    public var statuses: [CaseStatus] = []
    public var unit: UnitID?
    public var channel: ChannelCode?
    public var category: CategoryCode?
    public var urgency: Urgency?
    public var divisionCode: DivisionCode?
    public var registeredFrom: Day?
    public var registeredTo: Day?
    public var overdue: Bool?
    public var lamp: Lamp?

    public init() {}

    /// - Returns: at most `limit` cases whose key lies below `cursor`, and the cursor of the next page.
    public func page(
        for caller: Caller, limit: PageLimit, cursor: Cursor?, at now: Instant, _ db: Connection
    ) throws -> (
        records: [CaseRecord], next: Cursor?
    ) {
        let records = try db.rows(
            listing(for: caller, limit: limit.count + 1, below: cursor?.places(1)[0], at: now), CaseRow.read)
        guard records.count > limit.count else { return (records, nil) }
        let page = Array(records.prefix(limit.count))
        return (page, page.last.map { Cursor($0.id) })
    }

    /// - Parameter below: the key of the last case of the page before.
    func listing(for caller: Caller, limit: Int, below: Int64?, at now: Instant) -> SQL {
        var conditions = [Self.sight(of: caller, throughMasters: true)] + filters(at: now)
        if let below { conditions.append("c.case_id < \(below)") }
        // An index has the cases of one status in order, and not those of several.
        if statuses.count == 1 { conditions.append("c.status = \(statuses[0])") }
        if statuses.count > 1 {
            conditions = ["c.case_id = ANY (ARRAY(\(sql: newest(limit, of: statuses, conditions))))"]
        }
        return """
            SELECT \(sql: CaseRow.columns)
            FROM ledger.cases c
            WHERE \(sql: conditions.joined(separator: " AND "))
            ORDER BY c.case_id DESC
            LIMIT \(limit)
            """
    }

    /// The newest of each status, and of those the newest.
    private func newest(_ limit: Int, of statuses: [CaseStatus], _ conditions: [SQL]) -> SQL {
        """
        SELECT found.case_id
        FROM unnest(\(statuses.map(\.rawValue))::text[]) AS wanted (status)
        CROSS JOIN LATERAL (
            SELECT c.case_id
            FROM ledger.cases c
            WHERE c.status = wanted.status
                AND \(sql: conditions.joined(separator: " AND "))
            ORDER BY c.case_id DESC
            LIMIT \(limit)
        ) AS found
        ORDER BY found.case_id DESC
        LIMIT \(limit)
        """
    }

    /// The cases that units have yet to claim, the claim that runs out first at the top.
    public static func unclaimed(
        for caller: Caller, unit: UnitID?, limit: PageLimit, cursor: Cursor?, _ db: Connection
    ) throws -> (records: [CaseRecord], next: Cursor?) {
        let records = try db.rows(
            unclaimed(for: caller, unit: unit, limit: limit.count + 1, after: try cursor?.places(2)), CaseRow.read)
        guard records.count > limit.count else { return (records, nil) }
        let page = Array(records.prefix(limit.count))
        return (page, page.last.map { Cursor($0.lapsesAt?.milliseconds ?? 0, $0.id) })
    }

    /// A dispatched case lapses when its claim runs out.
    static func unclaimed(for caller: Caller, unit: UnitID?, limit: Int, after last: [Int64]?) -> SQL {
        var conditions: [SQL] = [sight(of: caller, asFormerLead: false), "c.status = 'dispatched'"]
        if let unit { conditions.append("c.lead_unit_id = \(unit)") }
        if let last {
            conditions.append("(c.lapses_at, c.case_id) > (\(Instant(milliseconds: last[0])), \(last[1])::bigint)")
        }
        return """
            SELECT \(sql: CaseRow.columns)
            FROM ledger.cases c
            WHERE \(sql: conditions.joined(separator: " AND "))
            ORDER BY c.lapses_at, c.case_id
            LIMIT \(limit)
            """
    }

    /// What `Caller.sees` says, as a condition on `c`.
    ///
    /// - Parameters:
    ///   - asFormerLead: whether a unit's former cases count too.
    ///   - throughMasters: whether those count that run with a case of the unit.
    public static func sight(
        of caller: Caller, asFormerLead: Bool = true, throughMasters: Bool = false
    ) -> SQL {
        switch caller.role {
        case .registrar, .office, .supervisor, .auditor, .service, .system:
            return "true"
        case .source:
            return "c.channel = ANY (\(Array(caller.channels))::text[])"
        case .unit:
            let units = Array(caller.subtree)
            let former: SQL = "OR (c.former_lead_ids && \(units)::text[] AND c.former_lead_ids <> '{}')"
            return
                """
                (c.lead_unit_id = ANY (\(units)::text[]) OR (c.co_unit_ids && \(units)::text[] AND c.co_unit_ids <> '{}')
                    \(sql: asFormerLead ? former : "") \(sql: throughMasters ? merged(units) : ""))
                """
        case .leader:
            guard let land = caller.territory else { return "true" }
            return "c.division_code = ANY (\(Array(land))::text[])"
        case .observer, .admin:
            return "false"
        }
    }

    /// Cases that run with one that the units lead or co-handle.
    private static func merged(_ units: [UnitID]) -> SQL {
        """
        OR (c.status = 'merged' AND c.master = ANY (ARRAY(
            SELECT m.case_id
            FROM ledger.cases m
            WHERE m.case_id IN (SELECT k.master FROM ledger.cases k WHERE k.status = 'merged' AND k.master IS NOT NULL)
                AND (m.lead_unit_id = ANY (\(units)::text[])
                    OR (m.co_unit_ids && \(units)::text[] AND m.co_unit_ids <> '{}')))))
        """
    }

    private func filters(at now: Instant) -> [SQL] {
        var filters: [SQL] = []
        if let unit {
            filters.append(
                "(c.lead_unit_id = \(unit) OR (c.co_unit_ids @> ARRAY[\(unit)]::text[] AND c.co_unit_ids <> '{}'))")
        }
        if let channel { filters.append("c.channel = \(channel)") }
        if let category { filters.append("c.category = \(category)") }
        if let urgency { filters.append("c.urgency = \(urgency)") }
        if let divisionCode { filters.append("c.division_code = \(divisionCode)") }
        // The key begins with the month, so a range of days also names the partitions.
        if let registeredFrom {
            filters.append(
                "c.registered_at >= \(registeredFrom.start) AND c.case_id >= \(CaseNumber.id(0, registeredOn: registeredFrom))"
            )
        }
        if let registeredTo {
            let after = registeredTo.advanced(by: 1)
            let (year, month, _) = registeredTo.components
            let nextMonth = Day(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1)
            filters.append(
                "c.registered_at < \(after.start) AND c.case_id < \(CaseNumber.id(0, registeredOn: nextMonth))")
        }
        // That the case is open is said for the planner: there is an index of open cases in order.
        if let overdue {
            filters.append(
                overdue ? "c.due_at IS NOT NULL AND c.due_at < \(now)" : "(c.due_at IS NULL OR c.due_at >= \(now))")
        }
        if let lamp { filters.append(Self.condition(lamp, at: now)) }
        return filters
    }

    private static func condition(_ lamp: Lamp, at now: Instant) -> SQL {
        switch lamp {
        case .grey: waits
        case .red: "c.due_at IS NOT NULL AND NOT (\(sql: waits)) AND c.due_at < \(now)"
        case .yellow: "c.due_at IS NOT NULL AND NOT (\(sql: waits)) AND c.warn_at <= \(now) AND c.due_at >= \(now)"
        case .green: "c.due_at IS NOT NULL AND NOT (\(sql: waits)) AND c.warn_at > \(now)"
        }
    }

    /// Critical cases do not pause.
    private static let waits: SQL = "c.status = 'awaitingPetitioner' AND c.urgency <> 'critical'"
}
