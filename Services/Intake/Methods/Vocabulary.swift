import Domain
import Ledger
import ServiceKit

/// 词表 — the channels, categories, divisions and grounds that other params name.
enum Vocabulary: Method {
    static let name = "intake.vocabulary"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "词表：channels, categories, divisions and grounds to decline"

    struct Params: Codable, Sendable {}

    struct Division: Codable, Sendable {
        var code: DivisionCode
        var name: Name
    }
    struct Ground: Codable, Sendable {
        var word: DeclineGround
        var name: String
    }
    struct Result: Codable, Sendable {
        var channels: [SaveChannel.Params]
        var categories: [SaveCategory.Params]
        var divisions: [Division]
        var grounds: [Ground]
    }

    /// Each list has at most 5,000 rows; a province has some 2,000 divisions.
    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Result {
        Result(
            channels: try work.db.rows("SELECT code, name, kind, owner_unit_id FROM ledger.channels ORDER BY code LIMIT 5000") {
                SaveChannel.Params(
                    code: try $0["code"], name: try $0["name"], kind: try $0["kind"], ownerUnitId: try $0["owner_unit_id"])
            },
            categories: try work.db.rows("SELECT code, name, parent FROM ledger.categories ORDER BY code LIMIT 5000") {
                SaveCategory.Params(code: try $0["code"], name: try $0["name"], parent: try $0["parent"])
            },
            divisions: try work.db.rows("SELECT code, name FROM ledger.divisions ORDER BY code LIMIT 5000") {
                Division(code: try $0["code"], name: try $0["name"])
            },
            grounds: DeclineGround.allCases.map { Ground(word: $0, name: $0.chinese) })
    }
}
