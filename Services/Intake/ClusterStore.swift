import Domain
import Ledger
import Postgres

/// The SQL for clusters: which masters have members that have yet to follow.
enum ClusterStore {
    /// Locks the row even where it is there: a sweep that is about to remove it must not miss the new member.
    static func note(_ master: Int64, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO intake.clusters (master_id)
            VALUES (\(master))
            ON CONFLICT (master_id) DO UPDATE
            SET master_id = excluded.master_id
            """)
    }

    /// A merged case is where no exclusion is ruled on.
    static func voidExclusion(of caseId: Int64, seq: Int, at now: Instant, _ db: Connection) throws {
        try db.execute("SELECT supervision.void_exclusion(\(caseId), \(seq), \(now))")
    }

    /// Forgets a master without members.
    static func forget(_ master: Int64, _ db: Connection) throws {
        try db.execute(
            """
            DELETE FROM intake.clusters
            WHERE master_id = \(master)
                AND NOT EXISTS (SELECT FROM ledger.cases WHERE master = \(master) AND status = 'merged')
            """)
    }

    /// Masters whose reply is approved and whose members have yet to follow, locked; those that another instance looks at
    /// are passed over.
    static func answered(upTo limit: Int, _ db: Connection) throws -> [CaseNumber] {
        try db.rows(
            """
            SELECT k.master_id
            FROM intake.clusters k
            JOIN ledger.cases m ON m.case_id = k.master_id
            WHERE m.status IN ('approved', 'replied', 'closed', 'archived')
            ORDER BY k.master_id
            LIMIT \(limit)
            FOR UPDATE OF k SKIP LOCKED
            """
        ) { CaseNumber(id: try $0["master_id"]) }
    }

    /// Members that have yet to follow, locked, in ascending order; those that somebody else holds are passed over.
    static func members(of master: CaseNumber, upTo limit: Int, _ db: Connection) throws -> [CaseNumber] {
        try db.rows(
            """
            SELECT case_id
            FROM ledger.cases
            WHERE master = \(master.id) AND status = 'merged'
            ORDER BY case_id
            LIMIT \(limit)
            FOR UPDATE SKIP LOCKED
            """
        ) { CaseNumber(id: try $0["case_id"]) }
    }

    /// Those to which something was added after their master's approval.
    static func supplemented(
        _ members: [CaseNumber], since approval: Instant?, _ db: Connection
    ) throws -> Set<CaseNumber> {
        guard let approval, !members.isEmpty else { return [] }
        return Set(
            try db.rows(
                """
                SELECT DISTINCT case_id
                FROM intake.supplements
                WHERE case_id = ANY (\(members.compactMap(\.id))::bigint[])
                    AND filed_at > \(approval)
                """
            ) { CaseNumber(id: try $0["case_id"]) })
    }

    /// Who wrote the master and its members; of at most 1,000, which is far beyond what raises it.
    static func marks(of master: Int64, _ db: Connection) throws -> [Rules.Mark] {
        try db.rows(
            """
            SELECT c.channel, p.phone_index, p.account_index
            FROM (
                SELECT case_id, channel FROM ledger.cases WHERE case_id = \(master)
                UNION ALL
                SELECT case_id, channel FROM ledger.cases WHERE master = \(master)
            ) AS c
            LEFT JOIN intake.petitioners p ON p.case_id = c.case_id
            LIMIT 1000
            """
        ) {
            Rules.Mark(
                phone: try $0["phone_index"], account: try $0["account_index"], channel: try $0["channel"])
        }
    }
}
