import Domain
import Ledger
import ServiceKit

/// 反馈 — whoever published the approved reply says how, when and where, with a digest of what was read back.
enum ConfirmPublication: Method {
    static let name = "handling.confirmPublication"
    static let roles = StatusTable.roles(of: .confirmPublication)
    static let kind = MethodKind.caseMutation
    static let summary = "确认反馈：how, when and where the approved reply was published"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var way: PublicationWay
        var at: Instant
        /// Both required for a board.
        var url: WebAddress?
        var sha256: Digest256?
        /// The original post is gone, and the reply was given another way.
        var originalGone: Bool?
        var note: Note?
    }

    struct Result: Codable, Sendable {
        var caseNumber: CaseNumber
        var status: CaseStatus
        var version: Int
        /// What was read back is not the approved text.
        var differs: Bool?
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> Result {
        if params.way == .board {
            if params.url == nil { throw Refusal.field("url", "required") }
            if params.sha256 == nil { throw Refusal.field("sha256", "required") }
        }
        if params.at > work.now { throw Refusal.field("at", "lies in the future") }
        let record = try work.take(params.caseNumber, for: .confirmPublication)
        let step = try Rules.confirmPublication(record, params.way, at: params.at, now: work.now)
        let approved = Secrets.hex(Secrets.sha256(Array((record.approvedReply?.text ?? "").utf8)))
        let differs = params.sha256.map { $0.text != approved } ?? false
        let change = try work.save(step, .confirmPublication)
        try Store.insert(params, differs: differs, change, work.db)
        return Result(
            caseNumber: change.caseNumber, status: change.status, version: change.version, differs: differs ? true : nil
        )
    }
}
