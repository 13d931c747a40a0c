import Domain
import Ledger
import Postgres
import ServiceKit

/// The SQL by which a matter is known again (`intake.matters`).
enum MatterStore {
    /// Files the digests of a new case.
    ///
    /// - Parameter digests: of the text by itself first; the others hold who wrote it.
    /// - Returns: the cases with one of them, the newest first; of each digest at most 20.
    static func file(_ caseId: Int64, _ digests: [[UInt8]], _ db: Connection) throws -> [Rules.Match] {
        let texts = digests.map(Secrets.hex)
        let found = try db.rows(
            """
            WITH filed AS (
                INSERT INTO intake.matters (digest, case_id)
                SELECT decode(digest, 'hex'), \(caseId)
                FROM unnest(\(texts)::text[]) AS own (digest)
            )
            SELECT known.case_id, own.place > 1 AS is_own
            FROM unnest(\(texts)::text[]) WITH ORDINALITY AS own (digest, place)
            CROSS JOIN LATERAL (
                SELECT m.case_id
                FROM intake.matters m
                WHERE m.digest = decode(own.digest, 'hex')
                ORDER BY m.case_id DESC
                LIMIT 20
            ) AS known
            """
        ) { (id: try $0["case_id"] as Int64, isOwn: try $0["is_own"] as Bool) }
        guard !found.isEmpty else { return [] }
        let own = Set(found.filter(\.isOwn).map(\.id))
        return try db.rows(
            """
            SELECT case_id, status, closed_at, master
            FROM ledger.cases
            WHERE case_id = ANY (\(Array(Set(found.map(\.id))))::bigint[])
            ORDER BY case_id DESC
            """
        ) { row in
            let id: Int64 = try row["case_id"]
            return Rules.Match(
                number: CaseNumber(id: id), status: try row["status"], closedAt: try row["closed_at"],
                master: (try row["master"] as Int64?).map(CaseNumber.init(id:)), isOwn: own.contains(id))
        }
    }
}
