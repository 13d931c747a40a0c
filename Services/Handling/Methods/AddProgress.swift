import Domain
import Ledger
import ServiceKit

/// 进展 — a note on how the work stands; a public one is an interim reply (阶段性答复) that the petitioner reads.
enum AddProgress: Method {
    static let name = "handling.addProgress"
    static let roles = StatusTable.roles(of: .addProgress)
    static let kind = MethodKind.caseMutation
    static let summary = "进展、阶段性答复：a note on how the work stands; public: true is an interim reply"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var note: Note
        /// False unless said.
        var `public`: Bool?
    }

    static func handle(_ params: Params, in work: Work, of handling: Handling) throws -> CaseChange {
        let record = try work.take(params.caseNumber, for: .addProgress)
        let isPublic = params.public ?? false
        let identity = isPublic ? try Store.identity(of: record.number, handling.secrets, work.db) : nil
        return try work.save(try Rules.addProgress(record, params.note, isPublic: isPublic, identity), .addProgress)
    }
}
