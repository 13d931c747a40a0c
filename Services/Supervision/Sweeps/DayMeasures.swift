import Domain
import Ledger
import ServiceKit

/// 日指标 — keeps the measures day by day where the present month has more cases than an overview should reckon with; a day
/// in each unit of work, and one instance at a time.
enum DayMeasures: Sweep {
    static let name = "dayMeasures"

    static func run(upTo limit: Int, in work: Work, of supervision: Supervision) throws -> Int {
        let today = work.now.day
        let month = Month(of: today)
        let policy = try BulletinStore.policy("overview", on: today, as: OverviewPolicy.self, work.db)
        guard
            try DayMeasureStore.exceeds(policy.liveCasesMax, from: month.first, to: month.last, work.db),
            let day = try DayMeasureStore.stalest(policy, at: work.now, work.db)
        else { return 0 }
        try MeasureStore.prepare(work.db)
        var measures = try MeasureStore(today.advanced(by: -policy.days), month.last, work)
        measures.around = day
        try DayMeasureStore.recount(day, measures, work.db)
        return limit
    }
}
