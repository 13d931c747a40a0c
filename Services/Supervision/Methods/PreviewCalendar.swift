import Domain
import Ledger
import ServiceKit

/// 预览节假日安排 — which open cases a changed calendar would move, before it is saved.
enum PreviewCalendar: Method {
    static let name = "supervision.previewCalendar"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.read
    static let summary = "预览节假日安排：which open cases a changed calendar would move, and from when to when"

    struct Params: Codable, Sendable {
        /// 1990–2100
        var year: Int
        var off: [Day]
        var work: [Day]
        var source: Note?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Result: Codable, Sendable {
        struct Item: Codable, Sendable {
            var caseNumber: CaseNumber
            /// The date of the holder's clock where that moves; else the first that does.
            var from: Instant
            var to: Instant
        }
        var total: Int
        var items: [Item]
        @Nullable var nextCursor: Cursor?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        let days = CalendarChange.Days(year: params.year, off: params.off, work: params.work)
        try CalendarChange.check(days)
        let calendar = try work.book().calendar.replacing(
            days.year, with: .init(off: Set(days.off), work: Set(days.work)))
        let after = try params.cursor?.places(1)[0] ?? 0
        let limit = (params.limit ?? .usual).count
        var (total, items, last) = (0, [Result.Item](), Int64(0))
        try CalendarChange.scan(touching: days.year, by: calendar, work) { id, moves in
            total += 1
            if id > after, items.count <= limit, let shown = moves.first(where: { $0.stage != .reply }) ?? moves.first {
                if items.count < limit { last = id }
                items.append(.init(caseNumber: CaseNumber(id: id), from: shown.from, to: shown.to))
            }
            return true
        }
        let hasMore = items.count > limit
        return Result(total: total, items: Array(items.prefix(limit)), nextCursor: hasMore ? Cursor(last) : nil)
    }
}
