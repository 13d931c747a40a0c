import Domain
import Ledger
import ServiceKit

/// 补充 — the petitioner adds to their message.
enum Supplement: Method {
    static let name = "intake.supplement"
    static let roles = StatusTable.roles(of: .supplement)
    static let kind = MethodKind.caseMutation
    static let summary = "补充：adds to a message; answers the question of a unit that waits for it"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var text: Essay
        var attachments: [Attachment]?
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        try Attachment.check(params.attachments)
        let record = try work.take(params.caseNumber, for: .supplement)
        let change = try work.save(Rules.supplement(record, params.text.text), .supplement)
        try Store.insertSupplement(params.text.text, params.attachments ?? [], change, at: work.now, work.db)
        return change
    }
}
