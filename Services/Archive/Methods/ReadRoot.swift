import Domain
import Ledger
import ServiceKit

/// 每日根值 — the root of a day, which stands for every file sealed up to its end.
enum ReadRoot: Method {
    static let name = "archive.root"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "每日根值：the RFC 6962 root over the files of a day, and that of the day before, its first leaf"

    struct Params: Codable, Sendable { var day: Day }

    struct Result: Codable, Sendable {
        /// SHA-256, 64 hexadecimal digits.
        var root: String
        var previousRoot: String
        /// Sealed on that day.
        var files: Int
        /// The day is over and its root on file. Before that, it is the root of the files sealed so far.
        var final: Bool
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Result {
        let last = max(work.now.day, try CatalogueStore.lastDay(work.db) ?? work.now.day)
        guard params.day <= last else { throw Refusal.field("day", "lies in the future") }
        let day = try Chain.root(of: params.day, work.db)
        let isKept = try RootStore.toClose(before: params.day.advanced(by: 1), work.db) == nil
        return Result(
            root: Secrets.hex(day.root), previousRoot: Secrets.hex(day.previousRoot), files: day.files,
            final: params.day < work.now.day && isKept)
    }
}
