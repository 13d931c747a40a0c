import Domain
import Ledger
import ServiceKit

/// 认领交办清单 — dispatched and not yet claimed, the first to run out first.
enum ClaimList: Method {
    static let name = "assignment.claimList"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "认领交办清单：dispatched and unclaimed cases, by the claim's due time; at most 200"

    struct Params: Codable, Sendable { var unitId: UnitID? }

    struct Result: Codable, Sendable {
        var items: [Item]
        @Nullable var nextCursor: Cursor?
    }

    struct Item: Codable, Sendable {
        var caseNumber: CaseNumber
        /// When the claim is due; the case's own `dueAt` is the result's.
        var claimDueAt: Instant
        var record: CaseView

        func encode(to encoder: any Encoder) throws {
            try record.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(claimDueAt, forKey: .claimDueAt)
        }
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Result {
        try work.checkListed(unit: params.unitId)
        let records = try CaseSearch.unclaimed(for: work.caller, unit: params.unitId, work.db)
        let items = zip(records, try work.views(records)).compactMap { record, view in
            record.clocks[.claim].map { Item(caseNumber: view.caseNumber, claimDueAt: $0.dueAt, record: view) }
        }
        return Result(items: items.sorted { ($0.claimDueAt, $0.caseNumber) < ($1.claimDueAt, $1.caseNumber) }, nextCursor: nil)
    }
}
