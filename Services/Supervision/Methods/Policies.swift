import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 政策参数 — every policy there is or was, in the order in which they were saved: of one name the last whose time has come
/// counts.
enum Policies: Method {
    static let name = "supervision.policies"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.read
    static let summary = "政策参数：every policy with its dates, in the order in which they were saved"

    struct Params: Codable, Sendable {
        var limit: PageLimit?
        var cursor: Cursor?
    }

    struct Item: Codable, Sendable, Hashable {
        var name: String
        var value: JSONValue
        var effectiveFrom: Day
        /// The start of that day, or the moment of saving where it was saved on it.
        var countsFrom: Instant

        static func == (a: Item, b: Item) -> Bool {
            (a.name, a.value, a.effectiveFrom, a.countsFrom) == (b.name, b.value, b.effectiveFrom, b.countsFrom)
        }
        func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(countsFrom)
        }
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Page<Item> {
        let limit = (params.limit ?? .usual).count
        let found = try PolicyStore.list(
            after: try params.cursor?.places(1)[0] ?? 0, limit: limit + 1, work.db)
        let page = found.prefix(limit)
        return Page(items: page.map(\.item), nextCursor: found.count > limit ? page.last.map { Cursor($0.id) } : nil)
    }
}
