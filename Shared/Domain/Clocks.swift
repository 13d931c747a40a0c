/// All clocks of a case: the fold of its clock facts, in order. The case row keeps the folded state; folding the facts
/// anew gives the same, which the tests hold.
public struct Clocks: Codable, Hashable, Sendable {
    /// At most one of each stage, the latest.
    public private(set) var all: [Clock] = []

    public init() {}

    /// - Parameter calendar: the calendar of a version; facts are counted with the one they name.
    public init(_ facts: [ClockFact], _ policies: PolicyBook, calendar: (Int) -> WorkCalendar) {
        for fact in facts { apply(fact, policies, calendar(fact.calendarVersion)) }
    }

    public init(from decoder: any Decoder) throws { all = try decoder.singleValueContainer().decode([Clock].self) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(all)
    }

    public subscript(stage: Stage) -> Clock? { all.first { $0.stage == stage } }

    public mutating func apply(_ fact: ClockFact, _ policies: PolicyBook, _ calendar: WorkCalendar) {
        let policy = policies.policy(at: fact.at)
        let terms = policy.terms(fact.urgency)
        let counting = Counting(calendar: calendar, percent: policy.warningPercent)
        switch (fact.kind, fact.stage) {
        case (.start, .petitioner): startPetitioner(terms.petitioner, counting, at: fact.at)
        case (.start, let stage?): start(stage, terms, counting, at: fact.at, due: fact.until)
        case (.stop, let stage?): stop(stage, at: fact.at)
        case (.sendBack, _): workAgain(terms, counting, at: fact.at, notBefore: self[.result])
        case (.rework, _): workAgain(terms, counting, at: fact.at, notBefore: nil)
        case (.urgency, _): changeUrgency(terms, counting, at: fact.at)
        case (.pause, _): if !terms.result.isHourly { pause(at: fact.at) }
        case (.resume, _): resume(terms, counting, at: fact.at)
        case (.giveBack, _): giveBack(terms, counting, at: fact.at)
        case (.extend, _), (.cluster, _):
            settlePause(terms, counting, at: fact.at)
            guard let until = fact.until, let result = self[.result], result.isRunning else { return }
            if fact.kind == .cluster, until >= result.dueAt { return }
            set(counting.moved(result, to: until, isHourly: terms.result.isHourly))
            followReply(terms, counting)
        case (.calendar, let stage?):
            guard let until = fact.until, let clock = self[stage] else { return }
            set(counting.moved(clock, to: until, isHourly: false))
        case (.start, nil), (.stop, nil), (.calendar, nil): return
        }
    }

    /// - Parameter due: decided by somebody; `nil` for the stage's own term.
    private mutating func start(
        _ stage: Stage, _ terms: Terms, _ counting: Counting, at now: Instant, due: Instant? = nil
    ) {
        let term = terms.term(of: stage)
        guard let due = due ?? term?.due(from: now, counting.calendar) else { return }
        set(counting.clock(stage, from: now, due: due, isHourly: (term ?? terms.publication).isHourly))
        if stage == .result { followReply(terms, counting, from: now) }
    }

    /// A later question has what the earlier ones left.
    private mutating func startPetitioner(_ term: Term, _ counting: Counting, at now: Instant) {
        let spent = self[.petitioner].map { Self.spent($0, term, counting.calendar) } ?? 0
        let due = term.due(from: now, without: spent, counting.calendar)
        var clock = counting.clock(.petitioner, from: now, due: due, isHourly: term.isHourly)
        clock.spent = spent
        set(clock)
    }

    /// What of the petitioner's term is used up when its clock has stopped: working days whose end has passed, or seconds.
    private static func spent(_ clock: Clock, _ term: Term, _ calendar: WorkCalendar) -> Int {
        let end = clock.stoppedAt ?? clock.dueAt
        let before = clock.spent ?? 0
        switch term {
        case .workingDays:
            return before + calendar.workingDays(after: clock.startedAt.day, through: end.adding(seconds: -86_400).day)
        case .hours: return before + Int((end.milliseconds - clock.startedAt.milliseconds) / 1_000)
        }
    }

    private mutating func stop(_ stage: Stage, at now: Instant) {
        guard let index = all.firstIndex(where: { $0.stage == stage && $0.isRunning }) else { return }
        all[index].stoppedAt = now
        all[index].pausedAt = nil
    }

    private mutating func workAgain(_ terms: Terms, _ counting: Counting, at now: Instant, notBefore old: Clock?) {
        let fresh = terms.rework.due(from: now, counting.calendar)
        var clock = counting.clock(
            .result, from: now, due: max(old?.dueAt ?? fresh, fresh), isHourly: terms.rework.isHourly)
        if let old, old.dueAt >= fresh {
            // The old date stays, and with it the count that led to it.
            clock.provisional = old.provisional
            clock.dayZero = old.dayZero ?? old.startedAt.day
        }
        set(clock)
        followReply(terms, counting)
    }

    private mutating func changeUrgency(_ terms: Terms, _ counting: Counting, at now: Instant) {
        // The old date is that of now: the days of waiting so far are taken out of its count. Critical clocks never
        // pause; those of a case whose petitioner is being asked do from now on.
        resume(terms, counting, at: now)
        if !terms.result.isHourly, self[.petitioner]?.isRunning ?? false { pause(at: now) }
        for clock in all where clock.isRunning && clock.stage != .reply {
            guard let term = terms.term(of: clock.stage) else { continue }
            let due = term.due(from: now, counting.calendar)
            guard due < clock.dueAt else { continue }
            var moved = counting.moved(clock, to: due, isHourly: term.isHourly)
            moved.dayZero = now.day
            set(moved)
        }
        if terms.opinion == nil { all.removeAll { $0.stage == .opinion && $0.isRunning } }
        followReply(terms, counting, onlyEarlier: true)
    }

    private mutating func pause(at now: Instant) {
        for index in all.indices where all[index].isRunning && [.result, .reply].contains(all[index].stage) {
            all[index].pausedAt = now
        }
    }

    /// Takes the days of waiting so far out of the count, before another date is set. The wait goes on.
    private mutating func settlePause(_ terms: Terms, _ counting: Counting, at now: Instant) {
        guard self[.result]?.isPaused ?? false else { return }
        resume(terms, counting, at: now)
        pause(at: now)
    }

    private mutating func resume(_ terms: Terms, _ counting: Counting, at now: Instant) {
        guard let result = self[.result], result.isPaused else { return }
        // The wait ends with the petitioner's time, also where the lapse or the answer came later than that.
        let end = self[.petitioner].map { min(now, $0.dueAt.adding(milliseconds: 1)) } ?? now
        let resumed = counting.resumed(result, at: end)
        set(resumed)
        // A wait that took no day of the count leaves the reply's date as it is.
        followReply(terms, counting, onlyEarlier: resumed.dueAt == result.dueAt)
        for index in all.indices where all[index].stage == .reply { all[index].pausedAt = nil }
    }

    private mutating func giveBack(_ terms: Terms, _ counting: Counting, at now: Instant) {
        guard let office = self[.returning], now > office.dueAt else { return }
        let days = counting.calendar.workingDays(after: office.dueAt.day, through: now.day)
        for stage in [Stage.claim, .opinion, .result] {
            guard let clock = self[stage], clock.isRunning, let term = terms.term(of: stage) else { continue }
            let due =
                term.isHourly
                ? clock.dueAt.adding(milliseconds: now.milliseconds - office.dueAt.milliseconds)
                : days > 0 ? counting.calendar.day(days, after: clock.dueAt.day).end : clock.dueAt
            set(counting.moved(clock, to: due, isHourly: term.isHourly))
        }
        followReply(terms, counting)
    }

    private mutating func set(_ clock: Clock) {
        all.removeAll { $0.stage == clock.stage }
        all.append(clock)
    }

    /// The reply is due when the result is, and the desks have had their terms. A letter (`from`) starts its clock, and so
    /// does a rework after publication.
    private mutating func followReply(
        _ terms: Terms, _ counting: Counting, from start: Instant? = nil, onlyEarlier: Bool = false
    ) {
        guard let result = self[.result], result.isRunning else { return }
        let reviewed = terms.review.due(from: result.dueAt, counting.calendar)
        let due = terms.publication.due(from: reviewed, counting.calendar)
        let old = self[.reply].flatMap { $0.isRunning ? $0 : nil }
        if onlyEarlier, let old, old.dueAt <= due { return }
        let start = start ?? old?.startedAt ?? result.startedAt
        var reply = counting.clock(
            .reply, from: start, due: due, isHourly: terms.publication.isHourly, without: result.pausedDays ?? [])
        reply.pausedAt = result.pausedAt
        if result.provisional { reply.provisional = true }
        set(reply)
    }
}

extension Terms {
    /// The term with which a clock of `stage` starts; `nil` where there is none (`opinion` below critical), or where the
    /// date follows another clock (`reply`).
    public func term(of stage: Stage) -> Term? {
        switch stage {
        case .registration, .dispatch: registration
        case .returning: returning
        case .claim: claim
        case .opinion: opinion
        case .result: result
        case .reply: nil
        case .petitioner: petitioner
        case .review: review
        case .publication: publication
        case .followUp: followUp
        case .ruling: ruling
        }
    }
}

extension Term {
    /// When it is over for one who has used up `spent` of its working days, or of its seconds, before; now, if nothing is
    /// left.
    func due(from now: Instant, without spent: Int, _ calendar: WorkCalendar) -> Instant {
        switch self {
        case .workingDays(let days):
            days > spent ? Term.workingDays(days - spent).due(from: now, calendar) : now
        case .hours(let hours): now.adding(seconds: max(0, hours * 3_600 - spent))
        }
    }
}
