import Domain
import Ledger
import ServiceKit

/// 询问来信人 — the lead unit puts a question to the petitioner, who reads it through their source or with their code.
enum AskPetitioner: Method {
    static let name = "handling.askPetitioner"
    static let roles = StatusTable.roles(of: .askPetitioner)
    static let kind = MethodKind.caseMutation
    static let summary = "询问来信人：a question to the petitioner; the unit's clocks pause unless the case is critical"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var question: Note
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .askPetitioner)
        let identity = try Store.identity(of: record.number, handling.secrets, work.db)
        let step = try Rules.askPetitioner(record, params.question, identity, try work.book().limits)
        return try work.save(step, .askPetitioner)
    }
}
