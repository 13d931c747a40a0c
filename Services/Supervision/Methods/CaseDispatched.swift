import Domain
import Ledger
import ServiceKit

/// 已交办 — supervision looks at the case: takes the steps that are due and plans its next look.
enum CaseDispatched: EventMethod {
    static let name = "supervision.caseDispatched"
    static let summary = "已交办（事件）：supervision looks at the case"

    static func handle(_ params: EventParams, in work: Work, of supervision: Supervision) throws -> Empty {
        guard let record = try work.takeBeside(params.caseNumber) else { throw Refusal.notFound }
        try Ladder.look(at: [record.watched], in: work)
        return Empty()
    }
}
