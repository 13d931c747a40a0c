import Domain
import Ledger
import ServiceKit

/// 已反馈 — supervision plans when to ask the petitioner.
enum ReplyPublished: EventMethod {
    static let name = "supervision.replyPublished"
    static let summary = "已反馈（事件）：plans supervision's next look"

    static func handle(_ params: EventParams, in work: Work, of supervision: Supervision) throws -> Empty {
        try Store.plan(try work.find(params.caseNumber), work.db)
        return Empty()
    }
}
