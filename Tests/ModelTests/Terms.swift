enum Urgency: String, CaseIterable, Sendable {
    case ordinary, important, critical

    var isCritical: Bool { self == .critical }
    /// Lower comes first.
    var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Whose time a clock measures.
enum Stage: String, Sendable {
    case registration, dispatch, claim, opinion, result, reply, returning, petitioner, review, publication, followUp
    case ruling
}

/// How long something may take.
enum Term: Sendable {
    case workDays(Int)
    case hours(Int)

    func due(from start: Moment) -> Moment {
        switch self {
        case .workDays(let n): .end(of: WorkDays.day(n, after: start.day))
        case .hours(let n): start.adding(hours: n)
        }
    }

    /// DOMAIN's two tables of clocks.
    static func of(_ stage: Stage, _ urgency: Urgency) -> Term {
        switch (stage, urgency) {
        case (.registration, .critical), (.dispatch, .critical): .hours(1)
        case (.registration, _), (.dispatch, _): .workDays(1)
        case (.claim, .critical): .hours(24)
        case (.claim, _): .workDays(1)
        case (.opinion, _): .hours(96)
        case (.result, .ordinary): .workDays(7)
        case (.result, .important): .workDays(3)
        case (.result, .critical): .hours(108)
        case (.reply, .critical): .hours(120)
        case (.reply, _): .workDays(3)  // after the result's due date: the desks' 2 + 1
        case (.returning, .critical): .hours(4)
        case (.returning, _): .workDays(1)
        case (.petitioner, .critical): .hours(12)
        case (.petitioner, _): .workDays(5)
        case (.review, .critical), (.publication, .critical): .hours(6)
        case (.review, _): .workDays(2)
        case (.publication, _): .workDays(1)
        case (.followUp, .critical): .hours(72)
        case (.followUp, _): .workDays(10)
        case (.ruling, _): .workDays(5)
        }
    }

    static func rework(_ urgency: Urgency) -> Term {
        switch urgency {
        case .ordinary: .workDays(3)
        case .important: .workDays(2)
        case .critical: .hours(24)
        }
    }

    /// For handing back (退单) and for a co-unit's objection.
    static func objection(_ urgency: Urgency) -> Term { urgency.isCritical ? .hours(12) : .workDays(2) }

    /// When the reply is due whose result is due then.
    static func reply(after result: Moment, _ urgency: Urgency) -> Moment {
        urgency.isCritical ? result.adding(hours: 12) : Term.workDays(3).due(from: result)
    }

    /// When a co-unit's part of that result is due.
    static func coOrder(before result: Moment, _ urgency: Urgency) -> Moment {
        urgency.isCritical ? result.adding(hours: -24) : .end(of: WorkDays.last(before: result.day))
    }
}
