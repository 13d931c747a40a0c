import Domain
import Ledger
import ServiceKit

/// 退单裁定 — the office gives the case to another unit, takes it back, or denies. The second ruling of a case is an
/// adjudication (会商裁定).
enum DecideReturn: Method {
    static let name = "assignment.decideReturn"
    static let roles = StatusTable.roles(of: .decideReturn)
    static let kind = MethodKind.caseMutation
    static let summary = "退单裁定：gives a returned case to another unit, back to the registry, or denies"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var decision: ReturnDecision
        /// With acceptToUnit, and only then.
        var leadUnitId: UnitID?
        var ground: Note
        /// Why a complained-of unit gets it all the same; never for a report.
        var conflictGround: Note?
    }

    /// With the letter's fields when the case goes to a unit.
    struct Result: Codable, Sendable {
        var caseNumber: CaseNumber
        var status: CaseStatus
        var version: Int
        var letterNumber: LetterNumber?
        var deliveredAt: Instant?
        var dueAt: Instant?
        var stages: [Store.StageDue]?
        var provisional: Bool?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Result {
        let isToUnit = params.decision == .acceptToUnit
        if isToUnit != (params.leadUnitId != nil) {
            throw Refusal.field("leadUnitId", isToUnit ? "required" : "only with acceptToUnit")
        }
        if !isToUnit, params.conflictGround != nil { throw Refusal.field("conflictGround", "only with acceptToUnit") }
        let record = try work.take(params.caseNumber, for: .decideReturn)
        guard let request = try Store.lastReturn(of: record, work.db) else {
            preconditionFailure("a returning case has no return on file")
        }
        let (ruling, name) = try ruling(params, record, work)
        let step = try Rules.decideReturn(record, ruling, ground: params.ground, name: name, at: work.now)
        let change = try work.save(step, .decideReturn)
        if record.proceedings.isExclusionAsked, !step.record.proceedings.isExclusionAsked {
            try Store.voidExclusion(of: record.id, seq: change.version, at: work.now, work.db)
        }
        try Store.insert(
            params, on: request, isAdjudication: Rules.isAdjudication(record), change, at: work.now, work.db)
        return try answer(change, params, work)
    }

    private static func ruling(
        _ params: Params, _ record: CaseRecord, _ work: Work
    ) throws -> (Rules.Ruling, Name?) {
        switch params.decision {
        case .acceptToRegistry: return (.toRegistry, nil)
        case .deny: return (.denied, nil)
        case .acceptToUnit:
            guard let lead = params.leadUnitId else { throw Refusal.field("leadUnitId", "required") }
            let (redirection, name) = try Letters.redirection(
                of: record, to: lead, conflictGround: params.conflictGround, work)
            return (.toUnit(redirection), name)
        }
    }

    private static func answer(_ change: CaseChange, _ params: Params, _ work: Work) throws -> Result {
        guard params.decision == .acceptToUnit else {
            return Result(caseNumber: change.caseNumber, status: change.status, version: change.version)
        }
        let letter = try Letters.issue(change, conflictGround: params.conflictGround, work)
        return Result(
            caseNumber: letter.caseNumber, status: letter.status, version: letter.version,
            letterNumber: letter.letterNumber, deliveredAt: letter.deliveredAt, dueAt: letter.dueAt,
            stages: letter.stages, provisional: letter.provisional)
    }
}
