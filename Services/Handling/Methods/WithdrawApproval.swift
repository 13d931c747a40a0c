import Domain
import Ledger
import ServiceKit

/// 撤回审定 — the office takes its approval back before the reply is published.
enum WithdrawApproval: Method {
    static let name = "handling.withdrawApproval"
    static let roles = StatusTable.roles(of: .withdrawApproval)
    static let kind = MethodKind.caseMutation
    static let summary = "撤回审定：takes an approval back before publication"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var reason: Note
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .withdrawApproval)
        let published = try Timeline.entries(of: record.id, work.db).last { $0.action == .confirmPublication }?.note
        return try work.save(
            Rules.withdrawApproval(record, published: published, reason: params.reason), .withdrawApproval)
    }
}
