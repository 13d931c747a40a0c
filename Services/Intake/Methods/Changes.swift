import Domain
import Ledger
import ServiceKit

/// 动态 — what happened to the caller's cases since it last asked: at least once, in order for each case.
enum Changes: Method {
    static let name = "intake.changes"
    static let roles = Role.caseReaders
    static let kind = MethodKind.read
    static let summary =
        "动态：what happened to the caller's cases; at least once, in order per case. Keep the last cursor"

    struct Params: Codable, Sendable {
        var cursor: Cursor?
        var limit: PageLimit?
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Page<ChangesFeed.Item> {
        let (items, next) = try ChangesFeed.items(
            for: work.caller, after: params.cursor, limit: params.limit ?? .usual, work.db)
        return Page(items: items, nextCursor: items.isEmpty ? nil : next)
    }
}
