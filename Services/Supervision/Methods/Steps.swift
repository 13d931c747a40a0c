import Domain
import Ledger
import ServiceKit

/// 督办台账 — the steps of the ladder that were taken, and the cards, newest first.
enum Steps: Method {
    static let name = "supervision.steps"
    static let roles = Role.caseReaders.subtracting([.source])
    static let kind = MethodKind.read
    static let summary = "督办台账：the ladder's steps and the cards, newest first"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber?
        /// The unit they were taken against.
        var unitId: UnitID?
        var step: SupervisionStep?
        var card: CardColour?
        /// The days on which they were taken, both included; together at most 400.
        var from: Day?
        var to: Day?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Item: Codable, Sendable, Hashable {
        var stepId: MatterID
        var caseNumber: CaseNumber
        var step: SupervisionStep
        /// The clock whose step it is.
        var stage: Stage
        var round: Int
        var holder: Party
        /// With a unit's clock.
        var unitId: UnitID?
        /// The official to whom a paper goes: the unit's deputy in charge, from the supervision letter on its head.
        var addressee: Name?
        /// The due date by which it was taken.
        var dueAt: Instant
        var at: Instant
        var card: Card?
        /// Where a later extension or calendar made it wrong; it counts in nothing.
        var wrong: Wrong?
    }

    struct Card: Codable, Sendable, Hashable {
        var cardId: MatterID
        var colour: CardColour
        /// Until then the unit owes its explanation.
        var explainBy: Instant
        var explainedAt: Instant?
        /// Shown where the steps of one case are asked for.
        var explanation: Essay?
    }

    struct Wrong: Codable, Sendable, Hashable {
        var since: Instant
        /// The due date that made it so.
        var dueAt: Instant
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Page<Item> {
        if let from = params.from, let to = params.to {
            guard from <= to else { throw Refusal.field("to", "lies before from") }
            guard to.number - from.number < 400 else { throw Refusal.field("to", "the range has more than 400 days") }
        }
        if let number = params.caseNumber { _ = try work.find(number) }
        try work.checkListed(unit: params.unitId)
        let limit = (params.limit ?? .usual).count
        let found = try LadderStore.list(params, for: work.caller, limit: limit + 1, work.db)
        let page = Array(found.prefix(limit))
        guard found.count > limit, let last = page.last, let id = last.stepId.id else {
            return Page(items: page, nextCursor: nil)
        }
        return Page(items: page, nextCursor: Cursor(last.at.milliseconds, id))
    }
}
