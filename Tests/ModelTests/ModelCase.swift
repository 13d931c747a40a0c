import TestKit

/// A case as DOMAIN.md tells it.
struct ModelCase: Sendable, Equatable {
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

    /// 挂账 — until when, and whether that was moved.
    struct Promise: Sendable, Equatable {
        var dueOn: Int
        var wasMoved = false
    }

    // As registered.
    let channel: String
    let type: String
    let division: String?
    /// By what its petitioner is known again on the channel.
    let account: String
    let body: String
    let isForBoard: Bool
    var urgency: Urgency
    /// The units complained of.
    var about: Set<String> = []
    var isConfidential = false

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
    /// The day of a result's date that somebody decided, and that no calendar moves.
    var fixedOn: Int?
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
    /// Somebody complained of has it, on a ground that the office gave.
    var hasConflictGround = false
    /// The reply tells who wrote.
    var isReplyNaming = false
    var hasBegun = false
    var hasOpinion = false
    var returns = 0
    var questions = 0
    var extensions = 0
    var extensionUntil: Int?
    var statusBeforeReturn = Status.dispatched
    var hasUnseenSupplement = false
    /// It has its master's reply, and filed none since.
    var hasFollowed = false
    var refusals = 0
    var unreached = 0
    var hasReopeningRating = false
    var isWithdrawalAsked = false
    var overAt = Moment(0)
    var isExclusionAsked = false
    var openAccountabilities = 0
    var filedPromise: Int?
    /// The open ones, the next due first.
    var promises: [Promise] = []

    init(
        channel: String, type: String, division: String?, account: String, body: String, isForBoard: Bool,
        urgency: Urgency, by who: Who, at now: Moment
    ) {
        self.channel = channel
        self.type = type
        self.division = division
        self.account = account
        self.body = body
        self.isForBoard = isForBoard
        self.urgency = urgency
        custody = [Interval(holder: .registry, from: now)]
        timeline = [Entry(at: now, actor: who.word, verb: "register", from: nil, to: .registered)]
        start(.registration, at: now)
    }

    var isReport: Bool { type == "report" }
    /// 密件、保密: units read the unit text only.
    var isWithheld: Bool { isReport || isConfidential }
    var registeredAt: Moment { timeline[0].at }
    /// Who has a part in it.
    var handlers: [String] { [lead].compactMap { $0 } + coOrders.filter { $0.state != .withdrawn }.map(\.unit) }

    /// Whether the case complains of the unit, or of one above it by 块 or 条.
    func complains(of unit: String) -> Bool { !Units.superiors(of: unit).isDisjoint(with: about) }
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
        // 剔除 is ruled on from dispatched to closed only.
        (isExclusionAsked, hasConflictGround) = (false, false)
        for index in coOrders.indices where coOrders[index].state == .open { coOrders[index].state = .withdrawn }
        running = []
        start(isClassified ? .dispatch : .registration, at: now)
        hold(isClassified ? .office : .registry, at: now)
    }
}
