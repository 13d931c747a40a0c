import Domain
import Ledger
import ServiceKit

/// 恢复受理 — a decline is taken back; the registry has the case again.
enum Recall: Method {
    static let name = "intake.recall"
    static let roles = StatusTable.roles(of: .recall)
    static let kind = MethodKind.caseMutation
    static let summary = "恢复受理：takes a decline back within 30 days"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var reason: Note
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .recall)
        let step = try Rules.recall(record, reason: params.reason, try work.book().limits, at: work.now)
        return try work.save(step, .recall)
    }
}
