import Domain
import Ledger
import Postgres
import ServiceKit

/// 指标明细 — the cases behind a figure, by number: of a published month as they were frozen, of another as they are now.
enum ReadFigure: Method {
    static let name = "supervision.figure"
    static let roles = Role.callers.subtracting([.source, .admin])
    static let kind = MethodKind.read
    static let summary = "指标明细：the case numbers behind a figure of a month, frozen with its bulletin"

    struct Params: Codable, Sendable {
        var month: Month
        /// That unit's figure; without it the city's, and for a unit its own and those of the units beneath it.
        var unitId: UnitID?
        var measure: Measure
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Result: Codable, Sendable {
        var month: Month
        var unitId: UnitID?
        var measure: Measure
        /// Whether the bulletin of the month is published and the cases are those it froze.
        var frozen: Bool
        /// To four decimals; of the time to reply the median. `null` where there are no cases.
        @Nullable var value: Double?
        /// Of the time to reply.
        var p90: Double?
        /// What the cases bring together, and how many they are.
        var counted: Double
        var of: Int
        var items: [FigureStore.Item]
        @Nullable var nextCursor: Cursor?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        try work.checkListed(unit: params.unitId)
        let isFrozen = try FigureStore.isPublished(params.month, work.db)
        // The level above reads what is published.
        if work.caller.role == .observer, !isFrozen { throw Refusal.notFound }
        let units = params.unitId.map { [$0] } ?? (work.caller.role == .unit ? work.caller.subtree : nil)
        try MeasureStore.prepare(work.db)
        let rows =
            isFrozen
            ? FigureStore.frozen(params.month)
            : try MeasureStore(params.month.first, params.month.last, work).items([params.measure])
        let figures = try FigureStore.histograms(
            "SELECT r.measure, r.unit_id, r.case_id, r.value FROM (\(sql: rows)) AS r WHERE r.measure = \(params.measure)",
            units: units, work.db)
        let all = figures.together[params.measure] ?? Rules.Histogram()
        let (items, next) = try FigureStore.items(
            rows, params.measure, units: units, sight: sight(of: work.caller), limit: params.limit ?? .usual,
            cursor: params.cursor, work.db)
        let isTime = params.measure == .timeToReply
        return Result(
            month: params.month, unitId: params.unitId, measure: params.measure, frozen: isFrozen,
            value: isTime ? all.percentile(0.5) : all.rate, p90: isTime ? all.percentile(0.9) : nil,
            counted: Count.rounded(all.sum), of: all.cases, items: items, nextCursor: next)
    }

    /// A leader reads the numbers of its territory. A unit is measured by cases that it leads or led.
    private static func sight(of caller: Caller) -> SQL {
        caller.role == .leader ? CaseSearch.sight(of: caller) : "true"
    }
}
