import Crypto
import Domain
import Foundation
import Ledger
import Postgres

/// The SQL for packages: what they list, their plans, and the bytes of any piece.
enum ExportStore {
    static let filesMax: Int64 = 50_000
    /// So many packages can be fetched at a time; one more, and the oldest is given up.
    static let exportsMax = 100
    static let daysKept = 7
    private static let entriesAtOnce = 5000

    /// The files of a range of positions, in order.
    ///
    /// - Throws: `.notAccepted` (`archiveBroken`) when one of them is missing.
    static func entries(_ positions: ClosedRange<Int64>, _ db: Connection) throws -> [ExportPlan.Entry] {
        var entries: [ExportPlan.Entry] = []
        entries.reserveCapacity(positions.count)
        while true {
            let next = (entries.last?.position).map { $0 + 1 } ?? positions.lowerBound
            let more = try db.rows(
                """
                SELECT k.position, k.case_id, k.day, k.sha256, octet_length(f.document) AS bytes
                FROM archive.catalogue k
                JOIN archive.files f ON f.position = k.position
                WHERE k.position BETWEEN \(next) AND \(positions.upperBound)
                ORDER BY k.position
                LIMIT \(entriesAtOnce)
                """, entry)
            entries += more
            if more.count < entriesAtOnce { break }
        }
        guard entries.count == positions.count else { throw broken }
        return entries
    }

    /// The bytes of a piece.
    ///
    /// - Throws: `.notAccepted` (`archiveBroken`) when they are not those that were planned.
    static func bytes(of piece: ExportPlan.Piece, _ db: Connection) throws -> [UInt8] {
        guard let positions = piece.positions else { return piece.content ?? [] }
        let bytes: [UInt8]
        switch piece.kind {
        case .kept: bytes = []
        case .leaves: bytes = try entries(positions, db).flatMap { Array(ExportPlan.leaf($0).utf8) }
        case .sums: bytes = try entries(positions, db).flatMap { Array(ExportPlan.sum($0).utf8) }
        case .documents: bytes = try documents(positions, db)
        }
        guard bytes.count == piece.bytes else { throw broken }
        return bytes
    }

    private static func documents(_ positions: ClosedRange<Int64>, _ db: Connection) throws -> [UInt8] {
        try db.rows(
            """
            SELECT k.position, k.case_id, k.day, k.sha256, octet_length(f.document) AS bytes, f.document
            FROM archive.catalogue k
            JOIN archive.files f ON f.position = k.position
            WHERE k.position BETWEEN \(positions.lowerBound) AND \(positions.upperBound)
            ORDER BY k.position
            LIMIT \(positions.count)
            """
        ) { row in
            ExportPlan.document(try entry(row), Array((try row["document"] as String).utf8))
        }.reduce(into: []) { $0 += $1 }
    }

    struct Export: Sendable {
        var id: String
        var bytes: Int64
        var sha256: [UInt8]
    }

    /// Puts a plan on file, once its digest has been taken over every byte.
    static func insert(
        _ pieces: [ExportPlan.Piece], files: Int, from: Day, to: Day, _ work: Work
    ) throws -> Export {
        var (digest, firstByte, statements) = (SHA256(), Int64(0), [SQL]())
        let id: String = try work.db.value("SELECT gen_random_uuid()::text")
        for piece in pieces {
            digest.update(data: Data(try bytes(of: piece, work.db)))
            statements.append(
                """
                INSERT INTO archive.export_parts (export_id, first_byte, bytes, kind, first_position, last_position, content)
                VALUES (\(id)::uuid, \(firstByte), \(piece.bytes), \(piece.kind), \(piece.positions?.lowerBound),
                    \(piece.positions?.upperBound), \(piece.content))
                """)
            firstByte += Int64(piece.bytes)
        }
        let sha256 = Array(digest.finalize())
        let expires = work.now.adding(seconds: daysKept * 86_400)
        let export: SQL = """
            INSERT INTO archive.exports (export_id, day_from, day_to, files, bytes, sha256, client_id, person, made_at,
                expires_at)
            VALUES (\(id)::uuid, \(from), \(to), \(files), \(firstByte), \(sha256), \(work.caller.clientId),
                \(work.person.map(JSONText.init)), \(work.now), \(expires))
            """
        _ = try work.db.pipelined([export] + statements)
        return Export(id: id, bytes: firstByte, sha256: sha256)
    }

    /// How many bytes a package has that can still be fetched; `nil` when there is none.
    static func bytes(of id: UUID, at now: Instant, _ db: Connection) throws -> Int64? {
        try db.value(
            """
            SELECT bytes
            FROM archive.exports
            WHERE export_id = \(id.uuidString)::uuid AND dropped_at IS NULL AND expires_at > \(now)
            """)
    }

    /// The pieces from the one that holds `offset` on; at most three.
    static func pieces(
        of id: UUID, from offset: Int64, _ db: Connection
    ) throws -> [(firstByte: Int64, piece: ExportPlan.Piece)] {
        try db.rows(
            """
            SELECT first_byte, bytes, kind, first_position, last_position, content
            FROM archive.export_parts
            WHERE export_id = \(id.uuidString)::uuid AND first_byte >= (
                SELECT max(first_byte)
                FROM archive.export_parts
                WHERE export_id = \(id.uuidString)::uuid AND first_byte <= \(offset))
            ORDER BY first_byte
            LIMIT 3
            """
        ) { row in
            let (first, last) = (try row["first_position"] as Int64?, try row["last_position"] as Int64?)
            let piece = ExportPlan.Piece(
                kind: try row["kind"], bytes: try row["bytes"],
                positions: first.flatMap { first in last.map { first...$0 } }, content: try row["content"])
            return (firstByte: try row["first_byte"], piece: piece)
        }
    }

    /// Gives up packages that have expired.
    ///
    /// - Returns: how many; at most `limit`.
    static func dropExpired(at now: Instant, upTo limit: Int, _ db: Connection) throws -> Int {
        try drop(
            """
            SELECT export_id
            FROM archive.exports
            WHERE dropped_at IS NULL AND expires_at <= \(now)
            ORDER BY expires_at
            LIMIT \(limit)
            FOR UPDATE SKIP LOCKED
            """, at: now, db)
    }

    /// Gives up the oldest packages, so that one more is not one too many.
    static func makeRoom(at now: Instant, _ db: Connection) throws {
        _ = try drop(
            """
            SELECT export_id
            FROM archive.exports
            WHERE dropped_at IS NULL
            ORDER BY made_at DESC
            OFFSET \(exportsMax - 1)
            LIMIT \(exportsMax)
            FOR UPDATE SKIP LOCKED
            """, at: now, db)
    }

    private static func drop(_ which: SQL, at now: Instant, _ db: Connection) throws -> Int {
        let ids = try db.rows(which) { try $0["export_id"] as String }
        guard !ids.isEmpty else { return 0 }
        try db.execute("DELETE FROM archive.export_parts WHERE export_id = ANY (\(ids)::uuid[])")
        try db.execute("UPDATE archive.exports SET dropped_at = \(now) WHERE export_id = ANY (\(ids)::uuid[])")
        return ids.count
    }

    private static let broken = Refusal.notAccepted("archiveBroken", "档案已不完整，请先核验")

    private static func entry(_ row: borrowing Row) throws -> ExportPlan.Entry {
        ExportPlan.Entry(
            position: try row["position"], caseNumber: CaseNumber(id: try row["case_id"]), day: try row["day"],
            sha256: try row["sha256"], bytes: try row["bytes"])
    }
}
