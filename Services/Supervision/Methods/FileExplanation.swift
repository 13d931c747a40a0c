import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 情况说明 — a unit explains itself: to a card it was given, or to the bulletin of a month that criticises it.
enum FileExplanation: Method {
    static let name = "supervision.fileExplanation"
    static let roles: Set<Role> = [.unit]
    static let kind = MethodKind.mutation
    static let summary = "情况说明：a unit's written explanation to a card, or to the bulletin that criticises it"

    struct Params: Codable, Sendable {
        /// Of the bulletin; either this or `cardId`.
        var month: Month?
        var cardId: MatterID?
        var unitId: UnitID
        var text: Essay
    }

    struct Result: Codable, Sendable {
        var unitId: UnitID
        var month: Month?
        var cardId: MatterID?
        /// Of the card.
        var caseNumber: CaseNumber?
        var filedAt: Instant
        /// After the day by which the card, or the bulletin that criticises the unit, asked for it.
        var late: Bool?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        guard (params.month == nil) != (params.cardId == nil) else {
            throw Refusal.field(params.month == nil ? "cardId" : "month", "either month or cardId")
        }
        if let month = params.month, month > Month(of: work.now.day) {
            throw Refusal.field("month", "lies in the future")
        }
        try work.checkListed(unit: params.unitId)
        guard params.unitId == work.caller.unit else { throw Refusal.notLeadUnit }
        var result = Result(
            unitId: params.unitId, month: params.month, cardId: params.cardId, filedAt: work.now)
        if let cardId = params.cardId {
            guard let id = cardId.id, let card = try LadderStore.card(id, work.db),
                work.caller.subtree.contains(card.unit)
            else { throw Refusal.notFound }
            // Under the case's lock: an explanation is in the sealed file, or it comes too late.
            try work.lock([card.caseNumber])
            if try work.isArchived(card.caseNumber) { throw Refusal.sealed }
            guard card.unit == params.unitId else { throw Refusal.notLeadUnit }
            result.caseNumber = card.caseNumber
            result.late = work.now > card.explainBy
        }
        if let month = params.month, let due = try BulletinStore.explanationDue(month, params.unitId, work.db) {
            result.late = work.now.day > due
        }
        guard try LadderStore.insert(params, by: work.person, at: work.now, work.db) else {
            throw Refusal.notAccepted("explanationFiled", "已经提交过情况说明")
        }
        return result
    }
}
