import Domain
import Ledger
import ServiceKit

/// 加派协办、转办 — the office has another unit help, or the lead hands a part down to a unit beneath it.
enum AddCoOrder: Method {
    static let name = "assignment.addCoOrder"
    static let roles = StatusTable.roles(of: .addCoOrder)
    static let kind = MethodKind.caseMutation
    static let summary = "加派协办、转办：another unit helps; the lead may hand work down to units beneath it"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var unitId: UnitID
        var task: Note
        /// Whether the lead's result waits for it; true unless said.
        var required: Bool?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .addCoOrder)
        guard let unit = try Reference.units([params.unitId], work.db)[params.unitId] else {
            throw Refusal.unknown("unitId")
        }
        let step = try Rules.addCoOrder(
            record, unit.coUnit, task: params.task, required: params.required ?? true, by: work.caller.orderer,
            at: work.now)
        return try work.save(step, .addCoOrder)
    }
}

extension Caller {
    /// As whom the caller orders co-units. Only the office and the lead unit come so far.
    var orderer: Rules.Orderer { unit.map(Rules.Orderer.lead) ?? .office }
}
