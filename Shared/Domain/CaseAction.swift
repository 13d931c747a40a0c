/// Everything that can be done to a case. The raw value is the verb of the method and of the timeline entry.
public enum CaseAction: String, Word {
    case register, classify, proposeDecline, confirmDecline, recall, merge, unmerge, withdraw, supplement
    case dispatch, claim, requestReturn, decideReturn, reassign, changeResponsible, requestExtension, decideExtension
    case addCoOrder, withdrawCoOrder, objectCoOrder, decideCoObjection, changeUrgency, instruct
    case fileOpinion, addProgress, askPetitioner, resume, fileCoResult, fileResult, review, withdrawApproval
    case confirmPublication
    case recordFollowUp, rate, ruleRound, reopen, urge, confirmWithdrawal, requestExclusion, decideExclusion
    case openAccountability
    case settlePromise, recordAccountability
    case lapse, follow, seal
    /// A new version of the calendar moved the case's dates.
    case saveCalendar

    /// The method through which it is done, such as `assignment.claim`; `nil` for what only the clock does, and
    /// for what is done to a promise or to accountability and by its number.
    public var method: String? { service.map { "\($0).\(rawValue)" } }

    private var service: String? {
        switch self {
        case .register, .classify, .proposeDecline, .confirmDecline, .recall, .merge, .unmerge, .withdraw, .supplement:
            "intake"
        case .dispatch, .claim, .requestReturn, .decideReturn, .reassign, .changeResponsible, .requestExtension,
            .decideExtension, .addCoOrder, .withdrawCoOrder, .objectCoOrder, .decideCoObjection, .changeUrgency,
            .instruct:
            "assignment"
        case .fileOpinion, .addProgress, .askPetitioner, .resume, .fileCoResult, .fileResult, .review,
            .withdrawApproval,
            .confirmPublication:
            "handling"
        case .recordFollowUp, .rate, .ruleRound, .reopen, .urge, .confirmWithdrawal, .requestExclusion,
            .decideExclusion,
            .openAccountability:
            "supervision"
        case .seal: "archive"
        case .lapse, .follow, .saveCalendar, .settlePromise, .recordAccountability: nil
        }
    }

    /// The actions that this version serves. `HouseTests` holds it against the services' method tables.
    public static let served: Set<CaseAction> = [
        .register, .classify, .proposeDecline, .confirmDecline, .recall, .merge, .unmerge, .withdraw, .supplement,
        .dispatch, .claim, .requestReturn, .decideReturn, .reassign, .changeResponsible, .requestExtension,
        .decideExtension, .addCoOrder, .withdrawCoOrder, .objectCoOrder, .decideCoObjection, .changeUrgency, .instruct,
        .fileOpinion, .addProgress, .askPetitioner, .resume, .fileCoResult, .fileResult, .review, .withdrawApproval,
        .confirmPublication,
        .recordFollowUp, .rate, .ruleRound, .reopen, .urge, .confirmWithdrawal, .requestExclusion, .decideExclusion,
        .openAccountability,
        .seal,
    ]

    /// What a petitioner may read of a case's life: these entries stand in the public timeline. Of `addProgress` and
    /// `requestExtension` only the interim replies do, of `supplement` nothing but that there was one.
    public var isPublic: Bool {
        switch self {
        case .register, .confirmDecline, .recall, .merge, .unmerge, .withdraw, .confirmWithdrawal, .supplement,
            .dispatch,
            .claim, .reassign, .askPetitioner, .resume, .decideExtension, .confirmPublication, .rate, .reopen, .lapse,
            .follow, .seal, .addProgress, .requestExtension, .fileResult:
            true
        case .classify, .proposeDecline, .requestReturn, .decideReturn, .changeResponsible, .addCoOrder,
            .withdrawCoOrder, .objectCoOrder, .decideCoObjection, .changeUrgency, .instruct, .fileOpinion,
            .fileCoResult,
            .review, .withdrawApproval, .recordFollowUp, .ruleRound, .urge, .requestExclusion, .decideExclusion,
            .openAccountability, .settlePromise, .recordAccountability, .saveCalendar:
            false
        }
    }
}
