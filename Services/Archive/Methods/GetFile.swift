import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 调阅 — the sealed file of a case.
enum GetFile: Method {
    static let name = "archive.get"
    static let roles = Role.caseReaders
    static let kind = MethodKind.read
    static let summary = "调阅档案：the sealed file of a case, with its digest, day and position"

    struct Params: Codable, Sendable { var caseNumber: CaseNumber }

    struct Result: Codable, Sendable {
        /// An object; `sha256` is over its RFC 8785 text.
        var document: JSONValue
        var sha256: String
        var day: Day
        var position: Int64
        /// 保管期限, and its last day; none for what is kept for good.
        var retention: Retention?
        var keepUntil: Day?
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Result {
        let record = try work.find(params.caseNumber)
        guard Rules.mayRead(work.caller, record), let file = try Store.file(of: record.id, work.db) else {
            throw Refusal.notFound
        }
        return Result(
            document: try JSONValue(parsing: Array(file.document.utf8)), sha256: Secrets.hex(file.sha256),
            day: file.day, position: file.position, retention: file.retention, keepUntil: file.keepUntil)
    }
}
