import Domain
import Ledger
import ServiceKit

/// 身份查看记录 — who read whose identity, when and what for. The auditor's own reading is logged too.
enum IdentityLog: Method {
    static let name = "intake.identityLog"
    static let roles: Set<Role> = [.auditor]
    static let kind = MethodKind.read
    static let summary = "身份查看记录：who read whose identity, newest first"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber?
        /// Both days included; together at most 400.
        var from: Day?
        var to: Day?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Entry: Codable, Sendable, Hashable {
        var caseNumber: CaseNumber
        var at: Instant
        /// The name of the client whose token was used.
        var client: String
        var role: Role
        var unitId: UnitID?
        var person: Person?
        var purpose: IdentityPurpose
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Page<Entry> {
        if let from = params.from, let to = params.to {
            guard from <= to else { throw Refusal.field("to", "lies before from") }
            guard to.number - from.number < 400 else { throw Refusal.field("to", "the range has more than 400 days") }
        }
        let record = try params.caseNumber.map { try work.find($0) }
        let limit = (params.limit ?? .usual).count
        let found = try IdentityStore.entries(
            of: record?.id, from: params.from, to: params.to, before: try params.cursor?.places(2), limit: limit + 1,
            work.db)
        let page = Array(found.prefix(limit))
        return Page(items: page.map(\.entry), nextCursor: found.count > limit ? page.last?.place : nil)
    }
}
