import Domain
import Ledger
import Postgres

/// The SQL for exclusions and accountability.
enum MatterStore {
    // MARK: 剔除

    /// The request that waits for its decision.
    static func openExclusion(of caseId: Int64, _ db: Connection) throws -> Int64? {
        try db.value(
            "SELECT exclusion_id FROM supervision.exclusions WHERE case_id = \(caseId) AND decision IS NULL LIMIT 1")
    }

    static func insert(
        _ request: RequestExclusion.Params, _ change: CaseChange, _ work: Work
    ) throws {
        try work.db.execute(
            """
            INSERT INTO supervision.exclusions (case_id, seq, measures, ground, asked_by, unit_id, asked_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(request.measures.map(\.rawValue))::text[],
                \(request.ground), \(work.caller.role), \(work.caller.unit), \(work.now))
            """)
    }

    /// - Returns: the number of the ruling, which the measures name.
    static func decide(
        _ exclusion: Int64, _ decision: DecideExclusion.Decision, ground: Note, seq: Int, at now: Instant,
        _ db: Connection
    ) throws -> String {
        let number = "剔裁〔\(now.day.year)〕\(exclusion)号"
        try db.execute(
            """
            UPDATE supervision.exclusions
            SET decision = \(decision), decision_ground = \(ground), decided_seq = \(seq), decided_at = \(now),
                ruling_number = \(number)
            WHERE exclusion_id = \(exclusion)
            """)
        return number
    }

    /// The case is where no exclusion is ruled on: what was asked for is without object.
    static func voidExclusion(of caseId: Int64, seq: Int, at now: Instant, _ db: Connection) throws {
        try db.execute("SELECT supervision.void_exclusion(\(caseId), \(seq), \(now))")
    }

    // MARK: 问责

    static func open(_ params: OpenAccountability.Params, seq: Int?, at now: Instant, _ db: Connection) throws -> Int64
    {
        try db.value(
            """
            INSERT INTO supervision.accountabilities (case_id, seq, unit_id, accountable, ground, opened_at)
            VALUES (\(params.caseNumber?.id), \(seq), \(params.unitId), \(JSONText(params.accountable)),
                \(params.ground), \(now))
            RETURNING accountability_id
            """)
    }

    struct Accountability: Sendable {
        var caseNumber: CaseNumber?
        var isOpen: Bool
    }

    static func accountability(_ id: Int64, forUpdate: Bool, _ db: Connection) throws -> Accountability? {
        try db.row(
            """
            SELECT case_id, outcome IS NULL AS is_open
            FROM supervision.accountabilities
            WHERE accountability_id = \(id)
            \(sql: forUpdate ? "FOR UPDATE" : "")
            """
        ) { row in
            Accountability(
                caseNumber: (try row["case_id"] as Int64?).map(CaseNumber.init(id:)), isOpen: try row["is_open"])
        }
    }

    static func record(
        _ id: Int64, _ params: RecordAccountability.Params, seq: Int?, at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            UPDATE supervision.accountabilities
            SET outcome = \(params.outcome), decided_by = \(params.decidedBy),
                document_number = \(params.documentNumber), recorded_seq = \(seq), recorded_at = \(now)
            WHERE accountability_id = \(id)
            """)
    }
}
