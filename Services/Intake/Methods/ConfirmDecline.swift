import Domain
import Ledger
import ServiceKit

/// 不予受理 — the office confirms that a case is declined; the petitioner reads why and where to turn.
enum ConfirmDecline: Method {
    static let name = "intake.confirmDecline"
    static let roles = StatusTable.roles(of: .confirmDecline)
    static let kind = MethodKind.caseMutation
    static let summary = "确认不予受理：declines a case on the registry's proposal"

    struct Params: Codable, Sendable { var caseNumber: CaseNumber }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .confirmDecline)
        // A proposal that was overtaken, as by a recall, is none.
        guard record.isDeclineProposed, let decline = try Store.lastDecline(of: record.id, work.db) else {
            throw Refusal.notAccepted("noProposal", "尚无不予受理的建议")
        }
        if try work.hasMembers(record) { throw Refusal.notAccepted("hasMembers", "该件有并入件，须先移出") }
        let answer = Rules.declineAnswer(decline.ground, decline.explanation, rightChannel: decline.rightChannel)
        return try work.save(try Rules.confirmDecline(record, answer: answer, at: work.now), .confirmDecline)
    }
}
