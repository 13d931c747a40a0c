import Domain
import Ledger
import ServiceKit

/// 单位名录 — the responsible units, by id.
enum Units: Method {
    static let name = "assignment.units"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "单位名录：the responsible units, by id"

    struct Params: Codable, Sendable {
        var level: UnitLevel?
        var parentId: UnitID?
        var limit: PageLimit?
        /// The last unit of the page before.
        var cursor: UnitID?
    }

    struct Result: Codable, Sendable {
        var items: [SaveUnit.Params]
        @Nullable var nextCursor: UnitID?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Result {
        if let cursor = params.cursor, try Reference.existing(units: [cursor], work.db).units.isEmpty {
            throw Refusal.field("cursor", "not a cursor of this list")
        }
        let limit = (params.limit ?? .usual).count
        let units = try Store.units(
            level: params.level, parent: params.parentId, after: params.cursor, limit: limit + 1, work.db)
        let page = Array(units.prefix(limit))
        return Result(items: page, nextCursor: units.count > limit ? page.last?.unitId : nil)
    }
}
