import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 计算期限 — the end of the so-many-th working day after a day.
enum ComputeDue: Method {
    static let name = "supervision.computeDue"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "计算期限：the end of the n-th working day after a day; the day itself is day 0"

    /// A day, or a moment whose day (+08:00) counts.
    struct Start: Codable, Sendable, SchemaDescribed {
        let day: Day

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let day = Day(text) ?? Instant(text)?.day else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "must be a day such as 2026-10-08")
            }
            self.day = day
        }

        init(day: Day) { self.day = day }

        func encode(to encoder: any Encoder) throws { try day.encode(to: encoder) }
        static var schema: JSONValue { Day.schema }
        static var sample: Start { Start(day: Day.sample) }
    }

    struct Params: Codable, Sendable {
        var from: Start
        /// 1–400
        var workingDays: Int
    }

    struct Result: Codable, Sendable {
        var dueAt: Instant
        var calendarVersion: Int
        var provisional: Bool
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        guard (1...400).contains(params.workingDays) else { throw Refusal.field("workingDays", "must be 1 to 400") }
        let calendar = try work.book().calendar
        let due = calendar.day(params.workingDays, after: params.from.day)
        return Result(
            dueAt: due.end, calendarVersion: calendar.version,
            provisional: calendar.isProvisional(from: params.from.day, through: due))
    }
}
