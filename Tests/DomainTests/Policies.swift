@testable import Domain

/// DOMAIN's clock tables as a policy, written a second time. `ClockPolicyTests` holds it against the migration's row.
enum Policies {
    static let initial = Policy(
        effectiveFrom: Day(2000, 1, 1), warningPercent: 20,
        ordinary: Terms(
            registration: .workingDays(1), returning: .workingDays(1), claim: .workingDays(1), opinion: nil,
            result: .workingDays(7), rework: .workingDays(3), review: .workingDays(2), publication: .workingDays(1),
            followUp: .workingDays(10), ruling: .workingDays(5), petitioner: .workingDays(5), objection: .workingDays(2)
        ),
        important: Terms(
            registration: .workingDays(1), returning: .workingDays(1), claim: .workingDays(1), opinion: nil,
            result: .workingDays(3), rework: .workingDays(2), review: .workingDays(2), publication: .workingDays(1),
            followUp: .workingDays(10), ruling: .workingDays(5), petitioner: .workingDays(5), objection: .workingDays(2)
        ),
        critical: Terms(
            registration: .hours(1), returning: .hours(4), claim: .hours(24), opinion: .hours(96), result: .hours(108),
            rework: .hours(24), review: .hours(6), publication: .hours(6), followUp: .hours(72),
            ruling: .workingDays(5), petitioner: .hours(12), objection: .hours(12)
        ))

    static let book = PolicyBook([initial])
}

/// Clocks fed with facts one by one, as the ledger does it.
struct ClockHistory {
    private(set) var clocks = Clocks()
    private(set) var facts: [ClockFact] = []
    var urgency: Urgency
    var policies = Policies.book
    let calendar: WorkCalendar

    init(_ urgency: Urgency, _ years: ClosedRange<Int> = 2004...2026) throws {
        self.urgency = urgency
        calendar = try Calendars.published(years)
    }

    mutating func add(_ kind: ClockFact.Kind, _ stage: Stage?, _ at: String) throws {
        try add(kind, stage, at: Instant("\(at)+08:00").unwrapped)
    }

    mutating func add(_ kind: ClockFact.Kind, _ stage: Stage?, at: Instant) {
        let fact = ClockFact(kind, stage, at: at, urgency: urgency, calendarVersion: calendar.version)
        facts.append(fact)
        clocks.apply(fact, policies, calendar)
    }

    mutating func extend(to until: String, at: String) throws {
        let fact = ClockFact(
            .extend, .result, at: try Instant("\(at)+08:00").unwrapped, urgency: urgency,
            calendarVersion: calendar.version, until: try Instant("\(until)+08:00").unwrapped)
        facts.append(fact)
        clocks.apply(fact, policies, calendar)
    }

    /// The facts of a letter.
    mutating func deliver(_ at: String) throws {
        try add(.start, .claim, at)
        if urgency == .critical { try add(.start, .opinion, at) }
        try add(.start, .result, at)
    }

    /// When the clock runs out and from when on it warns, without the offset; `nil` when there is none.
    func due(_ stage: Stage) -> String? { clocks[stage].map { String($0.dueAt.description.dropLast(6)) } }
    func warn(_ stage: Stage) -> String? { clocks[stage].map { String($0.warnAt.description.dropLast(6)) } }
}
