import Domain
import Ledger
import ServiceKit

/// 已反馈 — handling tells that a reply was published: the source finds it in its changes, and intake notes that the matter
/// has been answered.
enum ReplyPublished: EventMethod {
    static let name = "intake.replyPublished"
    static let summary = "已反馈（事件）：a reply was published"

    static func handle(_ params: EventParams, in work: Work, of intake: Intake) throws -> Empty {
        let record = try work.find(params.caseNumber)
        try Store.noteAnswer(record.id, version: params.place.version, at: work.now, work.db)
        return Empty()
    }
}
