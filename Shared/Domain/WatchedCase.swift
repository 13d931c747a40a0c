/// What supervision's ladder goes by: whose clocks run for a case, and since when.
public struct WatchedCase: Hashable, Sendable {
    public var id: Int64
    public var round: Int
    public var status: CaseStatus
    public var urgency: Urgency
    public var isClassified: Bool
    /// A second dissatisfied follow-up left the case with the office.
    public var awaitsRuling: Bool
    public var leadUnitId: UnitID?
    /// Extensions asked for, and follow-ups that did not accept the reply.
    public var extensions: Int
    public var dissatisfied: Int
    public var clocks: Clocks

    public init(
        id: Int64, round: Int, status: CaseStatus, urgency: Urgency, isClassified: Bool, awaitsRuling: Bool,
        leadUnitId: UnitID?, extensions: Int, dissatisfied: Int, clocks: Clocks
    ) {
        self.id = id
        self.round = round
        self.status = status
        self.urgency = urgency
        self.isClassified = isClassified
        self.awaitsRuling = awaitsRuling
        self.leadUnitId = leadUnitId
        self.extensions = extensions
        self.dissatisfied = dissatisfied
        self.clocks = clocks
    }

    /// The clocks that may lead to a step now: those of the party that holds the case, while they run and do not pause.
    /// The petitioner is never urged, and the reply's date is nobody's own.
    public var running: [Clock] {
        let stages: [Stage]
        switch status {
        case .registered: stages = [isClassified ? .dispatch : .registration]
        case .dispatched, .claimed, .awaitingPetitioner: stages = [.claim, .opinion, .result]
        case .returning: stages = [.returning]
        case .reported: stages = [.review]
        case .approved: stages = [.publication]
        case .replied: stages = [awaitsRuling ? .ruling : .followUp]
        case .closed, .declined, .merged, .withdrawn, .archived: stages = []
        }
        return clocks.all.filter { stages.contains($0.stage) && $0.isRunning && !$0.isPaused }
    }

    /// When something may first have to be done; `nil` for never.
    public var firstLook: Instant? { running.map(\.warnAt).min() }
}

/// When supervision must look at a case again after a change.
public enum NextLook: Hashable, Sendable {
    /// The change does not concern it.
    case asPlanned
    /// `nil` for never. What was due to be looked at before the change stays due.
    case at(Instant?)
}

extension CaseRecord {
    public var watched: WatchedCase {
        WatchedCase(
            id: id, round: round, status: status, urgency: urgency, isClassified: isClassified,
            awaitsRuling: awaitsRuling, leadUnitId: leadUnitId, extensions: proceedings.extensions,
            dissatisfied: dissatisfiedCount, clocks: clocks)
    }

    /// When to look again at a case that was `before`. At once where a date that had been warned of moved away, so that the
    /// steps taken are judged anew, and where the change itself is one for a card.
    public func nextLook(after before: CaseRecord) -> NextLook {
        let (now, then) = (watched, before.watched)
        if now == then { return .asPlanned }
        let hasMovedAway = then.clocks.all.contains { old in
            guard old.warnAt <= changedAt, let new = clocks[old.stage], new.startedAt == old.startedAt else {
                return false
            }
            return new.dueAt > old.dueAt
        }
        let earnsCard = now.extensions == 2 && then.extensions < 2 || now.dissatisfied == 2 && then.dissatisfied < 2
        return .at(hasMovedAway || earnsCard ? changedAt : now.firstLook)
    }
}
