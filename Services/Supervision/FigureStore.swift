import Domain
import Ledger
import Postgres

/// The SQL that makes figures of rows `measure, unit_id, case_id, value`, whether they are reckoned now or were frozen.
enum FigureStore {
    struct Key: Hashable, Sendable {
        var measure: Measure
        /// `nil` where no unit is measured.
        var unit: UnitID?
    }

    /// What a bulletin froze, or drafted.
    static func frozen(_ month: Month) -> SQL {
        "SELECT measure, unit_id, case_id, value FROM supervision.bulletin_items WHERE month = \(month.first)"
    }

    static func isPublished(_ month: Month, _ db: Connection) throws -> Bool {
        try db.value(
            "SELECT EXISTS (SELECT FROM supervision.bulletins WHERE month = \(month.first) AND status = 'published')")
    }

    /// - Parameter units: only theirs; `nil` for all, and for what no unit is measured by.
    static func histograms(
        _ rows: SQL, units: Set<UnitID>? = nil, _ db: Connection
    ) throws -> [Key: Rules.Histogram] {
        let counts = try db.rows(
            """
            SELECT measure, unit_id, value::float8 AS value, count(*) AS cases
            FROM (\(sql: rows)) AS i
            WHERE \(sql: own(units))
            GROUP BY measure, unit_id, value
            """
        ) {
            (
                measure: try $0["measure"] as Measure, unit: try $0["unit_id"] as UnitID,
                value: try $0["value"] as Double, cases: try $0["cases"] as Int
            )
        }
        return counts.reduce(into: [:]) { found, row in
            let key = Key(measure: row.measure, unit: row.unit.text.isEmpty ? nil : row.unit)
            found[key, default: Rules.Histogram()].add(row.value, times: row.cases)
        }
    }

    struct Item: Codable, Sendable, Hashable {
        var caseNumber: CaseNumber
        /// The unit that is measured.
        var unitId: UnitID?
        /// Whether it is in the numerator, wholly or in part; a time to reply always is.
        var counted: Bool
        /// 0 to 1: a rate is the mean of these. Of the time to reply the working days.
        var value: Double
    }

    /// A page of the cases behind a figure, by number.
    ///
    /// - Parameter sight: a condition on the case `c`.
    static func items(
        _ rows: SQL, _ measure: Measure, units: Set<UnitID>?, sight: SQL, limit: PageLimit, cursor: Cursor?,
        _ db: Connection
    ) throws -> (items: [Item], next: Cursor?) {
        let found = try db.rows(page(rows, measure, units, sight: sight, limit: limit, cursor: cursor)) { row in
            let (unit, value) = (try row["unit_id"] as UnitID, try row["value"] as Double)
            let item = Item(
                caseNumber: CaseNumber(id: try row["case_id"]), unitId: unit.text.isEmpty ? nil : unit,
                counted: value > 0 || measure == .timeToReply, value: value)
            return (item: item, place: Cursor(try row["case_id"], try row["place"]))
        }
        let shown = Array(found.prefix(limit.count))
        return (shown.map(\.item), found.count > limit.count ? shown.last?.place : nil)
    }

    static func page(
        _ rows: SQL, _ measure: Measure, _ units: Set<UnitID>?, sight: SQL, limit: PageLimit, cursor: Cursor?
    ) throws -> SQL {
        let after = try cursor?.places(2) ?? [0, 0]
        // A case may stand behind a figure for two units; it is told apart by their order.
        return """
            SELECT i.case_id, i.unit_id, i.value::float8 AS value, i.place
            FROM (
                SELECT r.case_id, r.unit_id, r.value, row_number() OVER (PARTITION BY r.case_id ORDER BY r.unit_id) AS place
                FROM (\(sql: rows)) AS r
                WHERE r.measure = \(measure) AND \(sql: own(units))
            ) AS i
            WHERE i.case_id >= \(after[0])
                AND (i.case_id, i.place) > (\(after[0]), \(after[1]))
                AND EXISTS (SELECT FROM ledger.cases c WHERE c.case_id = i.case_id AND \(sql: sight))
            ORDER BY i.case_id, i.place
            LIMIT \(limit.count + 1)
            """
    }

    private static func own(_ units: Set<UnitID>?) -> SQL {
        units.map { "unit_id = ANY (\(Array($0))::text[])" } ?? "true"
    }
}

extension [FigureStore.Key: Rules.Histogram] {
    /// All units together.
    var together: [Measure: Rules.Histogram] {
        reduce(into: [:]) { $0[$1.key.measure, default: Rules.Histogram()].add($1.value) }
    }

    var byUnit: [UnitID: [Measure: Rules.Histogram]] {
        reduce(into: [:]) { found, entry in
            if let unit = entry.key.unit { found[unit, default: [:]][entry.key.measure] = entry.value }
        }
    }
}
