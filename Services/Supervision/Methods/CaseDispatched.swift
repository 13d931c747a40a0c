import Domain
import Ledger
import ServiceKit

/// 已交办 — supervision plans its next look at the case.
enum CaseDispatched: EventMethod {
    static let name = "supervision.caseDispatched"
    static let summary = "已交办（事件）：plans supervision's next look"

    static func handle(_ params: EventParams, in work: Work, of supervision: Supervision) throws -> Empty {
        try Store.plan(try work.find(params.caseNumber), work.db)
        return Empty()
    }
}
