import JSONRPC

/// What somebody does with a case, with what the rules look at.
enum Act: Sendable, Hashable {
    case classify(urgency: Urgency?, unitText: Bool)
    /// The registry, or the office, finds whom the case complains of, or that it is confidential.
    case sort(about: [String]?, confidential: Bool?)
    case proposeDecline, confirmDecline, recall
    case merge(into: Int), unmerge, withdraw, supplement

    /// With `onGround` the office says why a unit complained of has it all the same.
    case dispatch(to: String, with: [Part], onGround: Bool = false)
    case claim, changeResponsible
    case requestReturn, decideReturn(Ruling, onGround: Bool = false)
    case reassign(to: String, onGround: Bool = false)
    /// The new due day, and whether a statute gives so long.
    case requestExtension(until: Int, byStatute: Bool = false), decideExtension(grant: Bool)
    case addCoOrder(Part), withdrawCoOrder(String), objectCoOrder, decideCoObjection(String, accept: Bool)
    case changeUrgency(Urgency), instruct

    case fileOpinion, addProgress, askPetitioner, resume, fileCoResult
    /// With `naming` the reply tells who wrote.
    case fileResult(without: [String], promiseOn: Int?, naming: Bool = false)
    case approve, sendBack(reopening: [String]), withdrawApproval
    case confirmPublication(onBoard: Bool)

    case recordFollowUp(Asked, visit: Bool, isFalse: Bool), rate(Asked), ruleRound(another: Bool)
    /// The office names the entry of the instruction.
    case reopen(entry: Int?)
    case urge, confirmWithdrawal
    case requestExclusion, decideExclusion, openAccountability, recordAccountability, settlePromise(Outcome)
    case seal

    /// A co-unit's part.
    struct Part: Sendable, Hashable {
        var unit: String
        var isRequired: Bool
    }
    enum Ruling: Sendable, Hashable { case toUnit(String), toRegistry, deny }
    enum Asked: String, Sendable, CaseIterable { case satisfied, basicallySatisfied, dissatisfied, unreachable }
    enum Outcome: Sendable, Hashable { case kept, broken, moved(to: Int) }

    var method: String {
        switch self {
        case .classify, .sort: "intake.classify"
        case .proposeDecline: "intake.proposeDecline"
        case .confirmDecline: "intake.confirmDecline"
        case .recall: "intake.recall"
        case .merge: "intake.merge"
        case .unmerge: "intake.unmerge"
        case .withdraw: "intake.withdraw"
        case .supplement: "intake.supplement"
        case .dispatch: "assignment.dispatch"
        case .claim: "assignment.claim"
        case .changeResponsible: "assignment.changeResponsible"
        case .requestReturn: "assignment.requestReturn"
        case .decideReturn: "assignment.decideReturn"
        case .reassign: "assignment.reassign"
        case .requestExtension: "assignment.requestExtension"
        case .decideExtension: "assignment.decideExtension"
        case .addCoOrder: "assignment.addCoOrder"
        case .withdrawCoOrder: "assignment.withdrawCoOrder"
        case .objectCoOrder: "assignment.objectCoOrder"
        case .decideCoObjection: "assignment.decideCoObjection"
        case .changeUrgency: "assignment.changeUrgency"
        case .instruct: "assignment.instruct"
        case .fileOpinion: "handling.fileOpinion"
        case .addProgress: "handling.addProgress"
        case .askPetitioner: "handling.askPetitioner"
        case .resume: "handling.resume"
        case .fileCoResult: "handling.fileCoResult"
        case .fileResult: "handling.fileResult"
        case .approve, .sendBack: "handling.review"
        case .withdrawApproval: "handling.withdrawApproval"
        case .confirmPublication: "handling.confirmPublication"
        case .recordFollowUp: "supervision.recordFollowUp"
        case .rate: "supervision.rate"
        case .ruleRound: "supervision.ruleRound"
        case .reopen: "supervision.reopen"
        case .urge: "supervision.urge"
        case .confirmWithdrawal: "supervision.confirmWithdrawal"
        case .requestExclusion: "supervision.requestExclusion"
        case .decideExclusion: "supervision.decideExclusion"
        case .openAccountability: "supervision.openAccountability"
        case .recordAccountability: "supervision.recordAccountability"
        case .settlePromise: "supervision.settlePromise"
        case .seal: "archive.seal"
        }
    }

    /// Those that are to have a part.
    var units: [String] {
        switch self {
        case .dispatch(let unit, let parts, _): [unit] + parts.map(\.unit)
        case .reassign(let unit, _), .decideReturn(.toUnit(let unit), _): [unit]
        case .addCoOrder(let part): [part.unit]
        default: []
        }
    }

    /// The method's verb, as it stands in the timeline.
    var verb: String { method.split(separator: ".").last.map(String.init) ?? "" }
}
