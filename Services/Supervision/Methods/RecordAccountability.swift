import Domain
import Ledger
import ServiceKit

/// 问责结果 — the office records what the competent organ decided.
enum RecordAccountability: Method {
    static let name = "supervision.recordAccountability"
    static let roles = StatusTable.roles(of: .recordAccountability)
    static let kind = MethodKind.caseMutation
    static let summary = "问责结果：records the competent organ's decision and its document number"

    struct Params: Codable, Sendable {
        var id: MatterID
        var outcome: Note
        /// The competent organ.
        var decidedBy: Name
        var documentNumber: Name
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> OpenAccountability.Result
    {
        guard let id = params.id.id, let seen = try MatterStore.accountability(id, forUpdate: false, work.db) else {
            throw Refusal.notFound
        }
        // The case is locked first, as everywhere.
        let record = try seen.caseNumber.map { try work.take($0, for: .recordAccountability) }
        guard try MatterStore.accountability(id, forUpdate: true, work.db)?.isOpen ?? false else {
            throw Refusal.notAccepted("accountabilityRecorded", "问责结果已经记录")
        }
        let change = try record.map {
            try work.save(
                Rules.recordAccountability(
                    $0, outcome: params.outcome, decidedBy: params.decidedBy, documentNumber: params.documentNumber),
                .recordAccountability)
        }
        try MatterStore.record(id, params, seq: change?.version, at: work.now, work.db)
        return OpenAccountability.Result(
            id: params.id, caseNumber: change?.caseNumber, status: change?.status, version: change?.version)
    }
}
