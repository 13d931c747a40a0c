import Domain
import Ledger
import ServiceKit

/// 年度考核 — 100 less what a unit's measures of the year take off, each deduction with the cases behind it. Months whose
/// bulletin is published count as they were frozen, the others as they are now.
enum Appraise: Method {
    static let name = "supervision.appraisal"
    static let roles: Set<Role> = [.office, .supervisor, .auditor, .unit]
    static let kind = MethodKind.read
    static let summary =
        "年度考核：100 less weighted deductions, each with its cases; a unit reads its own and those beneath"

    /// So many cases of a deduction are named; `supervision.figure` has all, month by month.
    static let casesMax = 50

    struct Params: Codable, Sendable {
        /// 1990–2100
        var year: Int
        var unitId: UnitID?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Deduction: Codable, Sendable, Hashable {
        var measure: Measure
        /// The points that the whole rate would take off.
        var weight: Double
        var rate: Double
        var points: Double
        var counted: Double
        var of: Int
        /// Those that cost points, by number; the first 50 of `total`.
        var cases: [CaseNumber]
        var total: Int
    }

    struct Item: Codable, Sendable, Hashable {
        var unitId: UnitID
        var name: String
        var level: UnitLevel
        var score: Double
        /// Of every measure with a weight that the unit has cases of.
        var deductions: [Deduction]
    }

    struct Result: Codable, Sendable {
        var year: Int
        /// The months that count as frozen.
        var publishedMonths: [Month]
        var items: [Item]
        @Nullable var nextCursor: Cursor?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        guard (1990...2100).contains(params.year) else { throw Refusal.field("year", "must be 1990 to 2100") }
        try work.checkListed(unit: params.unitId)
        try MeasureStore.prepare(work.db)
        let weights = try BulletinStore.policy(
            "appraisal", on: Day(params.year, 12, 31), as: AppraisalPolicy.self, work.db
        ).weights
        let published = try AppraisalStore.published(in: params.year, work.db)
        let measures = try MeasureStore(Day(params.year, 1, 1), Day(params.year, 12, 31), work)
        let mine = params.unitId.map { [$0] } ?? (work.caller.role == .unit ? work.caller.subtree : nil)
        let rows = AppraisalStore.rows(
            measures, weights.map(\.measure), frozen: published, units: mine)
        let limit = (params.limit ?? .usual).count
        let found = try AppraisalStore.page(rows, after: params.cursor, limit: limit + 1, work.db)
        let (figures, cases) = try AppraisalStore.deductions(
            rows, weights.map(\.measure), of: found.prefix(limit).map(\.unit.unitId), work.db)
        let items = found.prefix(limit).map { place in
            item(place.unit, weights, figures.byUnit[place.unit.unitId] ?? [:], cases)
        }
        return Result(
            year: params.year, publishedMonths: published, items: items,
            nextCursor: found.count > limit ? found[limit - 1].cursor : nil)
    }

    private static func item(
        _ unit: BulletinStore.Unit, _ weights: [AppraisalPolicy.Weight], _ figures: [Measure: Rules.Histogram],
        _ cases: [FigureStore.Key: AppraisalStore.Cases]
    ) -> Item {
        let deductions = weights.compactMap { weight -> Deduction? in
            guard let figure = figures[weight.measure], let rate = figure.rate else { return nil }
            let named = cases[FigureStore.Key(measure: weight.measure, unit: unit.unitId)]
            return Deduction(
                measure: weight.measure, weight: weight.points, rate: rate,
                points: Rules.deduction(rate, isMerit: weight.measure.isMerit, weight: weight.points),
                counted: Count.rounded(figure.sum), of: figure.cases, cases: named?.numbers ?? [],
                total: named?.total ?? 0)
        }
        return Item(
            unitId: unit.unitId, name: unit.name, level: unit.level, score: Rules.score(deductions.map(\.points)),
            deductions: deductions)
    }
}
