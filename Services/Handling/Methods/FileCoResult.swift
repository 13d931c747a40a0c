import Domain
import Ledger
import ServiceKit

/// 协办情况 — a co-unit says what it did for its part.
enum FileCoResult: Method {
    static let name = "handling.fileCoResult"
    static let roles = StatusTable.roles(of: .fileCoResult)
    static let kind = MethodKind.caseMutation
    static let summary = "协办情况：what a co-unit did for its part"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var account: Essay
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .fileCoResult)
        guard let unit = work.caller.unit else { preconditionFailure("a unit's token has no unit") }
        let change = try work.save(try Rules.fileCoResult(record, by: unit, params.account), .fileCoResult)
        try Store.insertCoResult(change, unit: unit, params.account, work.db)
        return change
    }
}
