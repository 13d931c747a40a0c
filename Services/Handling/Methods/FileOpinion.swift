import Domain
import Ledger
import ServiceKit

/// 办理意见 — what the lead unit means to do. Critical cases owe one within four days.
enum FileOpinion: Method {
    static let name = "handling.fileOpinion"
    static let roles = StatusTable.roles(of: .fileOpinion)
    static let kind = MethodKind.caseMutation
    static let summary = "办理意见：what the lead unit means to do"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var opinion: Essay
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .fileOpinion)
        return try work.save(Rules.fileOpinion(record, params.opinion), .fileOpinion)
    }
}
