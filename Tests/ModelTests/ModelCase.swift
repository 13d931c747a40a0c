import TestKit

/// A case as DOMAIN.md tells it.
struct ModelCase: Sendable {
    struct Interval: Hashable, Sendable {
        var holder: Holder
        var from: Moment
        var to: Moment?
    }
    struct Entry: Hashable, Sendable {
        var at: Moment
        var actor: String
        var verb: String
        var from: Status?
        var to: Status
    }
    struct CoOrder: Hashable, Sendable {
        enum State: String, Sendable { case open, done, withdrawn }
        var unit: String
        var isRequired: Bool
        var orderedAt: Moment
        var state = State.open
        var isContested = false
        var hasObjected = false
    }

    // As registered.
    let channel: String
    let type: String
    let division: String?
    let isForBoard: Bool
    var urgency: Urgency

    // Where it is.
    var status = Status.registered
    var round = 1
    var lead: String?
    var formerLeads: Set<String> = []
    var responsible: String?
    /// Claimed under the present letter.
    var isClaimed = false
    var coOrders: [CoOrder] = []
    var custody: [Interval]
    var timeline: [Entry]
    var master: Int?
    var version: Int { timeline.count }

    // Its clocks.
    var dates: [Stage: Moment] = [:]
    var running: Set<Stage> = []
    var letterAt = Moment(0)
    /// Day 0 of the term that the result's date was counted with: its end never counts.
    var dayZero = 0
    var askedAt: Moment?
    /// From here on the days at whose end the case waits are still to be taken out of the count.
    var pausedSince: Moment?
    /// Working days, or seconds of a critical case, that the petitioner has used of the time for questions.
    var waitedDays = 0
    var waitedSeconds = 0

    // What has happened.
    var isClassified = false
    var isDeclineProposed = false
    var hasUnitText = false
    var hasBegun = false
    var hasOpinion = false
    var returns = 0
    var questions = 0
    var extensions = 0
    var extensionUntil: Int?
    var statusBeforeReturn = Status.dispatched
    var hasUnseenSupplement = false
    var refusals = 0
    var unreached = 0
    var hasReopeningRating = false
    var isWithdrawalAsked = false
    var overAt = Moment(0)
    var isExclusionAsked = false
    var openAccountabilities = 0
    var filedPromise: Int?
    var openPromises = 0

    init(
        channel: String, type: String, division: String?, isForBoard: Bool, urgency: Urgency, by who: Who,
        at now: Moment
    ) {
        self.channel = channel
        self.type = type
        self.division = division
        self.isForBoard = isForBoard
        self.urgency = urgency
        custody = [Interval(holder: .registry, from: now)]
        timeline = [Entry(at: now, actor: who.word, verb: "register", from: nil, to: .registered)]
        start(.registration, at: now)
    }

    var isReport: Bool { type == "report" }
    /// Held by the office after the second "no".
    var awaitsRuling: Bool { running.contains(.ruling) }
    var isPaused: Bool { status == .awaitingPetitioner && !urgency.isCritical }
    var holder: Holder { custody[custody.count - 1].holder }

    /// The holder's own clock; with the unit, and while it waits for the petitioner, that of the result.
    var dueAt: Moment? {
        switch status {
        case .registered: dates[isClassified ? .dispatch : .registration]
        case .dispatched, .claimed, .awaitingPetitioner: dates[.result]
        case .returning: dates[.returning]
        case .reported: dates[.review]
        case .approved: dates[.publication]
        case .replied: dates[awaitsRuling ? .ruling : .followUp]
        case .closed, .declined, .merged, .withdrawn, .archived: nil
        }
    }

    mutating func start(_ stage: Stage, at now: Moment) {
        dates[stage] = Term.of(stage, urgency).due(from: now)
        running.insert(stage)
    }

    mutating func stop(_ stages: Stage...) { running.subtract(stages) }

    mutating func hold(_ holder: Holder, at now: Moment) {
        guard holder != self.holder else { return }
        custody[custody.count - 1].to = now
        custody.append(Interval(holder: holder, from: now))
    }

    /// Over, one way or another: nobody's clock runs.
    mutating func end(_ status: Status, at now: Moment) {
        self.status = status
        running = []
        overAt = now
        hold(.archive, at: now)
    }

    /// New to the registry, or as good as new; what was classified before it ran with another stays so.
    mutating func beginAnew(isClassified: Bool = false, at now: Moment) {
        if let lead { formerLeads.insert(lead) }
        (status, lead, responsible, master) = (.registered, nil, nil, nil)
        (self.isClassified, isClaimed, isDeclineProposed, extensionUntil) = (isClassified, false, false, nil)
        for index in coOrders.indices where coOrders[index].state == .open { coOrders[index].state = .withdrawn }
        running = []
        start(isClassified ? .dispatch : .registration, at: now)
        hold(isClassified ? .office : .registry, at: now)
    }
}
