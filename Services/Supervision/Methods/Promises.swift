import Domain
import Ledger
import ServiceKit

/// 挂账清单 — what results promised, the next due first.
enum Promises: Method {
    static let name = "supervision.promises"
    static let roles = Role.caseReaders.subtracting([.source])
    static let kind = MethodKind.read
    static let summary = "挂账清单：what results promised, the next due first"

    enum Status: String, Word { case open, kept, broken }

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber?
        var unitId: UnitID?
        var status: Status?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Item: Codable, Sendable, Hashable {
        var promiseId: MatterID
        var caseNumber: CaseNumber
        /// The unit that promised.
        var unitId: UnitID
        var commitment: Note
        var dueOn: Day
        /// The first date, when it was moved.
        var movedFrom: Day?
        var status: Status
        var evidence: Note?
        var settledAt: Instant?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Page<Item> {
        if let number = params.caseNumber { _ = try work.find(number) }
        try work.checkListed(unit: params.unitId)
        let limit = (params.limit ?? .usual).count
        let found = try PromiseStore.list(params, for: work.caller, limit: limit + 1, work.db)
        let page = Array(found.prefix(limit))
        guard found.count > limit, let last = page.last, let id = last.promiseId.id else {
            return Page(items: page, nextCursor: nil)
        }
        return Page(items: page, nextCursor: Cursor(Int64(last.dueOn.number), id))
    }
}
