enum Status: String, CaseIterable, Sendable {
    case registered, dispatched, returning, claimed, awaitingPetitioner, reported, approved, replied, closed, declined
    case merged, withdrawn, archived

    var isOver: Bool { [.closed, .declined, .withdrawn, .archived].contains(self) }
}

/// DOMAIN's two tables: who may do what, and when.
enum Table {
    /// Method → role → the statuses. Of units there are two parts in a case: the lead's and a co-unit's.
    static let rows: [String: [String: Set<Status>]] = [
        "intake.classify": ["registrar": [.registered, .dispatched, .claimed], "office": [.dispatched, .claimed]],
        "intake.proposeDecline": ["registrar": [.registered]],
        "intake.confirmDecline": ["office": [.registered]],
        "intake.recall": ["office": [.declined], "supervisor": [.declined]],
        "intake.merge": ["registrar": [.registered, .dispatched, .claimed]],
        "intake.unmerge": ["registrar": [.merged]],
        "intake.withdraw": ["registrar": withdrawable, "source": withdrawable],
        "intake.supplement": ["source": supplemented, "registrar": supplemented],
        "assignment.dispatch": ["office": [.registered]],
        "assignment.claim": ["lead": [.dispatched]],
        "assignment.requestReturn": ["lead": [.dispatched, .claimed]],
        "assignment.decideReturn": ["office": [.returning]],
        "assignment.reassign": ["office": withUnit],
        "assignment.requestExtension": ["lead": atWork],
        "assignment.decideExtension": ["office": atWork],
        "assignment.addCoOrder": ["office": withUnit, "lead": withUnit],
        "assignment.withdrawCoOrder": ["office": withUnit, "lead": withUnit],
        "assignment.objectCoOrder": ["coUnit": withUnit],
        "assignment.decideCoObjection": ["office": withUnit],
        "assignment.changeUrgency": ["office": withUnit.union([.returning])],
        "assignment.changeResponsible": ["lead": atWork.union([.reported, .approved])],
        "assignment.instruct": ["leader": allButArchived, "office": allButArchived],
        "handling.fileOpinion": ["lead": [.claimed]],
        "handling.addProgress": ["lead": atWork],
        "handling.askPetitioner": ["lead": [.claimed]],
        "handling.resume": ["lead": [.awaitingPetitioner]],
        "handling.fileCoResult": ["coUnit": withUnit],
        "handling.fileResult": ["lead": [.claimed]],
        "handling.review": ["office": [.reported]],
        "handling.withdrawApproval": ["office": [.approved]],
        "handling.confirmPublication": ["registrar": [.approved], "source": [.approved]],
        "supervision.recordFollowUp": ["supervisor": [.replied, .closed]],
        "supervision.rate": ["source": [.replied, .closed]],
        "supervision.ruleRound": ["office": [.replied]],
        "supervision.reopen": ["source": [.closed], "supervisor": [.closed], "office": [.closed]],
        "supervision.urge": ["supervisor": urged, "source": urged],
        "supervision.confirmWithdrawal": ["supervisor": withUnit],
        "supervision.requestExclusion": ["lead": dispatchedToClosed, "supervisor": dispatchedToClosed],
        "supervision.decideExclusion": ["office": dispatchedToClosed],
        "supervision.openAccountability": ["supervisor": dispatchedToClosed],
        "supervision.recordAccountability": ["office": allButArchived],
        "supervision.settlePromise": ["supervisor": allButArchived],
        "archive.seal": ["admin": [.closed, .declined, .withdrawn]],
    ]

    private static let withUnit: Set<Status> = [.dispatched, .claimed, .awaitingPetitioner]
    private static let atWork: Set<Status> = [.claimed, .awaitingPetitioner]
    private static let withdrawable = withUnit.union([.registered])
    private static let urged = withUnit.union([.returning, .reported, .approved])
    private static let supplemented = urged.union([.registered, .replied, .merged])
    private static let dispatchedToClosed = urged.union([.replied, .closed])
    private static let allButArchived = Set(Status.allCases).subtracting([.archived])

    /// From → to, of every row that leads to another status.
    static let moves: [Status: Set<Status>] = [
        .registered: [.declined, .dispatched, .merged, .withdrawn],
        .declined: [.registered, .archived],
        .dispatched: [.claimed, .returning, .merged, .withdrawn],
        .returning: [.dispatched, .registered, .claimed],
        .claimed: [.returning, .dispatched, .awaitingPetitioner, .reported, .merged, .withdrawn],
        .awaitingPetitioner: [.dispatched, .claimed, .withdrawn],
        .reported: [.claimed, .approved],
        .approved: [.reported, .replied],
        .replied: [.closed, .claimed],
        .closed: [.claimed, .archived],
        .merged: [.registered, .approved],
        .withdrawn: [.archived],
        .archived: [],
    ]
}
