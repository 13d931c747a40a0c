import Domain
import Ledger
import ServiceKit

/// 继续办理 — the lead unit goes on without waiting for the petitioner's answer any longer.
enum Resume: Method {
    static let name = "handling.resume"
    static let roles = StatusTable.roles(of: .resume)
    static let kind = MethodKind.caseMutation
    static let summary = "继续办理：the unit no longer waits for the petitioner; its clocks run again"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var note: Note
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .resume)
        return try work.save(Rules.resume(record, params.note), .resume)
    }
}
