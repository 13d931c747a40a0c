import Domain
import Ledger
import ServiceKit

/// 催办 — reminds whoever holds the case. It moves no clock.
enum Urge: Method {
    static let name = "supervision.urge"
    static let roles = StatusTable.roles(of: .urge)
    static let kind = MethodKind.caseMutation
    static let summary = "催办：reminds whoever holds the case; moves no clock"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var text: Note
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .urge)
        return try work.save(Rules.urge(record, params.text), .urge)
    }
}
