import Domain
import Ledger
import ServiceKit

/// 类别 — adds a category, or changes its name and place.
enum SaveCategory: Method {
    static let name = "intake.saveCategory"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.mutation
    static let summary = "保存类别：adds or changes a category"

    struct Params: Codable, Sendable {
        var code: CategoryCode
        var name: Name
        var parent: CategoryCode?
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Params {
        if let parent = params.parent { try checkParent(parent, of: params.code, work) }
        try work.db.execute(
            """
            INSERT INTO ledger.categories (code, name, parent)
            VALUES (\(params.code), \(params.name), \(params.parent))
            ON CONFLICT (code) DO UPDATE
            SET name = excluded.name, parent = excluded.parent
            """)
        return params
    }

    /// - Throws: `.unknownReference`, or `.notAccepted` when the category would lie beneath itself.
    private static func checkParent(_ parent: CategoryCode, of code: CategoryCode, _ work: Work) throws {
        if parent == code { throw Refusal.notAccepted("cycle", "类别不能以自己或下级为上级") }
        let above: [String] = try work.db.rows(
            """
            WITH RECURSIVE above AS (
                SELECT code, parent FROM ledger.categories WHERE code = \(parent)
                UNION
                SELECT c.code, c.parent FROM ledger.categories c JOIN above ON c.code = above.parent
            )
            SELECT code FROM above LIMIT 1000
            """
        ) { try $0["code"] }
        if above.isEmpty { throw Refusal.unknown("parent") }
        if above.contains(code.text) { throw Refusal.notAccepted("cycle", "类别不能以自己或下级为上级") }
    }
}
