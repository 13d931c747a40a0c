import Domain
import Ledger
import ServiceKit

/// 总览 — how many cases there are by status, urgency and lamp, and the measures. Figures, no texts.
enum Overview: Method {
    static let name = "supervision.overview"
    static let roles = Role.callers.subtracting([.source])
    static let kind = MethodKind.read
    static let summary =
        "总览：cases by status, urgency and lamp, and the measures; a unit's with those of the units beneath"

    struct Params: Codable, Sendable {
        /// That unit's and those of the units beneath it; a unit's own without it.
        var unitId: UnitID?
        /// Cases registered, and for the measures due, on these days, both included; at most 400. Without them all cases,
        /// and the measures of the present month.
        var from: Day?
        var to: Day?
    }

    struct ByStatus: Codable, Sendable {
        var registered = 0
        var dispatched = 0
        var returning = 0
        var claimed = 0
        var awaitingPetitioner = 0
        var reported = 0
        var approved = 0
        var replied = 0
        var closed = 0
        var declined = 0
        var merged = 0
        var withdrawn = 0
        var archived = 0

        mutating func add(_ status: CaseStatus, _ cases: Int) {
            switch status {
            case .registered: registered += cases
            case .dispatched: dispatched += cases
            case .returning: returning += cases
            case .claimed: claimed += cases
            case .awaitingPetitioner: awaitingPetitioner += cases
            case .reported: reported += cases
            case .approved: approved += cases
            case .replied: replied += cases
            case .closed: closed += cases
            case .declined: declined += cases
            case .merged: merged += cases
            case .withdrawn: withdrawn += cases
            case .archived: archived += cases
            }
        }
    }

    struct ByUrgency: Codable, Sendable {
        var ordinary = 0
        var important = 0
        var critical = 0

        mutating func add(_ urgency: Urgency, _ cases: Int) {
            switch urgency {
            case .ordinary: ordinary += cases
            case .important: important += cases
            case .critical: critical += cases
            }
        }
    }

    /// Of the open cases.
    struct ByLamp: Codable, Sendable {
        var green = 0
        var yellow = 0
        var red = 0
        var grey = 0

        mutating func add(_ lamp: Lamp, _ cases: Int) {
            switch lamp {
            case .green: green += cases
            case .yellow: yellow += cases
            case .red: red += cases
            case .grey: grey += cases
            }
        }
    }

    struct Result: Codable, Sendable {
        var byStatus = ByStatus()
        var byUrgency = ByUrgency()
        var byLamp = ByLamp()
        var measures: Measures
        /// The cases behind the rates.
        var counts: [Count]
        var bounds: Bounds?
        /// The days whose due dates the measures are of.
        var measuredFrom: Day
        var measuredTo: Day
        /// Where more cases are due than are reckoned at once: since when the measures may have changed.
        var measuredAt: Instant?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        try check(params)
        try work.checkListed(unit: params.unitId)
        let units = try params.unitId.map { try Reference.subtree(of: $0, work.db) } ?? ownUnits(of: work.caller)
        try MeasureStore.prepare(work.db)
        let days = range(params, at: work.now.day)
        let (figures, countedAt) = try figures(days.from, days.to, units, in: work)
        var result = Result(
            measures: Measures(figures), counts: Count.all(figures), bounds: Bounds(figures), measuredFrom: days.from,
            measuredTo: days.to, measuredAt: countedAt)
        let filter = TallyStore.Filter(units: units, from: params.from, to: params.to)
        for row in try TallyStore.rows(filter, at: work.now, work.db) {
            result.byStatus.add(row.status, row.cases)
            result.byUrgency.add(row.urgency, row.cases)
            if let lamp = row.lamp { result.byLamp.add(lamp, row.cases) }
        }
        return result
    }

    /// Reckoned now, or where that is too much taken from what is kept by day.
    private static func figures(
        _ from: Day, _ to: Day, _ units: Set<UnitID>?, in work: Work
    ) throws -> ([Measure: Rules.Histogram], countedAt: Instant?) {
        let policy = try BulletinStore.policy("overview", on: work.now.day, as: OverviewPolicy.self, work.db)
        if try DayMeasureStore.exceeds(policy.liveCasesMax, from: from, to: to, work.db),
            let counted = try DayMeasureStore.countedAt(from: from, to: to, work.db)
        {
            return (try DayMeasureStore.together(from: from, to: to, units: units, work.db), counted)
        }
        let measures = units == nil ? Measure.allCases : unitMeasures
        let rows = try MeasureStore(from, to, work).items(measures)
        return (try FigureStore.histograms(rows, units: units, work.db).together, nil)
    }

    private static let unitMeasures = Measure.allCases.filter { $0 != .declineRate }

    private static func ownUnits(of caller: Caller) -> Set<UnitID>? { caller.role == .unit ? caller.subtree : nil }

    private static func check(_ params: Params) throws {
        for (path, day) in [("from", params.from), ("to", params.to)] {
            if let day, !(1990...2100).contains(day.year) {
                throw Refusal.field(path, "must be of the years 1990 to 2100")
            }
        }
        guard let from = params.from, let to = params.to else { return }
        guard from <= to else { throw Refusal.field("to", "lies before from") }
        guard to.number - from.number < 400 else { throw Refusal.field("to", "the range has more than 400 days") }
    }

    /// With one end only, the month that it lies in, from or up to it.
    private static func range(_ params: Params, at today: Day) -> (from: Day, to: Day) {
        let month = Month(of: params.from ?? params.to ?? today)
        return (params.from ?? month.first, params.to ?? month.last)
    }
}
