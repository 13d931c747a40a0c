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

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Result {
        Result(
            channels: try VocabularyStore.channels(work.db), categories: try VocabularyStore.categories(work.db),
            divisions: try VocabularyStore.divisions(work.db),
            grounds: DeclineGround.allCases.map { Ground(word: $0, name: $0.chinese) })
    }
}
