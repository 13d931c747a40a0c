import Domain
import Ledger
import ServiceKit

/// 撤销协办 — the office, or the lead for units beneath it, takes a co-order back.
enum WithdrawCoOrder: Method {
    static let name = "assignment.withdrawCoOrder"
    static let roles = StatusTable.roles(of: .withdrawCoOrder)
    static let kind = MethodKind.caseMutation
    static let summary = "撤销协办：takes a co-order back"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var unitId: UnitID
        var reason: Note
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .withdrawCoOrder)
        guard let unit = try Reference.units([params.unitId], work.db)[params.unitId] else {
            throw Refusal.unknown("unitId")
        }
        let step = try Rules.withdrawCoOrder(
            record, unit.coUnit, reason: params.reason, by: work.caller.orderer)
        return try work.save(step, .withdrawCoOrder)
    }
}
