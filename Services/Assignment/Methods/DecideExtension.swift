import Domain
import Ledger
import ServiceKit

/// 延期审批 — the office grants or refuses the extension that waits.
enum DecideExtension: Method {
    static let name = "assignment.decideExtension"
    static let roles = StatusTable.roles(of: .decideExtension)
    static let kind = MethodKind.caseMutation
    static let summary = "延期审批：grants or refuses the extension that waits"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var decision: ExtensionDecision
        var ground: Note
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .decideExtension)
        let step = try Rules.decideExtension(
            record, params.decision, ground: params.ground, try work.book().calendar, at: work.now)
        let change = try work.save(step, .decideExtension)
        let dueAt = try work.find(params.caseNumber).clocks[.result]?.dueAt
        try Store.insert(params, of: record, dueAt: dueAt, change, at: work.now, work.db)
        return change
    }
}
