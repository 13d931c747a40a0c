import Domain
import Ledger
import ServiceKit

/// 撤件核实 — supervision has asked the petitioner by phone whether taking the message back is their own will.
enum ConfirmWithdrawal: Method {
    static let name = "supervision.confirmWithdrawal"
    static let roles = StatusTable.roles(of: .confirmWithdrawal)
    static let kind = MethodKind.caseMutation
    static let summary = "撤件核实：after a call to the petitioner the case is withdrawn"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var note: Note
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .confirmWithdrawal)
        let step = try Rules.confirmWithdrawal(
            record, note: params.note, hasMembers: try work.hasMembers(record), at: work.now)
        let change = try work.save(step, .confirmWithdrawal)
        if record.proceedings.isExclusionAsked {
            try MatterStore.voidExclusion(of: record.id, seq: change.version, at: work.now, work.db)
        }
        return change
    }
}
