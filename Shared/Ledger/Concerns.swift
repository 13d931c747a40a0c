import Postgres

/// What in the ledger needs an operator, though everything still works.
public struct Concerns: Sendable, Equatable {
    /// Months after the present one for which partitions exist, up to 3.
    public var monthsAhead: Int
    /// Events that were given up, up to 1,000.
    public var deadEvents: Int

    public static let monthsAheadMin = 2

    public static func read(_ db: Connection) throws -> Concerns {
        try db.one(
            """
            SELECT
                (SELECT count(*)
                FROM generate_series(1, 3) AS ahead
                WHERE to_regclass('ledger.cases_' || to_char(now() + make_interval(months => ahead), 'YYYY')) IS NOT NULL
                    AND to_regclass('ledger.inbox_' || to_char(now() + make_interval(months => ahead), 'YYYYMM')) IS NOT NULL
                ) AS months_ahead,
                (SELECT count(*) FROM (SELECT FROM ledger.outbox WHERE dead_reason IS NOT NULL LIMIT 1000) AS dead) AS dead_events
            """
        ) { Concerns(monthsAhead: try $0["months_ahead"], deadEvents: try $0["dead_events"]) }
    }

    /// In words, one line each.
    public var texts: [String] {
        var texts: [String] = []
        if monthsAhead < Self.monthsAheadMin { texts.append("partitions exist for \(monthsAhead) months ahead only") }
        if deadEvents > 0 { texts.append("\(deadEvents) events are dead; see system.deadRows") }
        return texts
    }
}
