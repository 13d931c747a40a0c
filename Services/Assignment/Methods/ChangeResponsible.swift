import Domain
import Ledger
import ServiceKit

/// 变更责任人 — the lead unit names another person who answers for the case.
enum ChangeResponsible: Method {
    static let name = "assignment.changeResponsible"
    static let roles = StatusTable.roles(of: .changeResponsible)
    static let kind = MethodKind.caseMutation
    static let summary = "变更责任人：the lead unit names another person who answers for the case"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var responsiblePerson: Claim.Responsible
        var reason: Note
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .changeResponsible)
        guard let unit = record.leadUnitId else { preconditionFailure("a claimed case has no lead unit") }
        let change = try work.save(
            Rules.changeResponsible(record, to: params.responsiblePerson.person, params.reason), .changeResponsible)
        try Store.insertResponsible(
            change, unit: unit, params.responsiblePerson, reason: params.reason, at: work.now, work.db)
        return change
    }
}
