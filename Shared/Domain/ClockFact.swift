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
    /// The petitioner's, to answer the unit's questions; 5 working days for all of them together.
    case petitioner
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
        /// The clock of `stage` starts, under the policy of that day, or with the date of a master's (`until`).
        case start
        /// The clock of `stage` has done its work.
        case stop
        /// The result is due again: the rework term from now, but never before the old due date (sendBack).
        case sendBack
        /// The result is due again: the rework term from now (a follow-up did not accept the reply).
        case rework
        /// From now on another urgency: what runs is due at the earlier of its date and the new term from now.
        case urgency
        /// The petitioner has a question: from now on a working day at whose end it is unanswered does not count for the
        /// unit. Critical clocks go on.
        case pause
        case resume
        /// The result is due on another date (`until`): a granted extension, or one that was refused late.
        case extend
        /// A denied return: what the office took beyond its own term is given back to the unit.
        case giveBack
        /// The master of a cluster takes a member's earlier date (`until`) for its result.
        case cluster
        /// A changed calendar moved the clock of `stage` to `until`.
        case calendar
    }

    public var kind: Kind
    /// `nil` for what touches several clocks.
    public var stage: Stage?
    public var at: Instant
    public var urgency: Urgency
    /// The version of the calendar by which the fact is counted.
    public var calendarVersion: Int
    /// The new due date, where somebody decided it; of a start, that of another case's clock.
    public var until: Instant?

    public init(
        _ kind: Kind, _ stage: Stage?, at: Instant, urgency: Urgency, calendarVersion: Int, until: Instant? = nil
    ) {
        self.kind = kind
        self.stage = stage
        self.at = at
        self.urgency = urgency
        self.calendarVersion = calendarVersion
        self.until = until
    }
}
