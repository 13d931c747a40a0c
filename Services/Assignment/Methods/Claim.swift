import Domain
import Ledger
import ServiceKit

/// 认领 — the lead unit takes the case and names the person who answers for it. One claim wins.
enum Claim: Method {
    static let name = "assignment.claim"
    static let roles = StatusTable.roles(of: .claim)
    static let kind = MethodKind.caseMutation
    static let summary = "认领：the lead unit takes the case and names who answers for it; one claim wins"

    struct Responsible: Codable, Sendable {
        var name: Name
        var title: Name
        /// An office line; shown in no view.
        var phone: Name?

        var person: Person { Person(name: name, title: title) }
    }

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var responsiblePerson: Responsible
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .claim)
        guard let unit = record.leadUnitId else { preconditionFailure("a dispatched case has no lead unit") }
        let change = try work.save(Rules.claim(record, by: params.responsiblePerson.person), .claim)
        try Store.insertClaim(
            change, unit: unit, params.responsiblePerson, isLate: Rules.isLate(record, at: work.now), at: work.now,
            work.db)
        return change
    }
}
