/// The status table: what moves a case, who may, and where to. DOMAIN's two tables, row for row.
///
/// A pair of status and action that stands in no row is refused and changes nothing. Rules that need more than the
/// status (time limits, counts, who leads) are each service's `Rules`.
public enum StatusTable {
    /// One row: `roles` may take `action` in any of `from`; the case is then in one of `to` (`nil` for "as it was").
    public struct Row: Sendable {
        public let action: CaseAction
        public let from: [CaseStatus]
        public let roles: Set<Role>
        public let to: [CaseStatus]?

        init(_ action: CaseAction, _ roles: Set<Role>, in from: [CaseStatus], to: CaseStatus...) {
            self.action = action
            self.roles = roles
            self.from = from
            self.to = to.isEmpty ? nil : to
        }
    }

    /// What changes the status. `register` makes a case and has no status to come from.
    static let moves: [Row] = [
        Row(.confirmDecline, [.office], in: [.registered], to: .declined),
        Row(.recall, [.office, .supervisor], in: [.declined], to: .registered),
        Row(.dispatch, [.office], in: [.registered], to: .dispatched),
        Row(.claim, [.unit], in: [.dispatched], to: .claimed),
        Row(.lapse, [.system], in: [.dispatched], to: .claimed),
        Row(.requestReturn, [.unit], in: [.dispatched, .claimed], to: .returning),
        Row(.decideReturn, [.office], in: [.returning], to: .dispatched, .registered, .claimed),
        Row(.reassign, [.office], in: [.dispatched, .claimed, .awaitingPetitioner], to: .dispatched),
        Row(.askPetitioner, [.unit], in: [.claimed], to: .awaitingPetitioner),
        Row(.supplement, [.source, .registrar], in: [.awaitingPetitioner], to: .claimed),
        Row(.resume, [.unit], in: [.awaitingPetitioner], to: .claimed),
        Row(.lapse, [.system], in: [.awaitingPetitioner], to: .claimed),
        Row(.fileResult, [.unit], in: [.claimed], to: .reported),
        Row(.review, [.office], in: [.reported], to: .claimed, .approved),
        Row(.withdrawApproval, [.office], in: [.approved], to: .reported),
        Row(.confirmPublication, [.registrar, .source], in: [.approved], to: .replied),
        Row(.recordFollowUp, [.supervisor], in: [.replied], to: .closed, .claimed, .replied),
        Row(.rate, [.source], in: [.replied], to: .closed, .claimed, .replied),
        Row(.ruleRound, [.office], in: [.replied], to: .claimed, .closed),
        Row(.lapse, [.system], in: [.replied], to: .closed),
        Row(.reopen, [.source, .supervisor, .office], in: [.closed], to: .claimed),
        Row(.merge, [.registrar], in: [.registered, .dispatched, .claimed], to: .merged),
        Row(.unmerge, [.registrar], in: [.merged], to: .registered),
        Row(.follow, [.system], in: [.merged], to: .approved),
        Row(.withdraw, [.registrar, .source], in: [.registered], to: .withdrawn),
        Row(.confirmWithdrawal, [.supervisor], in: withUnit, to: .withdrawn),
        Row(.seal, [.system, .service, .admin], in: [.closed, .declined, .withdrawn], to: .archived),
    ]

    /// What leaves the status as it is, `recordFollowUp` and `rate` of a closed case excepted: what they find may
    /// reopen it.
    static let stays: [Row] = [
        Row(.classify, [.registrar], in: [.registered, .dispatched, .claimed]),
        Row(.classify, [.office], in: [.dispatched, .claimed]),
        Row(.proposeDecline, [.registrar], in: [.registered]),
        Row(
            .supplement, [.source, .registrar],
            in: [.registered, .dispatched, .returning, .claimed, .reported, .approved, .replied, .merged]),
        // After dispatch a withdrawal waits for the supervisor's confirmation.
        Row(.withdraw, [.registrar, .source], in: withUnit),
        Row(.fileOpinion, [.unit], in: [.claimed]),
        Row(.addProgress, [.unit], in: [.claimed, .awaitingPetitioner]),
        Row(.addCoOrder, [.office, .unit], in: withUnit),
        Row(.withdrawCoOrder, [.office, .unit], in: withUnit),
        Row(.fileCoResult, [.unit], in: withUnit),
        Row(.objectCoOrder, [.unit], in: withUnit),
        Row(.decideCoObjection, [.office], in: withUnit),
        // A unit that was abolished: the case passes to its successor as it stands.
        Row(
            .reassign, [.system],
            in: [.dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied]),
        Row(.requestExtension, [.unit], in: [.claimed, .awaitingPetitioner]),
        Row(.decideExtension, [.office], in: [.claimed, .awaitingPetitioner]),
        Row(.changeUrgency, [.office, .system], in: [.dispatched, .returning, .claimed, .awaitingPetitioner]),
        Row(.changeResponsible, [.unit], in: [.claimed, .awaitingPetitioner, .reported, .approved]),
        Row(.instruct, [.leader, .office], in: CaseStatus.allCases.filter { $0 != .archived }),
        Row(
            .urge, [.supervisor, .source],
            in: [.dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved]),
        Row(.recordFollowUp, [.supervisor], in: [.closed], to: .closed, .claimed),
        Row(.rate, [.source], in: [.closed], to: .closed, .claimed),
        Row(.requestExclusion, [.unit, .supervisor], in: dispatchedToClosed),
        Row(.decideExclusion, [.office], in: dispatchedToClosed),
        Row(.openAccountability, [.supervisor], in: dispatchedToClosed),
        Row(.saveCalendar, [.system], in: CaseStatus.allCases.filter(\.isOpen)),
        // What was promised or opened is settled whatever has become of the case; a broken promise reopens a closed one.
        Row(.settlePromise, [.supervisor], in: CaseStatus.allCases.filter { ![.closed, .archived].contains($0) }),
        Row(.settlePromise, [.supervisor], in: [.closed], to: .closed, .claimed),
        Row(.recordAccountability, [.office], in: CaseStatus.allCases.filter { $0 != .archived }),
    ]

    private static let withUnit: [CaseStatus] = [.dispatched, .claimed, .awaitingPetitioner]
    private static let dispatchedToClosed: [CaseStatus] = [
        .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied, .closed,
    ]

    public static let rows = moves + stays

    /// The row that lets `role` take `action` in `status`; `nil` when none does.
    public static func row(_ action: CaseAction, in status: CaseStatus, by role: Role) -> Row? {
        byPair[Pair(action: action, status: status)]?.first { $0.roles.contains(role) }
    }

    /// Who may take `action` in some status: the roles of its method.
    public static func roles(of action: CaseAction) -> Set<Role> {
        if action == .register { return [.source, .registrar] }
        return Set(rows.lazy.filter { $0.action == action }.flatMap(\.roles)).subtracting([.system])
    }

    /// The methods that `role` may use on a case in `status`, of those this version serves; sorted.
    public static func methods(in status: CaseStatus, for role: Role) -> [String] {
        CaseAction.allCases
            .filter { CaseAction.served.contains($0) && row($0, in: status, by: role) != nil }
            .compactMap(\.method).sorted()
    }

    private struct Pair: Hashable {
        let action: CaseAction
        let status: CaseStatus
    }

    private static let byPair: [Pair: [Row]] = rows.reduce(into: [:]) { table, row in
        for status in row.from { table[Pair(action: row.action, status: status), default: []].append(row) }
    }
}
