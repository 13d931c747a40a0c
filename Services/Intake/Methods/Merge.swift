import Domain
import Ledger
import ServiceKit

/// 并件 — a case joins another on the same matter and runs with it until the reply is approved.
enum Merge: Method {
    static let name = "intake.merge"
    static let roles = StatusTable.roles(of: .merge)
    static let kind = MethodKind.caseMutation
    static let summary = "并件：merges a case into an open one on the same matter"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var into: CaseNumber
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        try work.lock([params.caseNumber, params.into])
        let member = try work.take(params.caseNumber, for: .merge)
        guard let master = try work.takeBeside(params.into) else { throw Refusal.unknown("into") }
        return try Clusters.merge(member, into: master, work)
    }
}
