import Domain
import JSONRPC
import ServiceKit

/// 指标 — what a unit is measured by in a month, and what a ruling may exclude a case from.
enum Measure: String, Word {
    case replyRate, responseRate, closureRate, resolutionRate, satisfactionRate, claimRate
    case declineRate, returnRate, reworkRate, extensionRate, repeatRate, recurrenceRate, overdueRate
    case timeToReply

    var chinese: String {
        switch self {
        case .replyRate: "答复率"
        case .responseRate: "按时办结率"
        case .closureRate: "结案率"
        case .resolutionRate: "解决率"
        case .satisfactionRate: "满意率"
        case .claimRate: "按时认领率"
        case .declineRate: "不予受理率"
        case .returnRate: "退单率"
        case .reworkRate: "重办率"
        case .extensionRate: "延期率"
        case .repeatRate: "重复反映率"
        case .recurrenceRate: "反弹率"
        case .overdueRate: "逾期率"
        case .timeToReply: "答复用时（工作日）"
        }
    }

    /// Whether more is better.
    var isMerit: Bool {
        switch self {
        case .replyRate, .responseRate, .closureRate, .resolutionRate, .satisfactionRate, .claimRate: true
        case .declineRate, .returnRate, .reworkRate, .extensionRate, .repeatRate, .recurrenceRate, .overdueRate,
            .timeToReply:
            false
        }
    }

    /// All but the time to reply, which is a number of days.
    static let rates = allCases.filter { $0 != .timeToReply }
}

/// The number of a promise or of accountability, opaque to callers.
struct MatterID: Identifier, SchemaDescribed {
    let text: String
    init(unchecked text: String) { self.text = text }
    init(_ id: Int64) { text = String(id) }

    /// `nil` when nothing can have this number.
    var id: Int64? { Int64(text).flatMap { $0 > 0 ? $0 : nil } }
}

/// A month, written `2026-03`.
struct Month: Codable, Sendable, Hashable, Comparable, SchemaDescribed {
    let year: Int
    /// 1–12
    let month: Int

    init(_ year: Int, _ month: Int) { (self.year, self.month) = (year, month) }
    init(of day: Day) { self.init(day.components.year, day.components.month) }

    /// `nil` unless it is four digits, a hyphen and two digits that are a month of the years 1990–2100.
    init?(_ text: String) {
        guard text.utf8.count == 7, let first = Day("\(text)-01"), (1990...2100).contains(first.year) else {
            return nil
        }
        self.init(of: first)
    }

    var first: Day { Day(year, month, 1) }
    var last: Day { next.first.advanced(by: -1) }
    var next: Month { month == 12 ? Month(year + 1, 1) : Month(year, month + 1) }
    var text: String { String(first.description.prefix(7)) }

    static func < (a: Month, b: Month) -> Bool { a.first < b.first }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let month = Month(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be a month such as 2026-03")
        }
        self = month
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    static var schema: JSONValue { ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"] }
    static var sample: Month { Month(2026, 3) }
}
