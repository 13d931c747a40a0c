import Domain
import Ledger
import ServiceKit

/// 延期申请 — what units asked for and what was decided, newest first; the reason of one that waits is read here.
enum ReadExtensions: Method {
    static let name = "assignment.extensions"
    static let roles = Role.caseReaders.subtracting([.source])
    static let kind = MethodKind.read
    static let summary = "延期申请：the extensions asked for and what was decided, newest first"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber?
        /// The unit that asked.
        var unitId: UnitID?
        /// Whether they wait for their decision.
        var open: Bool?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Page<Store.Extension> {
        if let number = params.caseNumber { _ = try work.find(number) }
        try work.checkListed(unit: params.unitId)
        let limit = (params.limit ?? .usual).count
        let found = try Store.extensions(params, for: work.caller, limit: limit + 1, work.db)
        let page = Array(found.prefix(limit))
        guard found.count > limit, let last = page.last else { return Page(items: page, nextCursor: nil) }
        return Page(
            items: page, nextCursor: Cursor(last.requestedAt.milliseconds, last.caseNumber.id ?? 0, Int64(last.seq)))
    }
}
