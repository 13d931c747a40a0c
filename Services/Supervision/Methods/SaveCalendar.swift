import Domain
import Ledger
import ServiceKit

/// 节假日安排 — the State Council's notice for a year becomes a new version of the calendar. A sweep then moves the open
/// cases whose dates it changes, once per version.
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
        /// How many open cases have a date that the new version moves.
        var toMove: Int
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        let days = CalendarChange.Days(year: params.year, off: params.off, work: params.work)
        try CalendarChange.check(days)
        let version = try Store.save(
            days.year, .init(off: Set(days.off), work: Set(days.work)), source: params.source, work.db)
        try Store.planMoves(version: version, year: days.year, work.db)
        var toMove = 0
        try CalendarChange.scan(touching: days.year, by: try work.calendar(version), work) { _, _ in
            toMove += 1
            return true
        }
        return Result(calendarVersion: version, toMove: toMove)
    }
}
