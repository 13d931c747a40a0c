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
        try VocabularyStore.lockCategories(work.db)
        if let parent = params.parent {
            let line = try VocabularyStore.line(of: parent, work.db)
            if line.isEmpty, parent != params.code { throw Refusal.unknown("parent") }
            if parent == params.code || line.contains(params.code) {
                throw Refusal.notAccepted("cycle", "类别不能以自己或下级为上级")
            }
        }
        try VocabularyStore.save(params, work.db)
        return params
    }
}
