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
        .registered, .dispatched, .claimed, .reported, .approved, .replied, .closed, .declined, .archived,
    ]

    /// Method → who → in which of the statuses reached.
    static let rows: [String: [String: [CaseStatus]]] = [
        "intake.classify": ["registrar": [.registered, .dispatched, .claimed], "office": [.dispatched, .claimed]],
        "intake.proposeDecline": ["registrar": [.registered]],
        "intake.confirmDecline": ["office": [.registered]],
        "intake.supplement": [
            "source": [.registered, .dispatched, .claimed, .reported, .approved, .replied],
            "registrar": [.registered, .dispatched, .claimed, .reported, .approved, .replied],
        ],
        "assignment.dispatch": ["office": [.registered]],
        "assignment.claim": ["lead": [.dispatched]],
        "assignment.instruct": ["leader": allButArchived, "office": allButArchived],
        "handling.fileOpinion": ["lead": [.claimed]],
        "handling.addProgress": ["lead": [.claimed]],
        "handling.fileCoResult": ["coUnit": [.dispatched, .claimed]],
        "handling.fileResult": ["lead": [.claimed]],
        "handling.review": ["office": [.reported]],
        "handling.withdrawApproval": ["office": [.approved]],
        "handling.confirmPublication": ["registrar": [.approved], "source": [.approved]],
        "supervision.recordFollowUp": ["supervisor": [.replied, .closed]],
        "supervision.rate": ["source": [.replied, .closed]],
        "supervision.ruleRound": ["office": [.replied]],
        "supervision.urge": [
            "supervisor": [.dispatched, .claimed, .reported, .approved],
            "source": [.dispatched, .claimed, .reported, .approved],
        ],
        "archive.seal": ["service": [.closed, .declined], "admin": [.closed, .declined]],
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
        if method == "assignment.claim", status != .dispatched { return .refused(1004, reason: "alreadyClaimed") }
        return words[actor.word]?.contains(status) == true ? .allowed : .refused(1002, reason: "wrongStatus")
    }

    private static func sees(_ actor: Actor, _ status: CaseStatus) -> Bool {
        switch actor.word {
        case "registrar", "office", "supervisor", "auditor": true
        case "source": actor.who == .source
        case "leader": actor.who == .leader
        case "lead", "coUnit", "above": status != .registered && status != .declined
        default: false
        }
    }

    /// The methods that the actor may use now, sorted: nothing is held for a ruling.
    static func methods(of actor: Actor, in status: CaseStatus) -> [String] {
        rows.filter { $0.value[actor.word]?.contains(status) == true && $0.key != "supervision.ruleRound" }.keys
            .sorted()
    }

    /// The status to which an accepted call with `params` leads.
    static func leadsTo(_ method: String, from status: CaseStatus) -> CaseStatus {
        switch method {
        case "assignment.dispatch": .dispatched
        case "assignment.claim": .claimed
        case "handling.fileResult", "handling.withdrawApproval": .reported
        case "handling.review": .approved
        case "handling.confirmPublication": .replied
        case "supervision.recordFollowUp", "supervision.rate": .closed
        case "archive.seal": .archived
        default: status
        }
    }

    /// Good params. A case that is closed is visited, one that is not is called.
    static func params(_ method: String, _ number: String, _ status: CaseStatus) -> JSONValue {
        let c = JSONValue(number)
        switch method {
        case "intake.classify": return ["caseNumber": c, "category": "urban.noise"]
        case "intake.proposeDecline": return ["caseNumber": c, "ground": "settled", "explanation": "已办结"]
        case "intake.supplement": return ["caseNumber": c, "text": "昨夜仍在施工"]
        case "assignment.dispatch": return ["caseNumber": c, "leadUnitId": "housing"]
        case "assignment.claim": return ["caseNumber": c, "responsiblePerson": ["name": "王主任", "title": "科长"]]
        case "assignment.instruct": return ["caseNumber": c, "text": "从速办理", "leader": ["name": "赵书记", "title": "书记"]]
        case "handling.fileOpinion": return ["caseNumber": c, "opinion": "拟现场核查"]
        case "handling.addProgress": return ["caseNumber": c, "note": "已现场核查", "public": true]
        case "handling.fileCoResult": return ["caseNumber": c, "account": "已配合核查"]
        case "handling.fileResult": return City.result(number)
        case "handling.review": return City.review(number, "approve")
        case "handling.withdrawApproval": return ["caseNumber": c, "reason": "答复有误"]
        case "handling.confirmPublication": return ["caseNumber": c, "way": "phone", "at": "2026-03-02T09:00:00+08:00"]
        case "supervision.recordFollowUp":
            return City.followUp(number, "satisfied", method: status == .closed ? "openVisit" : "phone")
        case "supervision.rate": return ["caseNumber": c, "satisfaction": "satisfied", "resolution": "resolved"]
        case "supervision.ruleRound":
            return [
                "caseNumber": c, "decision": "anotherRound", "ground": "须再办", "leader": ["name": "赵书记", "title": "书记"],
            ]
        case "supervision.urge": return ["caseNumber": c, "text": "请从速"]
        default: return ["caseNumber": c]
        }
    }
}
