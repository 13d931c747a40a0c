import Domain
import Ledger
import ServiceKit

/// 协办异议 — a co-unit says, once, why its part is not its own.
enum ObjectCoOrder: Method {
    static let name = "assignment.objectCoOrder"
    static let roles = StatusTable.roles(of: .objectCoOrder)
    static let kind = MethodKind.caseMutation
    static let summary = "协办异议：a co-unit says, once, why its part is not its own"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var ground: Note
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .objectCoOrder)
        guard let unit = work.caller.unit else { preconditionFailure("a unit's token has no unit") }
        let book = try work.book()
        let step = try Rules.objectCoOrder(
            record, by: unit, ground: params.ground,
            book.policies.policy(at: work.now).terms(record.urgency), book.calendar, at: work.now)
        return try work.save(step, .objectCoOrder)
    }
}
