import Domain
import JSONRPC
import TestKit

/// DOMAIN's two tables for the actions that are served, written from its text and from nothing else.
enum PermissionTable {
    /// Whom a case may meet: housing leads it, transport is its co-unit, city is above both and so sees it, north is
    /// not concerned. The other source is bound to other channels, the leader of north has another territory.
    struct Actor: Sendable {
        var who: Who
        /// The word for it in `rows`.
        var word: String
    }

    static let actors: [Actor] = [
        Actor(who: .source, word: "source"), Actor(who: .otherSource, word: "source"),
        Actor(who: .registrar, word: "registrar"), Actor(who: .office, word: "office"),
        Actor(who: .unit("housing"), word: "lead"), Actor(who: .unit("transport"), word: "coUnit"),
        Actor(who: .unit("city"), word: "above"), Actor(who: .unit("north"), word: "stranger"),
        Actor(who: .leader, word: "leader"), Actor(who: .northLeader, word: "leader"),
        Actor(who: .supervisor, word: "supervisor"), Actor(who: .auditor, word: "auditor"),
        Actor(who: .observer, word: "observer"), Actor(who: .admin, word: "admin"),
        Actor(who: .service, word: "service"),
        Actor(who: .nobody, word: "nobody"),
    ]

    /// The statuses that the served methods reach.
    static let reached: [CaseStatus] = [
        .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied, .closed,
        .declined, .merged, .withdrawn, .archived,
    ]

    /// Method → who → in which of the statuses reached.
    static let rows: [String: [String: [CaseStatus]]] = [
        "intake.classify": ["registrar": [.registered, .dispatched, .claimed], "office": [.dispatched, .claimed]],
        "intake.proposeDecline": ["registrar": [.registered]],
        "intake.confirmDecline": ["office": [.registered]],
        "intake.supplement": [
            "source": [
                .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied,
                .merged,
            ],
            "registrar": [
                .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied,
                .merged,
            ],
        ],
        "intake.recall": ["office": [.declined], "supervisor": [.declined]],
        "intake.merge": ["registrar": [.registered, .dispatched, .claimed]],
        "intake.unmerge": ["registrar": [.merged]],
        "intake.withdraw": [
            "source": [.registered, .dispatched, .claimed, .awaitingPetitioner],
            "registrar": [.registered, .dispatched, .claimed, .awaitingPetitioner],
        ],
        "assignment.dispatch": ["office": [.registered]],
        "assignment.claim": ["lead": [.dispatched]],
        "assignment.requestReturn": ["lead": [.dispatched, .claimed]],
        "assignment.decideReturn": ["office": [.returning]],
        "assignment.reassign": ["office": [.dispatched, .claimed, .awaitingPetitioner]],
        "assignment.requestExtension": ["lead": [.claimed, .awaitingPetitioner]],
        "assignment.decideExtension": ["office": [.claimed, .awaitingPetitioner]],
        "assignment.addCoOrder": ["office": withUnit, "lead": withUnit],
        "assignment.withdrawCoOrder": ["office": withUnit, "lead": withUnit],
        "assignment.objectCoOrder": ["coUnit": [.dispatched, .claimed, .awaitingPetitioner]],
        "assignment.decideCoObjection": ["office": [.dispatched, .claimed, .awaitingPetitioner]],
        "assignment.changeUrgency": ["office": [.dispatched, .returning, .claimed, .awaitingPetitioner]],
        "assignment.changeResponsible": ["lead": [.claimed, .awaitingPetitioner, .reported, .approved]],
        "assignment.instruct": ["leader": allButArchived, "office": allButArchived],
        "handling.fileOpinion": ["lead": [.claimed]],
        "handling.addProgress": ["lead": [.claimed, .awaitingPetitioner]],
        "handling.askPetitioner": ["lead": [.claimed]],
        "handling.resume": ["lead": [.awaitingPetitioner]],
        "handling.fileCoResult": ["coUnit": [.dispatched, .claimed, .awaitingPetitioner]],
        "handling.fileResult": ["lead": [.claimed]],
        "handling.review": ["office": [.reported]],
        "handling.withdrawApproval": ["office": [.approved]],
        "handling.confirmPublication": ["registrar": [.approved], "source": [.approved]],
        "supervision.recordFollowUp": ["supervisor": [.replied, .closed]],
        "supervision.rate": ["source": [.replied, .closed]],
        "supervision.ruleRound": ["office": [.replied]],
        "supervision.urge": [
            "supervisor": [.dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved],
            "source": [.dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved],
        ],
        "supervision.reopen": ["source": [.closed], "supervisor": [.closed], "office": [.closed]],
        "supervision.confirmWithdrawal": ["supervisor": withUnit],
        "supervision.requestExclusion": ["lead": dispatchedToClosed, "supervisor": dispatchedToClosed],
        "supervision.decideExclusion": ["office": dispatchedToClosed],
        "supervision.openAccountability": ["supervisor": dispatchedToClosed],
        "archive.seal": ["service": [.closed, .declined, .withdrawn], "admin": [.closed, .declined, .withdrawn]],
    ]
    private static let withUnit: [CaseStatus] = [.dispatched, .claimed, .awaitingPetitioner]
    private static let dispatchedToClosed: [CaseStatus] = [
        .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied, .closed,
    ]
    private static let allButArchived = reached.filter { $0 != .archived }

    enum Expected: Equatable {
        case allowed
        case refused(Int, reason: String?)
    }

    /// What CONTRACT's order of checks says of the pair.
    static func expected(_ method: String, _ actor: Actor, in status: CaseStatus) -> Expected {
        guard let role = actor.who.role else { return .refused(-32001, reason: "unauthenticated") }
        let words = rows[method] ?? [:]
        let isForUnits = words["lead"] != nil || words["coUnit"] != nil
        guard role == .unit ? isForUnits : words[actor.word] != nil else {
            return .refused(-32003, reason: "roleNotAllowed")
        }
        guard sees(actor, status) || method == "archive.seal" else { return .refused(1001, reason: "notFound") }
        if status == .archived { return .refused(1010, reason: "sealed") }
        // Where co-units act, the lead is not the one who may.
        if role == .unit, words[actor.word] == nil {
            return .refused(-32003, reason: actor.word == "lead" ? nil : "notLeadUnit")
        }
        if method == "assignment.claim", ![.dispatched, .returning].contains(status) {
            return .refused(1004, reason: "alreadyClaimed")
        }
        return words[actor.word]?.contains(status) == true ? .allowed : .refused(1002, reason: "wrongStatus")
    }

    private static func sees(_ actor: Actor, _ status: CaseStatus) -> Bool {
        switch actor.word {
        case "registrar", "office", "supervisor", "auditor": true
        case "source": actor.who == .source
        case "leader": actor.who == .leader
        case "lead", "coUnit", "above": ![.registered, .declined, .merged, .withdrawn].contains(status)
        default: false
        }
    }

    /// What decides something that nobody has asked for in these cases.
    static let decisions: Set<String> = [
        "supervision.ruleRound", "assignment.decideExtension", "assignment.decideCoObjection",
        "supervision.confirmWithdrawal", "supervision.decideExclusion",
    ]

    /// Whether more than the status is needed: without it they are refused by a rule. The lead withdraws the co-orders
    /// of units beneath it only, no case is merged into itself, and what is named for reopening is no instruction.
    static func needsMore(_ method: String, _ actor: Actor) -> Bool {
        decisions.contains(method) || ["intake.confirmDecline", "intake.merge", "supervision.reopen"].contains(method)
            || (method == "assignment.withdrawCoOrder" && actor.word == "lead")
    }

    /// The methods that the actor may use now, sorted: nothing is held for a decision.
    static func methods(of actor: Actor, in status: CaseStatus) -> [String] {
        rows.filter { $0.value[actor.word]?.contains(status) == true && !decisions.contains($0.key) }.keys.sorted()
    }

    /// The status to which an accepted call with `params` leads.
    static func leadsTo(_ method: String, from status: CaseStatus) -> CaseStatus {
        switch method {
        case "assignment.dispatch", "assignment.reassign", "assignment.decideReturn": .dispatched
        case "assignment.requestReturn": .returning
        case "assignment.claim", "handling.resume", "supervision.reopen": .claimed
        case "intake.supplement" where status == .awaitingPetitioner: .claimed
        case "handling.askPetitioner": .awaitingPetitioner
        case "intake.recall", "intake.unmerge": .registered
        case "intake.withdraw" where status == .registered: .withdrawn
        case "handling.fileResult", "handling.withdrawApproval": .reported
        case "handling.review": .approved
        case "handling.confirmPublication": .replied
        case "supervision.recordFollowUp", "supervision.rate": .closed
        case "archive.seal": .archived
        default: status
        }
    }
}
