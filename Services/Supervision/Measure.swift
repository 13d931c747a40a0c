import Domain
import JSONRPC
import ServiceKit

/// 指标 — what a unit is measured by in a month, and what a ruling may exclude a case from.
enum Measure: String, Word {
    case replyRate, responseRate, closureRate, resolutionRate, satisfactionRate, claimRate
    case declineRate, returnRate, reworkRate, extensionRate, repeatRate, recurrenceRate, overdueRate
    case timeToReply
}

/// The number of a promise or of accountability, opaque to callers.
struct MatterID: Identifier, SchemaDescribed {
    let text: String
    init(unchecked text: String) { self.text = text }
    init(_ id: Int64) { text = String(id) }

    /// `nil` when nothing can have this number.
    var id: Int64? { Int64(text).flatMap { $0 > 0 ? $0 : nil } }
}
