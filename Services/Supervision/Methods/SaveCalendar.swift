import Domain
import Ledger
import ServiceKit

/// 节假日安排 — the State Council's notice for a year becomes a new version of the calendar. Dates already given keep the
/// version they were counted with.
enum SaveCalendar: Method {
    static let name = "supervision.saveCalendar"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.mutation
    static let summary = "保存节假日安排：a year's days off and make-up days, as a new version of the calendar"

    struct Params: Codable, Sendable {
        /// 1990–2100
        var year: Int
        var off: [Day]
        var work: [Day]
        /// The notice it comes from.
        var source: Note
    }

    struct Result: Codable, Sendable {
        var calendarVersion: Int
        /// How many open cases have a date that the new version would move.
        var toMove: Int
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        try check(params)
        let version = try Store.save(
            params.year, WorkCalendar.Year(off: Set(params.off), work: Set(params.work)), source: params.source, work.db
        )
        return Result(
            calendarVersion: version, toMove: try count(touching: params.year, by: try work.calendar(version), work))
    }

    private static func check(_ params: Params) throws {
        guard (1990...2100).contains(params.year) else { throw Refusal.field("year", "must be 1990 to 2100") }
        for (path, days) in [("off", params.off), ("work", params.work)] {
            if days.count > 50 { throw Refusal.field(path, "must have at most 50 items") }
            for (index, day) in days.enumerated() where day.year != params.year {
                throw Refusal.field("\(path)[\(index)]", "lies in another year")
            }
        }
        for (index, day) in params.work.enumerated() where params.off.contains(day) {
            throw Refusal.field("work[\(index)]", "is also a day off")
        }
    }

    private static func count(touching year: Int, by calendar: WorkCalendar, _ work: Work) throws -> Int {
        let policies = try work.book().policies
        var (count, last) = (0, Int64(0))
        while true {
            let batch = try Store.openCases(touching: year, after: last, work.db)
            for record in batch {
                let recounted = Clocks(try ClockFacts.all(of: record.id, work.db), policies) { _ in calendar }
                let isMoved = record.clocks.all.contains { old in
                    recounted[old.stage].map { Rules.moves(old, to: $0, calendar, at: work.now) } ?? false
                }
                if isMoved { count += 1 }
            }
            guard let end = batch.last else { return count }
            last = end.id
        }
    }
}
