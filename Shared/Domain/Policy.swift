/// A length of time as a policy states it: `7wd` (working days) or `108h` (hours by the clock).
public enum Term: Hashable, Codable, Sendable, LosslessStringConvertible {
    case workingDays(Int)
    case hours(Int)

    /// Reads `1wd` … `400wd` and `1h` … `9600h`, digits without a sign; `nil` for anything else.
    public init?(_ text: String) {
        guard let first = text.utf8.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first else { return nil }
        if text.hasSuffix("wd"), let days = Int(text.dropLast(2)), (1...400).contains(days) {
            self = .workingDays(days)
        } else if text.hasSuffix("h"), let hours = Int(text.dropLast()), (1...9600).contains(hours) {
            self = .hours(hours)
        } else {
            return nil
        }
    }

    /// Whether it runs by the clock, weekends and holidays included.
    public var isHourly: Bool {
        switch self {
        case .workingDays: false
        case .hours: true
        }
    }

    public var description: String {
        switch self {
        case .workingDays(let days): "\(days)wd"
        case .hours(let hours): "\(hours)h"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let term = Term(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "must be a term such as 7wd or 108h")
        }
        self = term
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// When a clock of this length that starts at `start` runs out: the end of the last working day, or the hour.
    public func due(from start: Instant, _ calendar: WorkCalendar) -> Instant {
        switch self {
        case .workingDays(let days): calendar.day(days, after: start.day).end
        case .hours(let hours): start.adding(seconds: hours * 3600)
        }
    }
}

/// The terms of all clocks for one urgency (DOMAIN, Clocks).
public struct Terms: Codable, Hashable, Sendable {
    /// The registry's, until a new case is classified; then the office's, until it is dispatched or declined.
    public var registration: Term
    public var returning: Term
    public var claim: Term
    /// Only critical cases owe an opinion.
    public var opinion: Term?
    public var result: Term
    public var rework: Term
    public var review: Term
    public var publication: Term
    public var followUp: Term
    public var ruling: Term
    /// The petitioner's, for all questions of a case together.
    public var petitioner: Term
    /// How long after its delivery a unit may hand a case back (退单), and a co-unit object to its part.
    public var objection: Term
}

/// The clock policy in force from a day on. The rows are data (`ledger.policies`); the code names them, never repeats them.
public struct Policy: Codable, Hashable, Sendable {
    public var effectiveFrom: Day
    /// The lamp turns yellow when this share of the time is left, in percent; 1–99.
    public var warningPercent: Int
    public var ordinary: Terms
    public var important: Terms
    public var critical: Terms
    /// Where it was saved on its first day: from then on, so that no clock that runs changes its policy.
    public var countsFrom: Instant?

    /// From when on clocks start under it.
    public var since: Instant { countsFrom ?? effectiveFrom.start }

    public func terms(_ urgency: Urgency) -> Terms {
        switch urgency {
        case .ordinary: ordinary
        case .important: important
        case .critical: critical
        }
    }
}

/// All clock policies, and which one a clock that starts at some moment runs under.
public struct PolicyBook: Sendable {
    private let policies: PolicyHistory<Policy>

    /// - Parameter policies: in the order in which they were saved.
    /// - Precondition: there is at least one policy.
    public init(_ policies: [Policy]) {
        self.policies = PolicyHistory(policies.map { .init(from: $0.since, value: $0) })
    }

    /// The policy in effect at that moment; before all of them the first.
    public func policy(at moment: Instant) -> Policy { policies.value(at: moment) }
}

/// Counts and spans that are not clocks.
public struct Limits: Codable, Hashable, Sendable {
    /// A closed case may be reopened for so many days.
    public var reopenDays: Int
    /// So many attempts to reach the petitioner close the case unrated.
    public var unreachableMax: Int
    /// The follow-up that does not accept the reply for the so-many-th time goes to the office.
    public var dissatisfiedMax: Int
    /// Wrong tracking codes per case and address within the window.
    public var trackFailuresMax: Int
    public var trackWindowMinutes: Int
    /// Returns, extensions and questions of a case; a return beyond the first is adjudicated.
    public var returnsMax: Int
    public var extensionsMax: Int
    public var questionsMax: Int
    /// So many petitioners of one matter raise it from ordinary to important.
    public var clusterRaisesAt: Int
    /// A declined case may be recalled for so many days.
    public var recallDays: Int
    /// 反弹 — a closed matter complained of again within so many days is a recurrence.
    public var recurrenceDays: Int
    /// 催办 — another post on an open matter urges when so many hours have passed.
    public var repeatUrgesAfterHours: Int

    public init(
        reopenDays: Int, unreachableMax: Int, dissatisfiedMax: Int, trackFailuresMax: Int, trackWindowMinutes: Int,
        returnsMax: Int, extensionsMax: Int, questionsMax: Int, clusterRaisesAt: Int, recallDays: Int,
        recurrenceDays: Int, repeatUrgesAfterHours: Int
    ) {
        self.reopenDays = reopenDays
        self.unreachableMax = unreachableMax
        self.dissatisfiedMax = dissatisfiedMax
        self.trackFailuresMax = trackFailuresMax
        self.trackWindowMinutes = trackWindowMinutes
        self.returnsMax = returnsMax
        self.extensionsMax = extensionsMax
        self.questionsMax = questionsMax
        self.clusterRaisesAt = clusterRaisesAt
        self.recallDays = recallDays
        self.recurrenceDays = recurrenceDays
        self.repeatUrgesAfterHours = repeatUrgesAfterHours
    }
}

/// 交办函 — how letters are numbered.
public struct LetterPolicy: Codable, Hashable, Sendable {
    /// Stands before the year: 郴网问交〔2026〕12号.
    public var prefix: String
}
