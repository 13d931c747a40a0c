import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 通报 — a month's bulletin, as data or as a page to print. A draft is for those who prepare and supervise it.
enum ReadBulletin: Method {
    static let name = "supervision.bulletin"
    static let roles = Role.callers.subtracting([.source])
    static let kind = MethodKind.read
    static let summary =
        "通报：a month's bulletin as data, or as a page to print; drafts for office, supervisor and auditor"

    enum Format: String, Word { case json, html }

    struct Params: Codable, Sendable {
        var month: Month
        var format: Format?
    }

    struct Result: Codable, Sendable {
        var month: Month
        var status: CompileBulletin.Status
        var formula: String
        /// Over the document's RFC 8785 text.
        var sha256: String
        var compiledAt: Instant
        var publishedAt: Instant?
        var document: JSONValue
        /// The page, for format html.
        var html: String?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        guard let held = try BulletinStore.bulletin(of: params.month, work.db),
            held.isPublished || [.office, .supervisor, .auditor].contains(work.caller.role)
        else { throw Refusal.notFound }
        let summary = CompileBulletin.Result(params.month, held)
        var result = Result(
            month: params.month, status: summary.status, formula: summary.formula, sha256: summary.sha256,
            compiledAt: summary.compiledAt, publishedAt: summary.publishedAt,
            document: try JSONValue(parsing: Array(held.document.utf8)))
        if params.format == .html {
            result.html = BulletinPage.render(try Bulletins.read(held), summary)
        }
        return result
    }
}
