import Domain
import JSONRPC
import Ledger
import Postgres

/// The weights of the appraisal (policy `appraisal`): `{<measure>: points}`.
struct AppraisalPolicy: Codable, Sendable {
    struct Weight: Sendable, Hashable {
        var measure: Measure
        /// What the whole rate would take off.
        var points: Double
    }

    /// In the order of the measures.
    var weights: [Weight]

    init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        weights = Measure.rates.compactMap { measure in
            value[measure.rawValue]?.doubleValue.map { Weight(measure: measure, points: $0) }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for weight in weights { try container.encode(weight.points, forKey: Key(stringValue: weight.measure.rawValue)) }
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// The SQL of the appraisal, over the items of a year.
enum AppraisalStore {
    static func published(in year: Int, _ db: Connection) throws -> [Month] {
        try db.rows(
            """
            SELECT month
            FROM supervision.bulletins
            WHERE month >= \(Day(year, 1, 1))
                AND month <= \(Day(year, 12, 1))
                AND status = 'published'
            ORDER BY month
            LIMIT 12
            """
        ) { Month(of: try $0["month"]) }
    }

    /// Rows `measure, unit_id, case_id, value`: of published months as they were frozen, of the others as they are.
    static func rows(_ live: MeasureStore, _ measures: [Measure], frozen: [Month], units: Set<UnitID>?) -> SQL {
        let own: SQL = units.map { "unit_id = ANY (\(Array($0))::text[])" } ?? "unit_id <> ''"
        let months = frozen.map(\.first)
        let words = measures.map(\.rawValue)
        return """
            SELECT measure, unit_id, case_id, value
            FROM supervision.bulletin_items
            WHERE month = ANY (\(months)::date[])
                AND measure = ANY (\(words)::text[])
                AND \(sql: own)
            UNION ALL
            SELECT measure, unit_id, case_id, value
            FROM (\(sql: live.items(measures))) AS live
            WHERE date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')::date <> ALL (\(months)::date[])
                AND \(sql: own)
            """
    }

    /// Units that have cases, by their names' order in the list of units.
    static func page(
        _ rows: SQL, after cursor: Cursor?, limit: Int, _ db: Connection
    ) throws -> [(unit: BulletinStore.Unit, cursor: Cursor)] {
        let after = try cursor?.places(1)[0] ?? 0
        return try db.rows(
            """
            SELECT u.unit_id, u.name, u.level, u.place
            FROM (SELECT unit_id, name, level, row_number() OVER (ORDER BY unit_id) AS place FROM ledger.units) AS u
            WHERE u.place > \(after)
                AND u.unit_id IN (SELECT unit_id FROM (\(sql: rows)) AS i)
            ORDER BY u.place
            LIMIT \(limit)
            """
        ) { row in
            (
                unit: .init(unitId: try row["unit_id"], name: try row["name"], level: try row["level"]),
                cursor: Cursor(try row["place"])
            )
        }
    }

    /// The cases that cost a unit points.
    struct Cases: Sendable {
        var numbers: [CaseNumber]
        var total: Int
    }

    static func deductions(
        _ rows: SQL, _ measures: [Measure], of units: [UnitID], _ db: Connection
    ) throws -> (figures: [FigureStore.Key: Rules.Histogram], cases: [FigureStore.Key: Cases]) {
        let merits = measures.filter(\.isMerit).map(\.rawValue)
        let found = try db.rows(
            """
            WITH items AS MATERIALIZED (
                SELECT measure, unit_id, case_id, value,
                    CASE WHEN measure = ANY (\(merits)::text[]) THEN value < 1 ELSE value > 0 END AS costs
                FROM (\(sql: rows)) AS i
                WHERE unit_id = ANY (\(units)::text[])
            )
            SELECT measure, unit_id, value::float8 AS value, count(*) AS cases,
                (array_agg(case_id ORDER BY case_id) FILTER (WHERE costs))[:\(Appraise.casesMax)] AS numbers
            FROM items
            GROUP BY measure, unit_id, value
            """
        ) { row in
            (
                key: FigureStore.Key(measure: try row["measure"], unit: try row["unit_id"]),
                value: try row["value"] as Double, cases: try row["cases"] as Int,
                numbers: try row["numbers"] as [Int64]?
            )
        }
        var (figures, cases) = ([FigureStore.Key: Rules.Histogram](), [FigureStore.Key: Cases]())
        for row in found {
            figures[row.key, default: Rules.Histogram()].add(row.value, times: row.cases)
            guard let numbers = row.numbers else { continue }
            let held = cases[row.key] ?? Cases(numbers: [], total: 0)
            let all = (held.numbers + numbers.map(CaseNumber.init(id:))).sorted()
            cases[row.key] = Cases(numbers: Array(all.prefix(Appraise.casesMax)), total: held.total + row.cases)
        }
        return (figures, cases)
    }
}
