import Domain
import Ledger
import ServiceKit

/// 申请剔除 — a case should not count in some measures, such as where the law gives more time.
enum RequestExclusion: Method {
    static let name = "supervision.requestExclusion"
    static let roles = StatusTable.roles(of: .requestExclusion)
    static let kind = MethodKind.caseMutation
    static let summary = "申请剔除：asks that a case does not count in some measures"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var measures: [Measure]
        var ground: Note
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange {
        try Rules.check(params.measures)
        let record = try work.take(params.caseNumber, for: .requestExclusion)
        let isAsked = try MatterStore.openExclusion(of: record.id, work.db) != nil
        let change = try work.save(
            try Rules.requestExclusion(record, isAsked: isAsked, ground: params.ground), .requestExclusion)
        try MatterStore.insert(params, change, work)
        return change
    }
}
