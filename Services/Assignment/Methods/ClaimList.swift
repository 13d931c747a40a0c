import Domain
import Ledger
import ServiceKit

/// 认领交办清单 — dispatched and not yet claimed, the first to run out first.
enum ClaimList: Method {
    static let name = "assignment.claimList"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "认领交办清单：dispatched and unclaimed cases, by the claim's due time"

    struct Params: Codable, Sendable {
        var unitId: UnitID?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Result: Codable, Sendable {
        var items: [Item]
        @Nullable var nextCursor: Cursor?
    }

    struct Item: Codable, Sendable {
        var caseNumber: CaseNumber
        /// When the claim is due; the case's own `dueAt` is the result's. Absent for sources.
        var claimDueAt: Instant?
        var record: CaseView

        func encode(to encoder: any Encoder) throws {
            try record.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(claimDueAt, forKey: .claimDueAt)
        }
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Result {
        try work.checkListed(unit: params.unitId)
        let (records, next) = try CaseSearch.unclaimed(
            for: work.caller, unit: params.unitId, limit: params.limit ?? .usual, cursor: params.cursor, work.db)
        let isInternal = work.caller.role != .source
        let items = zip(records, try work.views(records)).map { record, view in
            Item(caseNumber: view.caseNumber, claimDueAt: isInternal ? record.clocks[.claim]?.dueAt : nil, record: view)
        }
        return Result(items: items, nextCursor: next)
    }
}
