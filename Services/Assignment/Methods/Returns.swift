import Domain
import Ledger
import ServiceKit

/// 退单裁定汇编 — the rulings on returns, newest first: what was ruled before is looked up here.
enum Returns: Method {
    static let name = "assignment.returns"
    static let roles = Role.caseReaders.subtracting([.source])
    static let kind = MethodKind.read
    static let summary = "退单裁定汇编：the rulings on returns, newest first, by unit and decision"

    struct Params: Codable, Sendable {
        /// The unit that handed the case back.
        var unitId: UnitID?
        var decision: ReturnDecision?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Page<Store.Ruling> {
        try work.checkListed(unit: params.unitId)
        let (items, next) = try Store.rulings(
            for: work.caller, unit: params.unitId, decision: params.decision, limit: params.limit ?? .usual,
            cursor: params.cursor, work.db)
        return Page(items: items, nextCursor: next)
    }
}
