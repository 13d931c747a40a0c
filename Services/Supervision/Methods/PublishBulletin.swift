import Domain
import Ledger
import ServiceKit

/// 发布通报 — freezes the draft: its figures, the version of the formulas and its digest stay as they are.
enum PublishBulletin: Method {
    static let name = "supervision.publishBulletin"
    static let roles: Set<Role> = [.office]
    static let kind = MethodKind.mutation
    static let summary = "发布通报：freezes the draft; criticised units owe an explanation from now on"

    struct Params: Codable, Sendable { var month: Month }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CompileBulletin.Result {
        CompileBulletin.Result(params.month, try Bulletins.publish(params.month, in: work))
    }
}
