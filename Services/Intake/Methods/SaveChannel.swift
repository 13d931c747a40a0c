import Domain
import Ledger
import ServiceKit

/// 渠道 — adds a channel, or changes what is said of it.
enum SaveChannel: Method {
    static let name = "intake.saveChannel"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.mutation
    static let summary = "保存渠道：adds or changes a channel"

    struct Params: Codable, Sendable {
        var code: ChannelCode
        var name: Name
        /// Such as board, mailbox, hotline, microblog, newsSite.
        var kind: Name
        /// The unit whose own channel it is: ratings through it close and count nothing for that unit.
        var ownerUnitId: UnitID?
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Params {
        if let owner = params.ownerUnitId { try Reference.check(units: [("ownerUnitId", owner)], work.db) }
        try VocabularyStore.save(params, work.db)
        return params
    }
}
