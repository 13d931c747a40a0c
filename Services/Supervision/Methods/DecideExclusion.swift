import Domain
import Ledger
import ServiceKit

/// 剔除裁定 — the office rules whether a case is left out of the measures that were asked for.
enum DecideExclusion: Method {
    static let name = "supervision.decideExclusion"
    static let roles = StatusTable.roles(of: .decideExclusion)
    static let kind = MethodKind.caseMutation
    static let summary = "剔除裁定：grants or refuses an exclusion, under a number"

    enum Decision: String, Word { case grant, refuse }

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var decision: Decision
        var ground: Note
    }

    struct Result: Codable, Sendable {
        var caseNumber: CaseNumber
        var status: CaseStatus
        var version: Int
        var rulingNumber: String
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        let record = try work.take(params.caseNumber, for: .decideExclusion)
        guard let exclusion = try MatterStore.openExclusion(of: record.id, work.db) else {
            throw Refusal.notAccepted("noExclusionAsked", "没有待审批的剔除申请")
        }
        let change = try work.save(
            Rules.decideExclusion(record, isGranted: params.decision == .grant, ground: params.ground),
            .decideExclusion)
        let number = try MatterStore.decide(
            exclusion, params.decision, ground: params.ground, seq: change.version, at: work.now, work.db)
        return Result(
            caseNumber: change.caseNumber, status: change.status, version: change.version, rulingNumber: number)
    }
}
