import Domain
import Ledger
import ServiceKit

/// 办理结果 — whether the facts hold, what was done, and the reply for the public; signed by a person.
enum FileResult: Method {
    static let name = "handling.fileResult"
    static let roles = StatusTable.roles(of: .fileResult)
    static let kind = MethodKind.caseMutation
    static let summary = "办理结果：whether the facts hold, what was done, the public reply; goes to review"

    struct Params: Codable, Sendable {
        /// 挂账 — until it is kept the case is answered, not resolved.
        struct Promise: Codable, Sendable {
            var commitment: Note
            var dueOn: Day
        }
        var caseNumber: CaseNumber
        /// 属实
        var factual: Bool
        var resolution: Resolution
        /// Required unless resolved.
        var unresolvedReason: Note?
        /// When the petitioner was contacted.
        var contactedAt: Instant?
        var internalAccount: Essay
        var publicReply: Essay
        var signedBy: Person
        /// Required co-units that are past their date, and for which the result does not wait.
        var overdueCoUnits: [UnitID]?
        var promises: [Promise]?
        var attachments: [Attachment]?
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        try check(params, at: work.now)
        let record = try work.take(params.caseNumber, for: .fileResult)
        let step = try Rules.fileResult(
            record, reply: params.publicReply, overdueNamed: params.overdueCoUnits ?? [], try work.book().calendar,
            at: work.now)
        let change = try work.save(step, .fileResult)
        try Store.insert(params, of: record, change, at: work.now, work.db)
        return change
    }

    private static func check(_ params: Params, at now: Instant) throws {
        if params.resolution != .resolved, params.unresolvedReason == nil {
            throw Refusal.field("unresolvedReason", "required")
        }
        if let contacted = params.contactedAt, contacted > now.adding(seconds: 300) {
            throw Refusal.field("contactedAt", "lies in the future")
        }
        if (params.overdueCoUnits ?? []).count > 50 {
            throw Refusal.field("overdueCoUnits", "must have at most 50 items")
        }
        let promises = params.promises ?? []
        if promises.count > 50 { throw Refusal.field("promises", "must have at most 50 items") }
        for (index, promise) in promises.enumerated() where promise.dueOn < now.day {
            throw Refusal.field("promises[\(index)].dueOn", "lies in the past")
        }
        try Attachment.check(params.attachments)
    }
}
