import Domain
import Ledger
import ServiceKit

/// 导出 — a package of the sealed files of some days that can be verified without this program. It is fetched in parts.
enum Export: Method {
    static let name = "archive.export"
    static let roles: Set<Role> = [.auditor]
    static let kind = MethodKind.mutation
    static let summary = "导出档案：a tar of the files of some days, with their roots and a script that verifies it"

    struct Params: Codable, Sendable {
        /// Days of sealing, both included; at most 400.
        var from: Day
        var to: Day
    }

    struct Result: Codable, Sendable {
        var exportId: String
        var files: Int
        /// Of the package, and its SHA-256.
        var bytes: Int64
        var sha256: String
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Result {
        try Rules.checkRange(params.from, params.to)
        let positions = try CatalogueStore.positions(from: params.from, to: params.to, work.db)
        let count = positions.map { $0.upperBound - $0.lowerBound + 1 } ?? 0
        guard count <= ExportStore.filesMax else {
            throw Refusal.notAccepted(
                "exportTooLarge", "所选日期共有\(count)份档案，一次最多导出\(ExportStore.filesMax)份，请缩短日期范围")
        }
        // A day that lies ahead has no root yet.
        let today = max(work.now.day, try CatalogueStore.lastDay(work.db) ?? work.now.day)
        let days = try Chain.days(
            from: params.from, to: min(params.to, today), upTo: positions?.upperBound ?? 0, work.db)
        let entries = try positions.map { try ExportStore.entries($0, work.db) } ?? []
        try ExportStore.makeRoom(at: work.now, work.db)
        let pieces = ExportPlan.pieces(entries, days: days, today: work.now.day, to: min(params.to, today))
        let export = try ExportStore.insert(
            pieces, files: entries.count, from: params.from, to: params.to, work)
        return Result(
            exportId: export.id, files: entries.count, bytes: export.bytes, sha256: Secrets.hex(export.sha256))
    }
}
