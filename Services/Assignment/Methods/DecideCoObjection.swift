import Domain
import Ledger
import ServiceKit

/// 协办异议裁定 — the office withdraws the co-order, or lets it stand.
enum DecideCoObjection: Method {
    static let name = "assignment.decideCoObjection"
    static let roles = StatusTable.roles(of: .decideCoObjection)
    static let kind = MethodKind.caseMutation
    static let summary = "协办异议裁定：withdraws the co-order, or lets it stand"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var unitId: UnitID
        var decision: ObjectionDecision
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .decideCoObjection)
        guard let name = try Reference.names(of: [params.unitId], work.db)[params.unitId] else {
            throw Refusal.unknown("unitId")
        }
        return try work.save(
            try Rules.decideCoObjection(record, params.unitId, name: name, params.decision), .decideCoObjection)
    }
}
