import Domain
import Ledger
import ServiceKit

/// 改派 — the office gives a case to another lead unit, by a new letter and with new clocks.
enum Reassign: Method {
    static let name = "assignment.reassign"
    static let roles = StatusTable.roles(of: .reassign)
    static let kind = MethodKind.caseMutation
    static let summary = "改派：gives a case to another lead unit, with a new letter and new clocks"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var leadUnitId: UnitID
        var ground: ReassignGround
        var note: Note
        /// Why a complained-of unit gets it all the same; never for a report.
        var conflictGround: Note?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Letters.Issued {
        let record = try work.take(params.caseNumber, for: .reassign)
        guard let before = record.leadUnitId else { preconditionFailure("a dispatched case has no lead unit") }
        let (redirection, name) = try Letters.redirection(
            of: record, to: params.leadUnitId, conflictGround: params.conflictGround, work)
        let step = try Rules.reassign(record, redirection, params.ground, params.note, name: name, at: work.now)
        let change = try work.save(step, .reassign)
        try Store.insert(params, from: before, change, at: work.now, work.db)
        return try Letters.issue(change, conflictGround: params.conflictGround, work)
    }
}
