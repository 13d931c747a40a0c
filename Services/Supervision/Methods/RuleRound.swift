import Domain
import Ledger
import ServiceKit

/// 裁定 — the office rules on a case whose reply was not accepted twice.
enum RuleRound: Method {
    static let name = "supervision.ruleRound"
    static let roles = StatusTable.roles(of: .ruleRound)
    static let kind = MethodKind.caseMutation
    static let summary = "裁定：a further round under a named leader, or closed as explained"

    enum Decision: String, Word { case anotherRound, closeExplained }

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var decision: Decision
        var ground: Note
        /// Required for another round.
        var leader: Person?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange {
        if params.decision == .anotherRound, params.leader == nil { throw Refusal.field("leader", "required") }
        let record = try work.take(params.caseNumber, for: .ruleRound)
        let leader = params.decision == .anotherRound ? params.leader : nil
        let step = try Rules.rule(record, anotherRoundUnder: leader, ground: params.ground, at: work.now)
        return try Closing.save(step, .ruleRound, in: work)
    }
}
