import Domain
import Ledger
import ServiceKit

/// 已反馈 — supervision looks at the case, whose petitioner it must now ask.
enum ReplyPublished: EventMethod {
    static let name = "supervision.replyPublished"
    static let summary = "已反馈（事件）：supervision looks at the case"

    static func handle(_ params: EventParams, in work: Work, of supervision: Supervision) throws -> Empty {
        guard let record = try work.takeBeside(params.caseNumber) else { throw Refusal.notFound }
        try Ladder.look(at: [record.watched], in: work)
        return Empty()
    }
}
