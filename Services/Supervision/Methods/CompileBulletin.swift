import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 编制通报 — reckons a month and keeps it as a draft, as often as wanted until it is published.
enum CompileBulletin: Method {
    static let name = "supervision.compileBulletin"
    static let roles: Set<Role> = [.office]
    static let kind = MethodKind.mutation
    static let summary = "编制通报：reckons a month as a draft, again at will until it is published"

    enum Status: String, Word { case draft, published }

    struct Params: Codable, Sendable { var month: Month }

    struct Result: Codable, Sendable {
        var month: Month
        var status: Status
        /// The version of the formulas.
        var formula: String
        /// Over the document's RFC 8785 text.
        var sha256: String
        var compiledAt: Instant
        var publishedAt: Instant?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        Result(params.month, try Bulletins.compile(params.month, in: work))
    }
}

extension CompileBulletin.Result {
    init(_ month: Month, _ held: BulletinStore.Held) {
        self.init(
            month: month, status: held.isPublished ? .published : .draft, formula: held.formula,
            sha256: Secrets.hex(held.sha256), compiledAt: held.compiledAt, publishedAt: held.publishedAt)
    }
}
