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

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Letters.Issued {
        let coUnits = params.coUnits ?? []
        if coUnits.count > 50 { throw Refusal.field("coUnits", "must have at most 50 items") }
        var seen: Set<UnitID> = [params.leadUnitId]
        for (index, coUnit) in coUnits.enumerated() where !seen.insert(coUnit.unitId).inserted {
            throw Refusal.field("coUnits[\(index)].unitId", "is named twice")
        }
        let record = try work.take(params.caseNumber, for: .dispatch)
        let order = try order(params, coUnits, work)
        let step = try Rules.dispatch(record, order, letter: try Letters.next(work), at: work.now)
        let change = try work.save(step, .dispatch)
        return try Letters.issue(
            change, instructions: params.instructions, conflictGround: params.conflictGround, work)
    }

    private static func order(_ params: Params, _ coUnits: [Params.CoUnit], _ work: Work) throws -> Rules.Order {
        let facts = try Reference.units([params.leadUnitId] + coUnits.map(\.unitId), work.db)
        func line(_ id: UnitID, _ path: String) throws -> Rules.UnitLine {
            guard let unit = facts[id] else { throw Refusal.unknown(path) }
            return unit.line
        }
        return Rules.Order(
            lead: try line(params.leadUnitId, "leadUnitId"),
            coUnits: try coUnits.enumerated().map {
                (try line($1.unitId, "coUnits[\($0)].unitId"), $1.task, $1.required ?? true)
            },
            conflictGround: params.conflictGround)
    }
}
