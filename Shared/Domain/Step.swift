/// What a rule decides: the case as it is afterwards, and what goes on record with it. Rules build it, the ledger writes
/// it in one transaction.
public struct Step: Hashable, Sendable {
    public var record: CaseRecord
    /// What happens to the clocks, in this order.
    public var clocks: [ClockStep] = []
    public var note: String?
    /// Whether the petitioner may read the note.
    public var noteIsPublic = false
    public var events: [CaseEvent] = []

    public init(_ record: CaseRecord) { self.record = record }

    /// The same step with more said about it; for building one in a single expression.
    public func noting(_ note: String?, publicly: Bool = false) -> Step {
        var step = self
        (step.note, step.noteIsPublic) = (note, publicly)
        return step
    }
}

/// A clock fact before the ledger has added time, urgency and calendar.
public enum ClockStep: Hashable, Sendable {
    case start(Stage)
    /// With the due date of the master's clock.
    case startDue(Stage, Instant)
    case stop(Stage)
    case sendBack
    case rework
    case urgency
    case pause
    case resume
    case giveBack
    /// The result's new due date.
    case extend(Instant)
    case cluster(Instant)
    case calendar(Stage, Instant)

    public var kind: ClockFact.Kind {
        switch self {
        case .start, .startDue: .start
        case .stop: .stop
        case .sendBack: .sendBack
        case .rework: .rework
        case .urgency: .urgency
        case .pause: .pause
        case .resume: .resume
        case .giveBack: .giveBack
        case .extend: .extend
        case .cluster: .cluster
        case .calendar: .calendar
        }
    }

    public var stage: Stage? {
        switch self {
        case .start(let stage), .startDue(let stage, _), .stop(let stage), .calendar(let stage, _): stage
        case .sendBack, .rework, .extend, .cluster: .result
        case .urgency, .pause, .resume, .giveBack: nil
        }
    }

    public var until: Instant? {
        switch self {
        case .startDue(_, let until), .extend(let until), .cluster(let until), .calendar(_, let until): until
        case .start, .stop, .sendBack, .rework, .urgency, .pause, .resume, .giveBack: nil
        }
    }
}

/// What one service tells others after a change. The method a consumer answers is `<consumer>.<event>`.
public enum CaseEvent: String, Word {
    case caseDispatched, replyPublished, caseClosed

    public var consumers: [String] {
        switch self {
        case .caseDispatched: ["supervision"]
        case .replyPublished: ["supervision", "intake"]
        case .caseClosed: ["archive"]
        }
    }
}

/// An event's place in the order of one case's events to one consumer.
public struct EventPosition: Codable, Hashable, Comparable, Sendable {
    public var version: Int
    /// Counts the events to that consumer that one change sends; from 1.
    public var ordinal: Int

    public init(version: Int, ordinal: Int) {
        self.version = version
        self.ordinal = ordinal
    }

    public static func < (a: EventPosition, b: EventPosition) -> Bool {
        (a.version, a.ordinal) < (b.version, b.ordinal)
    }
}

/// What every mutation on a case answers at least.
public struct CaseChange: Codable, Hashable, Sendable {
    public var caseNumber: CaseNumber
    public var status: CaseStatus
    public var version: Int

    public init(_ record: CaseRecord) {
        caseNumber = record.number
        status = record.status
        version = record.version
    }
}

/// What an entry of the timeline tells those who follow their cases through `intake.changes`.
public enum FeedKind: String, Word {
    case status, question, interim, reply
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case extension_ = "extension"

    /// `nil` when the entry is nobody's news.
    public init?(_ action: CaseAction, changes: Bool, noteIsPublic: Bool) {
        switch action {
        case .confirmPublication: self = .reply
        case .askPetitioner: self = .question
        case .decideExtension: self = .extension_
        case .addProgress where noteIsPublic, .requestExtension where noteIsPublic: self = .interim
        default:
            guard changes else { return nil }
            self = .status
        }
    }
}
