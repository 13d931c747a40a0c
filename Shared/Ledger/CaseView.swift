import Domain
import Postgres

/// A case as callers read it. What the caller may not see is absent: a source reads the public view, a unit the `unitText`
/// of a withheld or confidential case. The petitioner's name, phone and contact are in none of them.
public struct CaseView: Codable, Sendable, Hashable {
    public struct Holder: Codable, Sendable, Hashable {
        public var party: Party
        public var unitId: UnitID?
        public var name: String
    }

    public struct CoOrderView: Codable, Sendable, Hashable {
        public var unitId: UnitID
        public var task: Note
        public var required: Bool
        public var dueAt: Instant?
        public var status: CoOrderStatus
        /// Why the unit objects to its part, until the office has decided.
        public var objection: Note?
    }

    public struct ClockView: Codable, Sendable, Hashable {
        public var stage: Stage
        public var dueAt: Instant
        public var provisional: Bool
        public var paused: Bool
        public var stoppedAt: Instant?
    }

    public struct Interval: Codable, Sendable, Hashable {
        public var holder: Holder
        public var from: Instant
        @Nullable public var to: Instant?
    }

    public struct Entry: Codable, Sendable, Hashable {
        public var seq: Int
        public var at: Instant
        public var actor: Role
        public var unitId: UnitID?
        public var person: Person?
        public var action: CaseAction
        @Nullable public var from: CaseStatus?
        public var to: CaseStatus
        public var note: String?
    }

    public var caseNumber: CaseNumber
    public var status: CaseStatus
    public var version: Int
    public var channel: ChannelCode
    public var externalId: ExternalID?
    public var type: CaseType
    public var title: String?
    public var body: String?
    public var urgency: Urgency
    public var category: CategoryCode?
    public var divisionCode: DivisionCode?
    public var about: [UnitID]?
    public var confidential: Bool?
    public var alias: String?
    public var registeredAt: Instant
    public var letterNumber: LetterNumber?
    public var leadUnitId: UnitID?
    public var coOrders: [CoOrderView]?
    public var responsiblePerson: Person?
    public var holder: Holder
    public var lamp: Lamp?
    public var dueAt: Instant?
    public var round: Int?
    public var master: CaseNumber?
    public var relatedTo: CaseNumber?
    /// 撤件 — asked for, and waits for supervision to confirm it.
    public var withdrawalAsked: Bool?
    public var clocks: [ClockView]?
    public var custody: [Interval]?
    public var proposal: Note?
    public var proposedUnitId: UnitID?
    public var unitText: Essay?
    public var publicReply: String?
    public var attachments: [Attachment]?
    public var timeline: [Entry]?

    /// What a list shows of a case.
    public init(
        _ record: CaseRecord, for caller: Caller, names: [UnitID: Name], calendar: WorkCalendar, at now: Instant
    ) {
        caseNumber = record.number
        status = record.status
        version = record.version
        channel = record.channel
        type = record.type
        urgency = record.urgency
        registeredAt = record.registeredAt
        holder = Holder(record.holder, record.holder == .leadUnit ? record.leadUnitId : nil, names)
        lamp = record.lamp(at: now)
        if caller.role == .source {
            externalId = record.externalId
            title = Masking.masked(record.title.text)
            dueAt = record.status.isOpen ? record.clocks[.reply].flatMap { $0.isRunning ? $0.dueAt : nil } : nil
            publicReply = record.approvedReply.map { Masking.maskedReply($0.text) }
            return
        }
        dueAt = record.holderClock?.dueAt
        category = record.category
        divisionCode = record.divisionCode
        about = record.about
        confidential = record.confidential
        letterNumber = record.letterNumber
        leadUnitId = record.leadUnitId
        responsiblePerson = record.responsiblePerson
        round = record.round
        master = record.master
        relatedTo = record.relatedTo
        withdrawalAsked = record.proceedings.isWithdrawalAsked ? true : nil
        proposal = record.proposal
        proposedUnitId = record.proposedUnitId
        publicReply = (record.draftReply ?? record.approvedReply)?.text
        let result = record.clocks[.result]?.dueAt
        coOrders = record.coOrders.map {
            CoOrderView(
                unitId: $0.unitId, task: $0.task, required: $0.required,
                dueAt: result.map { CoOrder.due(before: $0, record.urgency, calendar) }, status: $0.status,
                objection: $0.isContested ? $0.objection : nil)
        }
        guard !Self.isWithheld(record, from: caller) else { return }
        externalId = record.externalId
        title = record.title.text
        alias = record.alias
        if caller.role != .unit { unitText = record.unitText }
    }

    /// Adds what only a single case shows.
    public mutating func complete(
        _ record: CaseRecord, for caller: Caller, timeline entries: [TimelineEntry], masters: [[TimelineEntry]],
        names: [UnitID: Name]
    ) {
        let isPublic = caller.role == .source
        let isWithheld = Self.isWithheld(record, from: caller)
        body = isPublic ? Masking.masked(record.body.text) : isWithheld ? record.unitText?.text : record.body.text
        timeline = Self.entries(entries, isPublic: isPublic, isWithheld: isWithheld)
        guard !isPublic else { return }
        clocks = record.clocks.all.map {
            ClockView(
                stage: $0.stage, dueAt: $0.dueAt, provisional: $0.provisional,
                paused: $0.isPaused, stoppedAt: $0.stoppedAt)
        }
        custody = Self.custody(entries, masters: masters, names)
    }

    /// What of a timeline a former lead reads: its own part, up to the entry in which it ceased to lead.
    ///
    /// - Parameter units: the former lead, or the former leads beneath the caller.
    static func part(of entries: [TimelineEntry], led units: Set<UnitID>) -> [TimelineEntry] {
        guard let last = entries.lastIndex(where: { $0.holderUnitId.map(units.contains) ?? false }) else { return [] }
        let release = entries[last...].dropFirst().first { [.decideReturn, .reassign, .merge].contains($0.action) }
        return entries.filter { $0.seq <= release?.seq ?? entries[last].seq }
    }

    /// Units never see what a report or a confidential case says as filed.
    public static func isWithheld(_ record: CaseRecord, from caller: Caller) -> Bool {
        caller.role == .unit && record.isWithheldFromUnits
    }

    /// The entries that may be shown: to the public without people and internal notes, to units without what the
    /// petitioner of a withheld case wrote.
    public static func entries(_ all: [TimelineEntry], isPublic: Bool, isWithheld: Bool = false) -> [Entry] {
        all.compactMap { entry in
            if isPublic, !entry.action.isPublic || (entry.action == .addProgress && !entry.noteIsPublic) { return nil }
            var note = entry.note
            if isPublic { note = entry.noteIsPublic ? note.map(Masking.maskedReply) : nil }
            if isWithheld, [.register, .supplement, .rate].contains(entry.action) { note = nil }
            return Entry(
                seq: entry.seq, at: entry.at, actor: entry.role, unitId: entry.unitId,
                person: isPublic ? nil : entry.person, action: entry.action, from: entry.from, to: entry.to, note: note)
        }
    }

    /// The units whose names the views of these cases show.
    public static func names(
        for records: [CaseRecord], _ entries: [TimelineEntry], _ db: Connection
    ) throws -> [UnitID: Name] {
        let ids = Set(records.compactMap(\.leadUnitId) + entries.compactMap(\.holderUnitId))
        return try Reference.names(of: Array(ids), db)
    }
}

extension CaseView.Holder {
    init(_ party: Party, _ unit: UnitID?, _ names: [UnitID: Name]) {
        self.init(party: party, unitId: unit, name: unit.map { names[$0]?.text ?? $0.text } ?? party.chinese)
    }
}
