import Domain
import Ledger
import ServiceKit

/// 审定 — the two offices approve a result, or send it back for rework.
enum Review: Method {
    static let name = "handling.review"
    static let roles = StatusTable.roles(of: .review)
    static let kind = MethodKind.caseMutation
    static let summary = "审定：approves a result, or sends it back for rework"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var decision: ReviewDecision
        var comment: Note
        var reviewer: Person
        /// With sendBack: the co-units whose part is to be done again.
        var reopenCoOrders: [UnitID]?
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        let reopen = params.reopenCoOrders ?? []
        if reopen.count > 50 { throw Refusal.field("reopenCoOrders", "must have at most 50 items") }
        if params.decision == .approve, !reopen.isEmpty { throw Refusal.field("reopenCoOrders", "only with sendBack") }
        let record = try work.take(params.caseNumber, for: .review)
        let step =
            switch params.decision {
            case .approve:
                try Rules.approve(
                    record, try Store.identity(of: record.number, handling.secrets, work.db), comment: params.comment,
                    at: work.now)
            case .sendBack: try Rules.sendBack(record, comment: params.comment, reopen: reopen)
            }
        let change = try work.save(step, .review)
        try Store.insert(params, change, work.db)
        return change
    }
}
