/// A case as the ledger keeps it: everything the rules decide by. The petitioner's name, phone and contact are not in it.
public struct CaseRecord: Hashable, Sendable {
    public var id: Int64
    public var version: Int
    public var status: CaseStatus
    public var round = 1

    public var channel: ChannelCode
    public var externalId: ExternalID
    public var type: CaseType
    public var title: Title
    public var body: Body
    public var urgency: Urgency
    public var category: CategoryCode?
    public var divisionCode: DivisionCode?
    /// The units complained of.
    public var about: [UnitID] = []
    /// 保密 — asked for by the petitioner or set by the registry.
    public var confidential = false
    /// The petitioner agreed to an answer in public.
    public var open = true
    public var alias: String
    public var registeredAt: Instant
    public var relatedTo: CaseNumber?
    public var master: CaseNumber?

    /// 摘编件 — what units may read of a withheld or confidential case.
    public var unitText: Essay?
    public var proposedUnitId: UnitID?
    public var proposal: Note?
    public var isClassified = false
    public var isDeclineProposed = false

    public var leadUnitId: UnitID?
    public var letterNumber: LetterNumber?
    public var coOrders: [CoOrder] = []
    /// The office dispatched in spite of a conflict of interest: the follow-up must be the supervisor's own.
    public var hasConflictGround = false
    public var responsiblePerson: Person?
    /// Units that led the case before; each reads its own part.
    public var formerLeads: [UnitID] = []
    public var proceedings = Proceedings()

    /// 反馈稿 — the reply as last filed, and the one the office approved.
    public var draftReply: Essay?
    public var approvedReply: Essay?
    public var approvedAt: Instant?
    /// A supplement came after the approval; the office must see it before publication.
    public var hasUnseenSupplement = false
    public var closedAt: Instant?
    /// How often a follow-up did not accept the reply, and how often nobody was reached in this round.
    public var dissatisfiedCount = 0
    public var unreachableCount = 0
    /// A dissatisfied rating reopened the closed case; it does so once.
    public var wasReopenedByRating = false

    public var holder: Party
    public var clocks = Clocks()
    /// Per consumer the last event that was sent to it.
    public var lastEvents: [String: EventPosition] = [:]
    /// The time of the last timeline entry; no later entry is earlier.
    public var changedAt: Instant

    public init(
        id: Int64, version: Int, status: CaseStatus, channel: ChannelCode, externalId: ExternalID, type: CaseType,
        title: Title, body: Body, urgency: Urgency, alias: String, registeredAt: Instant, holder: Party
    ) {
        self.id = id
        self.version = version
        self.status = status
        self.channel = channel
        self.externalId = externalId
        self.type = type
        self.title = title
        self.body = body
        self.urgency = urgency
        self.alias = alias
        self.registeredAt = registeredAt
        self.holder = holder
        changedAt = registeredAt
    }

    public var number: CaseNumber { CaseNumber(id: id) }

    /// 密件 or 保密: units read the `unitText` only.
    public var isWithheldFromUnits: Bool { type == .report || confidential }

    /// A second dissatisfied follow-up left the case with the office, which must rule.
    public var awaitsRuling: Bool { status == .replied && holder == .office }

    /// Whether the petitioner has been given the answer.
    public var isAnswered: Bool {
        switch status {
        case .replied, .closed, .declined: true
        case .archived: approvedReply != nil
        // In a later round the earlier reply still stands; one that is approved but not published does not yet.
        case .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported:
            round > 1 && approvedReply != nil
        case .approved, .merged, .withdrawn: false
        }
    }

    /// When the clock moves the case by itself (超时自动流转): an unclaimed one, an unanswered question, a follow-up that
    /// reaches nobody.
    public var lapsesAt: Instant? {
        switch status {
        case .dispatched: clocks[.claim]?.dueAt
        case .awaitingPetitioner: clocks[.petitioner]?.dueAt
        case .replied where !awaitsRuling: clocks[.followUp]?.dueAt
        default: nil
        }
    }

    /// The clock of the party that holds the case; for the lead unit the result's.
    public var holderClock: Clock? {
        switch status {
        case .registered: clocks[isClassified ? .dispatch : .registration]
        case .returning: clocks[.returning]
        case .dispatched, .claimed, .awaitingPetitioner: clocks[.result]
        case .reported: clocks[.review]
        case .approved: clocks[.publication]
        case .replied: clocks[awaitsRuling ? .ruling : .followUp]
        case .closed, .declined, .merged, .withdrawn, .archived: nil
        }
    }

    /// What a former lead may still know of the case itself: nothing that came after its release. Its part of the
    /// timeline and of the clocks is cut by the ledger.
    public var afterRelease: CaseRecord {
        var record = self
        record.responsiblePerson = nil
        record.letterNumber = nil
        record.coOrders = []
        record.proposedUnitId = nil
        record.proposal = nil
        record.draftReply = nil
        record.approvedReply = nil
        record.clocks = Clocks()
        return record
    }

    /// The unit stops leading the case and reads its own part from now on.
    public mutating func release() {
        if let unit = leadUnitId, !formerLeads.contains(unit) { formerLeads.append(unit) }
        leadUnitId = nil
        letterNumber = nil
        responsiblePerson = nil
    }

    /// A new letter: what the unit before began or asked for is over.
    public mutating func beginsAnew() {
        proceedings.hasBegun = false
        proceedings.hasOpinion = false
        proceedings.returningFrom = nil
        proceedings.extensionUntil = nil
    }

    /// The case is where no exclusion is ruled on: one that waits has lapsed.
    public mutating func dropExclusion() {
        guard proceedings.isExclusionAsked else { return }
        proceedings.isExclusionAsked = false
        proceedings.openMatters = max(0, proceedings.openMatters - 1)
    }

    /// The lamp that stands for how much of the holder's time is left at `now`; `nil` for cases that are not open. Grey is
    /// for clocks that pause; those of critical cases do not.
    public func lamp(at now: Instant) -> Lamp? {
        guard status.isOpen, let clock = holderClock else { return nil }
        if status == .awaitingPetitioner, urgency != .critical { return .grey }
        return now > clock.dueAt ? .red : now >= clock.warnAt ? .yellow : .green
    }
}

/// Somebody who acts or answers for a case, by name and position.
public struct Person: Codable, Hashable, Sendable {
    public var name: Name
    public var title: Name

    public init(name: Name, title: Name) {
        self.name = name
        self.title = title
    }
}

/// 协办 — a co-unit's part in a case. Its due date follows the lead's and is not kept.
public struct CoOrder: Codable, Hashable, Sendable {
    public var unitId: UnitID
    public var task: Note
    public var required: Bool
    public var status: CoOrderStatus
    /// When the unit was told. It may object for a while from then on; `nil` is for an order that nobody objects to.
    public var orderedAt: Instant?
    /// The unit has objected to its part, which it may do once.
    public var hasObjected = false
    /// Why it objects, until the office has decided.
    public var objection: Note?

    public init(
        unitId: UnitID, task: Note, required: Bool, status: CoOrderStatus = .open, orderedAt: Instant? = nil
    ) {
        self.unitId = unitId
        self.task = task
        self.required = required
        self.status = status
        self.orderedAt = orderedAt
    }

    /// An objection waits for the office.
    public var isContested: Bool { objection != nil && status == .open }

    /// One working day before the lead's result is due; critical: 24 hours.
    public static func due(before result: Instant, _ urgency: Urgency, _ calendar: WorkCalendar) -> Instant {
        if urgency == .critical { return result.adding(seconds: -86_400) }
        var day = result.day.advanced(by: -1)
        while !calendar.isWorking(day) { day = day.advanced(by: -1) }
        return day.end
    }
}
