import Domain
import Ledger
import ServiceKit

/// 回访 — supervision asks the petitioner, or goes and looks.
enum RecordFollowUp: Method {
    static let name = "supervision.recordFollowUp"
    static let roles = StatusTable.roles(of: .recordFollowUp)
    static let kind = MethodKind.caseMutation
    static let summary = "回访：what the petitioner said by phone, or a visit found"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var method: FollowUpMethod
        var satisfaction: Satisfaction
        /// Required unless nobody was reached, or the type is not asked.
        var resolution: Resolution?
        var note: Note?
        /// Only with a visit: the work was reported as done and is not.
        var falseCompletion: Bool?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange {
        let finding = Rules.Finding(
            satisfaction: params.satisfaction, falseCompletion: params.falseCompletion ?? false, note: params.note?.text
        )
        try Rules.check(finding, params.method, resolution: .resolved, of: .help)
        let record = try work.take(params.caseNumber, for: .recordFollowUp)
        try Rules.check(finding, params.method, resolution: params.resolution, of: record.type)
        let step = try Rules.followUp(record, finding, params.method, try work.book().limits, at: work.now)
        let change = try Closing.save(step, .recordFollowUp, in: work)
        let followUp = Store.FollowUp(
            isRating: false, method: params.method, satisfaction: params.satisfaction, resolution: params.resolution,
            note: params.note, falseCompletion: finding.falseCompletion, counts: true)
        try Store.insert(followUp, round: record.round, change, at: work.now, work.db)
        return change
    }
}
