import Domain
import Ledger
import ServiceKit

/// 申请延期 — the lead unit asks for a later day, and tells the petitioner how the matter stands.
enum RequestExtension: Method {
    static let name = "assignment.requestExtension"
    static let roles = StatusTable.roles(of: .requestExtension)
    static let kind = MethodKind.caseMutation
    static let summary = "申请延期：asks for a later day, with reason, legal basis and an interim reply"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        /// The result is to be due at its end.
        var until: Day
        var reason: Note
        var legalBasis: Note
        /// The petitioner reads it.
        var interimReply: Essay
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .requestExtension)
        let book = try work.book()
        let step = try Rules.requestExtension(
            record, .init(until: params.until, legalBasis: params.legalBasis, interimReply: params.interimReply),
            try Store.identity(of: record.number, assignment.secrets, work.db),
            book.policies.policy(at: work.now).terms(record.urgency), book.limits, book.calendar, at: work.now)
        let change = try work.save(step, .requestExtension)
        try Store.insert(params, of: record, change, at: work.now, work.db)
        return change
    }
}
