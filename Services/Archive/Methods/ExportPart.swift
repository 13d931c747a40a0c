import Domain
import Foundation
import Ledger
import ServiceKit

/// 导出分段 — the bytes of a package from an offset on.
enum ExportPart: Method {
    static let name = "archive.exportPart"
    static let roles: Set<Role> = [.auditor]
    static let kind = MethodKind.read
    static let summary = "导出分段：up to a mebibyte of an exported package, and where the next part begins"

    static let bytesMax = 1 << 20

    struct Params: Codable, Sendable {
        var exportId: Name
        /// In bytes, from 0.
        var offset: Int64
    }

    struct Result: Codable, Sendable {
        /// Base 64 of at most 1,048,576 bytes.
        var data: String
        @Nullable var nextOffset: Int64?
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Result {
        guard params.offset >= 0 else { throw Refusal.field("offset", "out of range") }
        guard let id = UUID(uuidString: params.exportId.text),
            let bytes = try ExportStore.bytes(of: id, at: work.now, work.db)
        else { throw Refusal.notFound }
        guard params.offset < bytes else { throw Refusal.field("offset", "out of range") }
        var data: [UInt8] = []
        for (firstByte, piece) in try ExportStore.pieces(of: id, from: params.offset, work.db) {
            guard data.count < bytesMax else { break }
            let skipped = Int(max(0, params.offset - firstByte))
            data += try ExportStore.bytes(of: piece, work.db).dropFirst(skipped).prefix(bytesMax - data.count)
        }
        let next = params.offset + Int64(data.count)
        return Result(data: Data(data).base64EncodedString(), nextOffset: next < bytes ? next : nil)
    }
}
