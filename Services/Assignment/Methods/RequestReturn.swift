import Domain
import Ledger
import ServiceKit

/// 退单 — the lead unit hands a case back, citing the clause that makes it another's.
enum RequestReturn: Method {
    static let name = "assignment.requestReturn"
    static let roles = StatusTable.roles(of: .requestReturn)
    static let kind = MethodKind.caseMutation
    static let summary = "退单：the lead unit hands a case back, with its ground and the duty clause"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var ground: Note
        /// The clause of the duties by which it is not this unit's.
        var dutyClause: Note
        var suggestedUnitId: UnitID?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .requestReturn)
        guard let unit = record.leadUnitId else { preconditionFailure("a dispatched case has no lead unit") }
        let suggested = params.suggestedUnitId
        let name = try suggested.flatMap { try Reference.names(of: [$0], work.db)[$0] }
        if suggested != nil, name == nil { throw Refusal.unknown("suggestedUnitId") }
        let book = try work.book()
        let step = try Rules.requestReturn(
            record, ground: params.ground, dutyClause: params.dutyClause, suggested: name,
            book.policies.policy(at: work.now).terms(record.urgency), book.limits, book.calendar, at: work.now)
        let change = try work.save(step, .requestReturn)
        try Store.insert(
            params, of: unit, isAdjudication: Rules.isAdjudication(step.record), change, at: work.now, work.db)
        return change
    }
}
