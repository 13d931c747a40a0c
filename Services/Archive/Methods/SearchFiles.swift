import Domain
import Ledger
import Postgres
import ServiceKit

/// 档案检索 — sealed files that the caller may read, the last sealed first; what the catalogue says of them, no texts.
enum SearchFiles: Method {
    static let name = "archive.search"
    static let roles = Role.caseReaders
    static let kind = MethodKind.read
    static let summary = "档案检索：sealed files the caller may read, the last sealed first; filters add up"

    struct Params: Codable, Sendable {
        /// Days of sealing, both included; at most 400.
        var from: Day?
        var to: Day?
        var caseNumber: CaseNumber?
        /// Led or co-handled the case.
        var unitId: UnitID?
        var category: CategoryCode?
        var divisionCode: DivisionCode?
        var urgency: Urgency?
        var retention: Retention?
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Item: Codable, Sendable, Hashable {
        var caseNumber: CaseNumber
        var sha256: String
        var day: Day
        var position: Int64
        var retention: Retention
        var keepUntil: Day?
        var type: CaseType
        var urgency: Urgency
        /// The status in which the case ended.
        var outcome: CaseStatus
        var category: CategoryCode?
        var divisionCode: DivisionCode?
        var leadUnitId: UnitID?
        /// Of the document.
        var bytes: Int
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Page<Item> {
        if let from = params.from, let to = params.to { try Rules.checkRange(from, to) }
        if let number = params.caseNumber { _ = try work.find(number) }
        try work.checkListed(unit: params.unitId)
        try Reference.check(category: params.category, divisionCode: params.divisionCode, work.db)
        // Sources read no internal papers.
        guard work.caller.role != .source else { return Page(items: [], nextCursor: nil) }
        let limit = (params.limit ?? .usual).count
        let found = try CatalogueStore.list(params, for: work.caller, limit: limit + 1, work.db)
        let page = Array(found.prefix(limit))
        return Page(items: page, nextCursor: found.count > limit ? page.last.map { Cursor($0.position) } : nil)
    }
}

extension SearchFiles.Item {
    init(_ row: borrowing Row) throws {
        self.init(
            caseNumber: CaseNumber(id: try row["case_id"]), sha256: Secrets.hex(try row["sha256"]),
            day: try row["day"], position: try row["position"], retention: try row["retention"],
            keepUntil: try row["keep_until"], type: try row["type"], urgency: try row["urgency"],
            outcome: try row["outcome"], category: try row["category"], divisionCode: try row["division_code"],
            leadUnitId: try row["lead_unit_id"], bytes: try row["bytes"])
    }
}
