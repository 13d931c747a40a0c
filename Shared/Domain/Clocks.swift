/// One clock of a case, as its facts leave it.
public struct Clock: Codable, Hashable, Sendable {
    public var stage: Stage
    public var startedAt: Instant
    public var dueAt: Instant
    /// From here on the lamp is yellow.
    public var warnAt: Instant
    /// Counted with a year whose holidays were not published.
    public var provisional: Bool
    public var stoppedAt: Instant?

    public var isRunning: Bool { stoppedAt == nil }
}

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
        let policy = policies.policy(on: fact.at.day)
        let terms = policy.terms(fact.urgency)
        let counting = Counting(calendar: calendar, percent: policy.warningPercent)
        switch (fact.kind, fact.stage) {
        case (.start, let stage?):
            guard let term = terms.term(of: stage) else { return }
            set(counting.clock(stage, from: fact.at, due: term.due(from: fact.at, calendar), term))
            if stage == .result { followReply(terms, counting, from: fact.at) }
        case (.stop, let stage?):
            if let index = all.firstIndex(where: { $0.stage == stage && $0.isRunning }) {
                all[index].stoppedAt = fact.at
            }
        case (.sendBack, _), (.rework, _):
            let fresh = terms.rework.due(from: fact.at, calendar)
            let old = fact.kind == .sendBack ? self[.result] : nil
            var clock = counting.clock(.result, from: fact.at, due: max(old?.dueAt ?? fresh, fresh), terms.rework)
            if let old, old.dueAt > fresh { clock.provisional = old.provisional }
            set(clock)
            followReply(terms, counting)
        case (.urgency, _):
            for clock in all where clock.isRunning && clock.stage != .reply {
                guard let term = terms.term(of: clock.stage) else { continue }
                let due = term.due(from: fact.at, calendar)
                if due < clock.dueAt { set(counting.clock(clock.stage, from: clock.startedAt, due: due, term)) }
            }
            if terms.opinion == nil { all.removeAll { $0.stage == .opinion && $0.isRunning } }
            followReply(terms, counting, onlyEarlier: true)
        case (.start, nil), (.stop, nil):
            return
        }
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
        var reply = counting.clock(.reply, from: start, due: due, terms.publication)
        if result.provisional { reply.provisional = true }
        set(reply)
    }
}

/// How a span becomes a clock: when it warns and whether it is provisional. What counts is what its term counts.
private struct Counting {
    let calendar: WorkCalendar
    /// The share of the time that is left when the lamp turns yellow, in percent.
    let percent: Int

    func clock(_ stage: Stage, from start: Instant, due: Instant, _ term: Term) -> Clock {
        Clock(
            stage: stage, startedAt: start, dueAt: due, warnAt: term.isHourly ? hourly(start, due) : worked(start, due),
            provisional: !term.isHourly && calendar.isProvisional(from: start.day, through: due.day))
    }

    private func hourly(_ start: Instant, _ due: Instant) -> Instant {
        due.adding(milliseconds: -(due.milliseconds - start.milliseconds) * Int64(percent) / 100)
    }

    /// The share of the working days from the day after the start to the due date, each with its 24 hours.
    private func worked(_ start: Instant, _ due: Instant) -> Instant {
        let span = Int64(calendar.workingDays(after: start.day, through: due.day)) * 86_400_000
        return calendar.moment(span * Int64(percent) / 100, ofWorkBefore: due, notBefore: start)
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
        case .review: review
        case .publication: publication
        case .followUp: followUp
        case .ruling: ruling
        }
    }
}
