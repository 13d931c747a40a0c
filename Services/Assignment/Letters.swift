import Domain
import Ledger

/// 交办函 — how a letter is issued, whoever gives the case to a unit: a dispatch, an accepted return, a reassignment.
enum Letters {
    /// What is answered about a letter that was issued.
    struct Issued: Codable, Sendable {
        var caseNumber: CaseNumber
        var status: CaseStatus
        var version: Int
        var letterNumber: LetterNumber
        var deliveredAt: Instant
        /// The result's.
        var dueAt: Instant
        var stages: [Store.StageDue]
        /// A due date lies in, or was counted through, a year whose holidays are not published.
        var provisional: Bool
    }

    static func next(_ work: Work) throws -> LetterNumber {
        try Store.nextLetter(try work.book().letterPrefix, on: work.now.day, work.db)
    }

    /// Puts the letter of a change on file.
    static func issue(
        _ change: CaseChange, instructions: Note? = nil, conflictGround: Note?, _ work: Work
    ) throws -> Issued {
        let record = try work.find(change.caseNumber)
        let clocks = [Stage.claim, .opinion, .result, .reply].compactMap { record.clocks[$0] }.filter(\.isRunning)
        let stages = clocks.map { Store.StageDue(stage: $0.stage, dueAt: $0.dueAt) }
        guard let result = record.clocks[.result], let lead = record.leadUnitId, let letter = record.letterNumber else {
            preconditionFailure("a dispatched case has a lead unit, a letter and a result clock")
        }
        let coOrders = record.coOrders.filter { $0.status != .withdrawn }
        try Store.insert(
            Store.Letter(
                number: letter, caseNumber: record.number, seq: record.version, leadUnitId: lead, coOrders: coOrders,
                instructions: instructions, conflictGround: conflictGround, urgency: record.urgency,
                deliveredAt: work.now, stages: stages, issuedBy: work.person), work.db)
        return Issued(
            caseNumber: change.caseNumber, status: change.status, version: change.version, letterNumber: letter,
            deliveredAt: work.now, dueAt: result.dueAt, stages: stages,
            provisional: clocks.contains(where: \.provisional))
    }

    /// The unit that is to lead a case which another one leads now, and its letter.
    ///
    /// - Throws: `.unknownReference` for a unit that does not exist.
    static func redirection(
        of record: CaseRecord, to lead: UnitID, conflictGround: Note?, _ work: Work
    ) throws -> (redirection: Rules.Redirection, name: Name) {
        let coUnits = record.coOrders.filter { $0.status == .open }.map(\.unitId)
        let facts = try Reference.units([lead] + coUnits, work.db)
        guard let unit = facts[lead] else { throw Refusal.unknown("leadUnitId") }
        let redirection = Rules.Redirection(
            lead: unit.line, coUnits: coUnits.compactMap { facts[$0]?.line }, letter: try next(work),
            conflictGround: conflictGround)
        return (redirection, unit.name)
    }
}

extension Reference.UnitFacts {
    var line: Rules.UnitLine { Rules.UnitLine(id: unitId, superiors: superiors, abolishedOn: abolishedOn) }
    var coUnit: Rules.CoUnit { Rules.CoUnit(line: line, path: path, name: name) }
}
