import Domain
import Ledger
import ServiceKit

/// 撤件 — the petitioner takes a message back: at once before dispatch, afterwards when supervision has confirmed it.
enum Withdraw: Method {
    static let name = "intake.withdraw"
    static let roles = StatusTable.roles(of: .withdraw)
    static let kind = MethodKind.caseMutation
    static let summary = "撤件：takes a message back; after dispatch supervision confirms it first"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var reason: Note
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .withdraw)
        let step = try Rules.withdraw(
            record, reason: params.reason, hasMembers: try work.hasMembers(record), at: work.now)
        return try work.save(step, .withdraw)
    }
}
