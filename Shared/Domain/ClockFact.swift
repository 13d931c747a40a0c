/// The clocks a case can run on. All but `reply` belong to the party that holds the case.
public enum Stage: String, Word {
    /// The registry's, until a new case is classified.
    case registration
    /// The office's, until a classified case is dispatched or declined.
    case dispatch
    /// The office's, while a return waits for its decision.
    case returning
    /// The lead unit's three: to claim, to say what it means to do (critical only), to answer.
    case claim, opinion, result
    /// When the petitioner has the reply: the result's due date and the desks' terms after it.
    case reply
    /// The office's, then the publisher's.
    case review, publication
    /// Supervision's, to ask the petitioner.
    case followUp
    /// The office's, after the second dissatisfied follow-up.
    case ruling
}

/// Something that happened to a clock. Facts are only ever added, each in the transaction that causes it; every due
/// date is derived from them and from nothing else.
public struct ClockFact: Codable, Hashable, Sendable {
    public enum Kind: String, Word {
        /// The clock of `stage` starts, under the policy of that day.
        case start
        /// The clock of `stage` has done its work.
        case stop
        /// The result is due again: the rework term from now, but never before the old due date (sendBack).
        case sendBack
        /// The result is due again: the rework term from now (a follow-up did not accept the reply).
        case rework
        /// From now on another urgency: what runs is due at the earlier of its date and the new term from now.
        case urgency
    }

    public var kind: Kind
    /// `nil` for `urgency`, which touches every running clock.
    public var stage: Stage?
    public var at: Instant
    public var urgency: Urgency
    /// The version of the calendar by which the fact is counted.
    public var calendarVersion: Int

    public init(_ kind: Kind, _ stage: Stage?, at: Instant, urgency: Urgency, calendarVersion: Int) {
        self.kind = kind
        self.stage = stage
        self.at = at
        self.urgency = urgency
        self.calendarVersion = calendarVersion
    }
}
