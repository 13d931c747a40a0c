import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 检索 — cases that the caller may see, newest first.
enum Search: Method {
    static let name = "intake.search"
    static let roles = Role.caseReaders
    static let kind = MethodKind.read
    static let summary = "检索：cases the caller may see, newest first; filters add up"

    struct Params: Codable, Sendable {
        /// Full-text search is not served yet and is refused.
        var text: JSONValue?
        var status: [CaseStatus]?
        var unitId: UnitID?
        var channel: ChannelCode?
        var category: CategoryCode?
        var urgency: Urgency?
        var divisionCode: DivisionCode?
        var registeredFrom: Day?
        var registeredTo: Day?
        var overdue: Bool?
        var lamp: Lamp?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Page<CaseView> {
        if params.text != nil { throw Refusal.field("text", "is not served yet") }
        if (params.status ?? []).count > 50 { throw Refusal.field("status", "must have at most 50 items") }
        if let from = params.registeredFrom, let to = params.registeredTo {
            guard from <= to else { throw Refusal.field("registeredTo", "lies before registeredFrom") }
            guard to.number - from.number < 400 else {
                throw Refusal.field("registeredTo", "the range has more than 400 days")
            }
        }
        try work.checkListed(unit: params.unitId)
        try Reference.check(
            channel: params.channel, category: params.category, divisionCode: params.divisionCode, work.db)
        var search = CaseSearch()
        search.statuses = params.status ?? []
        search.unit = params.unitId
        search.channel = params.channel
        search.category = params.category
        search.urgency = params.urgency
        search.divisionCode = params.divisionCode
        search.registeredFrom = params.registeredFrom
        search.registeredTo = params.registeredTo
        search.overdue = params.overdue
        search.lamp = params.lamp
        let (records, next) = try search.page(
            for: work.caller, limit: params.limit ?? .usual, cursor: params.cursor, at: work.now, work.db)
        return Page(items: try work.views(records), nextCursor: next)
    }
}
