import Domain
import Postgres

/// One unit of work: what a method may touch while its transaction is open. It lives inside the transaction's closure
/// and cannot leave it.
///
/// A change to a case goes `take` → rule → `save`: `take` locks the case and makes the checks that are the same for every
/// action, in the contract's order; `save` writes the new state, its timeline entry, its clock facts and its events.
public final class Work {
    public let db: Connection
    public private(set) var caller: Caller
    /// Who acts behind the caller's token.
    public private(set) var person: Person?
    /// The domain's time: read once for the request, and never before the last entry of a case that was taken.
    public private(set) var now: Instant
    /// Events that this unit of work leased for its own instance, to be sent once it is committed.
    public private(set) var leased: [OutgoingEvent] = []

    /// Where the call came from, for limits per address; `nil` when no gateway said.
    public let address: String?
    /// Finds the log lines of the request.
    public let traceId: String

    /// Answered instead of the result once everything is committed: for refusals that must leave a trace, such as a wrong
    /// tracking code.
    public var refusalAfterCommit: Refusal?

    private let expectedVersion: Int?
    private let request: WorkRequest
    let books: RuleBooks
    let owner: String
    private var loadedBook: RuleBook?
    private var taken: [Int64: CaseRecord] = [:]

    init(
        _ request: WorkRequest, _ db: Connection, now: Instant, books: RuleBooks, owner: String, book: RuleBook? = nil
    ) {
        loadedBook = book
        self.db = db
        self.now = now
        self.books = books
        self.owner = owner
        self.request = request
        caller = request.caller
        person = request.person
        address = request.address
        traceId = request.traceId
        expectedVersion = request.expectedVersion
    }

    /// The calendar and the policies, the same throughout the unit of work.
    public func book() throws -> RuleBook {
        if let loadedBook { return loadedBook }
        let book = try books.current(db, at: now)
        loadedBook = book
        return book
    }

    public func calendar(_ version: Int) throws -> WorkCalendar { try books.calendar(version, db) }

    /// A case for reading.
    ///
    /// - Throws: `.notFound` when there is none or the caller may not see it.
    public func find(_ number: CaseNumber) throws -> CaseRecord {
        guard let id = number.id, let record = try CaseRow.find(id, db),
            try caller.sees(record) || seesThroughMaster(record)
        else { throw Refusal.notFound }
        return record
    }

    /// A case for reading by a petitioner whose tracking code was right.
    public func findForPetitioner(_ number: CaseNumber) throws -> CaseRecord? {
        try number.id.flatMap { try CaseRow.find($0, db) }
    }

    /// Whether a case exists, whoever may see it.
    public func exists(_ number: CaseNumber) throws -> Bool {
        guard let id = number.id else { return false }
        return try db.value("SELECT EXISTS (SELECT FROM ledger.cases WHERE case_id = \(id))")
    }

    /// Whether a case is sealed, whoever may see it.
    public func isArchived(_ number: CaseNumber) throws -> Bool {
        guard let id = number.id else { return false }
        return try db.value("SELECT EXISTS (SELECT FROM ledger.cases WHERE case_id = \(id) AND status = 'archived')")
    }

    /// Locks a case for `action`.
    ///
    /// - Parameter isEntitled: the caller has proved another way that the case concerns it, such as with a tracking code.
    /// - Throws: in this order `.notFound`, `.sealed`, `.notAllowed` (another unit's case), `.staleVersion`,
    ///   `.alreadyClaimed`, `.wrongStatus`.
    public func take(_ number: CaseNumber, for action: CaseAction, isEntitled: Bool = false) throws -> CaseRecord {
        guard let id = number.id, let record = try lock(id),
            try isEntitled || caller.sees(record) || seesThroughMaster(record)
        else { throw Refusal.notFound }
        now = max(now, record.changedAt)
        if record.status == .archived { throw Refusal.sealed }
        if caller.role == .unit, [.fileCoResult, .objectCoOrder].contains(action) {
            guard caller.isCoUnit(of: record) else {
                let reason = caller.leads(record) ? "notCoUnit" : "notLeadUnit"
                throw Refusal(.notAllowed, reason, "只有协办单位可以这样做")
            }
        } else if caller.role == .unit, !caller.leads(record) {
            throw Refusal.notLeadUnit
        }
        if let expectedVersion, expectedVersion != record.version {
            throw Refusal(.staleVersion, "staleVersion", "事项已有新的变动，请重新查看", .version(record.version))
        }
        if action == .claim, let holder = record.responsiblePerson {
            throw Refusal(
                .alreadyClaimed, "alreadyClaimed", "该件已被认领", .holder("\(holder.name.text)（\(holder.title.text)）"))
        }
        guard StatusTable.row(action, in: record.status, by: caller.role) != nil else {
            throw Refusal(
                .wrongStatus, "wrongStatus", "事项当前的状态不允许这一操作",
                .status(record.status, allowed: caller.methods(on: record)))
        }
        taken[id] = record
        return record
    }

    /// Locks and reads a case, and the book with it if it has not been read.
    private func lock(_ id: Int64) throws -> CaseRecord? {
        guard loadedBook == nil else { return try db.row(CaseRow.lock(id), CaseRow.read) }
        let answers = try db.pipelined([CaseRow.lock(id), RuleBooks.Stamp.query])
        loadedBook = try books.book(answers[1], db, at: now)
        return try answers[0].first(CaseRow.read)
    }

    /// Writes what a rule decided about a case that was taken.
    @discardableResult
    public func save(_ step: Step, _ action: CaseAction) throws -> CaseChange {
        guard let before = taken[step.record.id] else { preconditionFailure("\(action) saves a case it did not take") }
        let row = StatusTable.row(action, in: before.status, by: caller.role)
        precondition(
            row.map { $0.to?.contains(step.record.status) ?? (before.status == step.record.status) } ?? false,
            "\(action) led from \(before.status) to \(step.record.status), which stands in no row")
        return try write(step, action, over: before)
    }

    /// Locks a case that an act on another one touches, whatever its status and whoever may see it; `nil` when there is
    /// none.
    public func takeBeside(_ number: CaseNumber) throws -> CaseRecord? {
        guard let id = number.id, let record = try lock(id) else { return nil }
        now = max(now, record.changedAt)
        taken[id] = record
        return record
    }

    /// Writes what an act on one case leaves on another: its status stays, or it is merged.
    @discardableResult
    public func saveBeside(_ step: Step, _ action: CaseAction) throws -> CaseChange {
        guard let before = taken[step.record.id] else { preconditionFailure("\(action) saves a case it did not take") }
        precondition([before.status, .merged].contains(step.record.status), "\(action) moves a case beside another")
        return try write(step, action, over: before)
    }

    private func write(_ step: Step, _ action: CaseAction, over before: CaseRecord) throws -> CaseChange {
        var record = step.record
        record.version = before.version + 1
        record.changedAt = now
        let facts = try apply(step.clocks, to: &record)
        let events = number(step.events, of: &record)
        let statements =
            [
                CaseRow.update(record, over: before),
                Timeline.insert(next: entry(step, action, from: before.status, record)),
            ]
            + (facts.isEmpty ? [] : [ClockFacts.insert(number(facts, of: record))])
            + events.map { Outbox.insert($0, owner: owner) }
        try db.later(statements) { [self] results in
            guard results[0].affected == 1 else { preconditionFailure("case \(record.id) changed under its lock") }
            try lease(events, results.suffix(events.count))
        }
        taken[record.id] = record
        return CaseChange(record)
    }

    /// Adds a case.
    public func open(_ step: Step) throws -> CaseRecord {
        let opening = try opening(step)
        try db.later(Opening.insert([opening]))
        taken[opening.record.id] = opening.record
        return opening.record
    }

    /// A case that is yet to be written.
    func opening(_ step: Step) throws -> Opening {
        var record = step.record
        let facts = try apply(step.clocks, to: &record)
        return Opening(
            record: record, entry: entry(step, .register, from: nil, record), facts: number(facts, of: record))
    }

    /// Does what follows from the caller's act and is nobody's own: it is on record as the system's.
    public func asSystem<T>(_ body: () throws -> T) rethrows -> T {
        let before = (caller, person)
        defer { (caller, person) = before }
        (caller, person) = (Caller(clientId: caller.clientId, role: .system), nil)
        return try body()
    }

    /// One item of a batch on its own: what it throws undoes only what it did. With a key it counts once, as if it had been
    /// called by itself under `method`.
    public func item(_ key: RequestKey?, method: String, _ body: () throws -> [UInt8]) throws -> [UInt8] {
        let (leasedBefore, nowBefore) = (leased.count, now)
        try db.execute("SAVEPOINT item")
        do {
            var own = request
            own.method = method
            if let key, case .known(let stored) = try Keys.claim(key, own, db) {
                try db.execute("RELEASE SAVEPOINT item")
                return stored
            }
            let result = try body()
            if let key { try db.later([Keys.store(result, key, own)]) }
            try db.execute("RELEASE SAVEPOINT item")
            return result
        } catch {
            db.dropLater()
            leased.removeSubrange(leasedBefore...)
            now = nowBefore
            try db.execute("ROLLBACK TO SAVEPOINT item")
            throw error
        }
    }

    /// A fact, and when the result is due from then on where the fact set or moved that.
    private typealias Applied = (fact: ClockFact, resultDue: Instant?)

    private func apply(_ steps: [ClockStep], to record: inout CaseRecord) throws -> [Applied] {
        guard !steps.isEmpty else { return [] }
        let book = try book()
        return steps.compactMap { step in
            // What does not run cannot stop, and is no fact.
            if case .stop(let stage) = step, record.clocks[stage]?.isRunning != true { return nil }
            let fact = ClockFact(
                step.kind, step.stage, at: now, urgency: record.urgency, calendarVersion: book.calendar.version,
                until: step.until)
            let before = record.clocks[.result]?.dueAt
            record.clocks.apply(fact, book.policies, book.calendar)
            let due = record.clocks[.result]?.dueAt
            let isSet = due != before || (fact.kind == .start && fact.stage == .result)
            return (fact, isSet ? due : nil)
        }
    }

    private func entry(
        _ step: Step, _ action: CaseAction, from: CaseStatus?, _ record: CaseRecord
    ) -> Timeline.New {
        let entry = TimelineEntry(
            seq: record.version, at: now, role: caller.role, unitId: caller.unit, person: person, action: action,
            from: from, to: record.status, holder: record.holder,
            holderUnitId: record.holder == .leadUnit ? record.leadUnitId : nil, note: step.note,
            noteIsPublic: step.noteIsPublic)
        return Timeline.New(
            entry: entry, caseId: record.id, channel: record.channel, clientId: caller.clientId,
            feed: FeedKind(action, changes: from != record.status, noteIsPublic: step.noteIsPublic))
    }

    private func number(_ facts: [Applied], of record: CaseRecord) -> [ClockFacts.New] {
        facts.enumerated().map {
            ClockFacts.New(
                fact: $1.fact, caseId: record.id, version: record.version, ordinal: $0 + 1, resultDue: $1.resultDue)
        }
    }

    private func number(_ events: [CaseEvent], of record: inout CaseRecord) -> [OutgoingEvent] {
        var numbered: [OutgoingEvent] = []
        for event in events {
            for consumer in event.consumers {
                let ordinal = numbered.count { $0.consumer == consumer } + 1
                let place = EventPosition(version: record.version, ordinal: ordinal)
                numbered.append(
                    OutgoingEvent(event, to: consumer, of: record, at: place, after: record.lastEvents[consumer]))
                record.lastEvents[consumer] = place
            }
        }
        return numbered
    }

    /// Of the events just written, those whose row says that no earlier one of the same case is pending.
    private func lease(_ events: [OutgoingEvent], _ results: some Collection<Rows>) throws {
        for (event, result) in zip(events, results) {
            if try result.first({ try $0["leased"] as Bool }) ?? false { leased.append(event) }
        }
    }
}
