import Domain
import Ledger
import ServiceKit

/// 交办 — the office gives a case to a lead unit by letter; the unit's clocks start with its delivery.
enum Dispatch: Method {
    static let name = "assignment.dispatch"
    static let roles = StatusTable.roles(of: .dispatch)
    static let kind = MethodKind.caseMutation
    static let summary = "交办：gives a case to a lead unit, with co-units and a letter"

    struct Params: Codable, Sendable {
        struct CoUnit: Codable, Sendable {
            var unitId: UnitID
            var task: Note
            /// Whether the lead's result waits for it; true unless said.
            var required: Bool?
        }
        var caseNumber: CaseNumber
        var leadUnitId: UnitID
        var coUnits: [CoUnit]?
        var instructions: Note?
        /// Why a complained-of unit has the case all the same; never for a report.
        var conflictGround: Note?
    }

    struct Result: Codable, Sendable {
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

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Result {
        let coUnits = params.coUnits ?? []
        if coUnits.count > 50 { throw Refusal.field("coUnits", "must have at most 50 items") }
        var seen: Set<UnitID> = [params.leadUnitId]
        for (index, coUnit) in coUnits.enumerated() where !seen.insert(coUnit.unitId).inserted {
            throw Refusal.field("coUnits[\(index)].unitId", "is named twice")
        }
        let record = try work.take(params.caseNumber, for: .dispatch)
        let order = try order(params, coUnits, work)
        let letter = try Store.nextLetter(try work.book().letterPrefix, on: work.now.day, work.db)
        let step = try Rules.dispatch(record, order, letter: letter, at: work.now)
        let change = try work.save(step, .dispatch)
        return try issue(letter, change, params, work)
    }

    private static func order(_ params: Params, _ coUnits: [Params.CoUnit], _ work: Work) throws -> Rules.Order {
        let facts = try Reference.units([params.leadUnitId] + coUnits.map(\.unitId), work.db)
        func line(_ id: UnitID, _ path: String) throws -> Rules.UnitLine {
            guard let unit = facts[id] else { throw Refusal.unknown(path) }
            return Rules.UnitLine(id: id, superiors: unit.superiors, abolishedOn: unit.abolishedOn)
        }
        return Rules.Order(
            lead: try line(params.leadUnitId, "leadUnitId"),
            coUnits: try coUnits.enumerated().map {
                (try line($1.unitId, "coUnits[\($0)].unitId"), $1.task, $1.required ?? true)
            },
            conflictGround: params.conflictGround)
    }

    private static func issue(
        _ letter: LetterNumber, _ change: CaseChange, _ params: Params, _ work: Work
    ) throws -> Result {
        let record = try work.find(change.caseNumber)
        let clocks = [Stage.claim, .opinion, .result, .reply].compactMap { record.clocks[$0] }.filter(\.isRunning)
        let stages = clocks.map { Store.StageDue(stage: $0.stage, dueAt: $0.dueAt) }
        guard let result = record.clocks[.result] else { preconditionFailure("a dispatched case has no result clock") }
        try Store.insert(
            Store.Letter(
                number: letter, caseNumber: record.number, seq: record.version, leadUnitId: params.leadUnitId,
                coOrders: record.coOrders, instructions: params.instructions, conflictGround: params.conflictGround,
                urgency: record.urgency, deliveredAt: work.now, stages: stages, issuedBy: work.person), work.db)
        return Result(
            caseNumber: change.caseNumber, status: change.status, version: change.version, letterNumber: letter,
            deliveredAt: work.now, dueAt: result.dueAt, stages: stages,
            provisional: clocks.contains(where: \.provisional))
    }
}
