import Domain
import Ledger
import ServiceKit

/// 拟不予受理 — the registry proposes to decline a case, with its ground; the office decides.
enum ProposeDecline: Method {
    static let name = "intake.proposeDecline"
    static let roles = StatusTable.roles(of: .proposeDecline)
    static let kind = MethodKind.caseMutation
    static let summary = "拟不予受理：ground, explanation, the right channel; emergencyLine also with the hand-over"

    struct Params: Codable, Sendable {
        /// 移送 — to whom the matter was handed over, under which receipt, when.
        struct Transfer: Codable, Sendable {
            var name: Name
            var receipt: Name
            var at: Instant
        }
        var caseNumber: CaseNumber
        var ground: DeclineGround
        var explanation: Essay
        var rightChannel: Note?
        var transferredTo: Transfer?
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        try Rules.checkHandOver(params.ground, isTransferred: params.transferredTo != nil)
        try Rules.notInFuture(params.transferredTo?.at, "transferredTo.at", at: work.now)
        let record = try work.take(params.caseNumber, for: .proposeDecline)
        let change = try work.save(Rules.proposeDecline(record, explanation: params.explanation), .proposeDecline)
        let decline = Store.Decline(
            ground: params.ground, explanation: params.explanation, rightChannel: params.rightChannel)
        try Store.insertDecline(decline, transferred: params.transferredTo, change, at: work.now, work.db)
        return change
    }
}
