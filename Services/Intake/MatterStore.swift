import Domain
import Ledger
import Postgres
import ServiceKit

/// The SQL by which a matter is known again (`intake.matters`). Its digests are those of `Repeats.digests`: of the text by
/// itself first; the others hold who wrote it.
enum MatterStore {
    /// Has messages of one petitioner on one matter wait for one another until their transactions end, so that the second
    /// finds the first; `nil` for messages without a petitioner.
    static func lock(_ matters: [[[UInt8]]]) -> SQL? {
        let keys = Set(matters.flatMap { $0.dropFirst() }.map(lockKey)).sorted()
        guard !keys.isEmpty else { return nil }
        return "SELECT count(pg_advisory_xact_lock(own.key)) FROM unnest(\(keys)::bigint[]) AS own (key)"
    }

    /// - Throws: `.keyInUse` while another transaction registers a message of the same petitioner on the matter.
    static func lock(_ matter: [[UInt8]], _ db: Connection) throws {
        guard let lock = lock([matter]) else { return }
        _ = try Store.orInUse { try db.execute(lock) }
    }

    private static func lockKey(_ digest: [UInt8]) -> Int64 {
        Int64(bitPattern: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Files the digests of new cases.
    static func insert(_ matters: [(caseId: Int64, digests: [[UInt8]])]) -> SQL {
        let digests: [[UInt8]] = matters.flatMap(\.digests)
        let cases: [Int64] = matters.flatMap { matter in matter.digests.map { _ in matter.caseId } }
        return """
            INSERT INTO intake.matters (digest, case_id)
            SELECT new.digest, new.case_id
            FROM unnest(\(column: digests)::bytea[], \(column: cases)::bigint[]) AS new (digest, case_id)
            """
    }

    /// The cases with one of the digests, of each the newest 20: `place` (from 1) and `case_id`.
    static func known(_ digests: [[UInt8]]) -> SQL {
        """
        SELECT own.place, known.case_id
        FROM unnest(\(column: digests)::bytea[]) WITH ORDINALITY AS own (digest, place)
        CROSS JOIN LATERAL (
            SELECT m.case_id
            FROM intake.matters m
            WHERE m.digest = own.digest
            ORDER BY m.case_id DESC
            LIMIT 20
        ) AS known
        """
    }

    /// What the rules must know of the cases that `known` found, by its places; the newest first.
    static func matches(
        _ found: Rows, _ db: Connection, isOwn: (_ place: Int) -> Bool
    ) throws -> [Int: [Rules.Match]] {
        let known = try found.map { (place: try $0["place"] as Int, id: try $0["case_id"] as Int64) }
        guard !known.isEmpty else { return [:] }
        let cases = try db.rows(
            """
            SELECT case_id, status, closed_at, master
            FROM ledger.cases
            WHERE case_id = ANY (\(Array(Set(known.map(\.id))))::bigint[])
            """
        ) { row in
            (
                id: try row["case_id"] as Int64, status: try row["status"] as CaseStatus,
                closedAt: try row["closed_at"] as Instant?, master: try row["master"] as Int64?
            )
        }
        let byId = Dictionary(cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return Dictionary(grouping: known, by: \.place).mapValues { known in
            known.sorted { $0.id > $1.id }.compactMap { known in
                byId[known.id].map {
                    Rules.Match(
                        number: CaseNumber(id: $0.id), status: $0.status, closedAt: $0.closedAt,
                        master: $0.master.map(CaseNumber.init(id:)), isOwn: isOwn(known.place))
                }
            }
        }
    }

    /// Files the digests of one new case.
    ///
    /// - Returns: the cases with one of them, the newest first.
    static func file(_ caseId: Int64, _ digests: [[UInt8]], _ db: Connection) throws -> [Rules.Match] {
        let found = try db.pipelined([known(digests), insert([(caseId, digests)])])[0]
        let matches = try matches(found, db) { $0 > 1 }.values.joined()
        return Dictionary(grouping: matches, by: \.number).values.map { same in
            var match = same[0]
            match.isOwn = same.contains { $0.isOwn }
            return match
        }.sorted { $0.number > $1.number }
    }
}
