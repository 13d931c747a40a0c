import Domain
import Ledger
import ServiceKit

/// 重新办理 — a closed case is taken up again; the office does so on a leader's instruction.
enum Reopen: Method {
    static let name = "supervision.reopen"
    static let roles = StatusTable.roles(of: .reopen)
    static let kind = MethodKind.caseMutation
    static let summary = "重新办理：takes a closed case up again within 30 days; a round more"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var reason: Note
        /// The timeline entry of the leader's instruction; required of the office.
        var instructionSeq: Int?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange {
        if work.caller.role == .office, params.instructionSeq == nil {
            throw Refusal.field("instructionSeq", "required")
        }
        let record = try work.take(params.caseNumber, for: .reopen)
        let timeline = params.instructionSeq == nil ? [] : try Timeline.entries(of: record.id, work.db)
        let instruction = try Rules.instruction(
            params.instructionSeq, among: timeline.map { ($0.seq, $0.action) })
        let step = try Rules.reopen(
            record, reason: params.reason, instruction: instruction, try work.book().limits, at: work.now)
        return try work.save(step, .reopen)
    }
}
