import Domain
import Ledger
import ServiceKit

/// 调整紧急程度 — from now on the case runs under the terms of another urgency.
enum ChangeUrgency: Method {
    static let name = "assignment.changeUrgency"
    static let roles = StatusTable.roles(of: .changeUrgency)
    static let kind = MethodKind.caseMutation
    static let summary = "调整紧急程度：the earlier of the old due date and the new term counted from now"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var urgency: Urgency
        var ground: Note
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .changeUrgency)
        let step = try Rules.changeUrgency(record, to: params.urgency, ground: params.ground, at: work.now)
        let change = try work.save(step, .changeUrgency)
        try Store.insertUrgency(
            change, from: record.urgency, to: params.urgency, ground: params.ground, at: work.now, work.db)
        return change
    }
}
