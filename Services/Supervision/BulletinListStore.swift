import Domain
import Ledger
import Postgres

/// The SQL for the lists of a bulletin. All but the clusters and the explained are of cases whose results were due in the
/// month (`MeasureStore.stints`).
struct BulletinListStore {
    typealias Document = BulletinDocument

    var measures: MeasureStore
    var month: Month
    var policy: BulletinPolicy
    var names: [UnitID: String]
    var db: Connection

    /// 逾期 — with the unit and who answers there, the most overdue first.
    func overdue() throws -> Document.List<Document.Overdue> {
        let rows = try db.rows(
            """
            WITH \(sql: measures.stints)
            SELECT s.case_id, s.unit_id, s.due_at, CASE WHEN s.is_done THEN s.last_at END AS filed_at,
                coalesce(CASE WHEN s.end_seq = 2147483647 THEN s.responsible_person END, claim.responsible) AS responsible,
                count(*) OVER () AS total
            FROM stints s
            LEFT JOIN LATERAL (
                SELECT responsible
                FROM assignment.claimed
                WHERE case_id = s.case_id
                    AND seq > s.seq
                    AND seq < s.end_seq
                LIMIT 1
            ) AS claim ON true
            WHERE (s.is_done OR s.due_at < s.until)
                AND NOT (s.is_done AND s.in_time)
                AND NOT EXISTS (
                    SELECT
                    FROM supervision.exclusions x
                    WHERE x.case_id = s.case_id
                        AND x.decision = 'grant'
                        AND 'overdueRate' = ANY (x.measures))
            ORDER BY coalesce(CASE WHEN s.is_done THEN s.last_at END, s.until) - s.due_at DESC, s.case_id, s.seq
            LIMIT \(Document.listMax)
            """
        ) { row in
            let unit: UnitID = try row["unit_id"]
            let item = Document.Overdue(
                caseNumber: CaseNumber(id: try row["case_id"]), unitId: unit, unitName: names[unit] ?? unit.text,
                responsiblePerson: (try row["responsible"] as JSONText<Person>?)?.value, dueAt: try row["due_at"],
                filedAt: try row["filed_at"])
            return (item: item, total: try row["total"] as Int)
        }
        return .init(total: rows.first?.total ?? 0, items: rows.map(\.item))
    }

    /// 热点 — matters of which somebody wrote in the month, the first or a later one, by how many messages they have in all.
    func clusters() throws -> [Document.Cluster] {
        try db.rows(
            """
            SELECT m.case_id, m.lead_unit_id, m.urgency, n.name AS category, k.cases
            FROM (
                SELECT master
                FROM ledger.cases
                WHERE \(sql: BulletinStore.registered(in: month))
                    AND master IS NOT NULL
                UNION
                SELECT case_id
                FROM ledger.cases c
                WHERE \(sql: BulletinStore.registered(in: month))
                    AND master IS NULL
                    AND EXISTS (SELECT FROM ledger.cases m WHERE m.master = c.case_id)
            ) AS new
            JOIN ledger.cases m ON m.case_id = new.master
            CROSS JOIN LATERAL (SELECT 1 + count(*) AS cases FROM ledger.cases WHERE master = m.case_id) AS k
            LEFT JOIN ledger.categories n ON n.code = m.category
            WHERE k.cases >= \(policy.clusterMin)
            ORDER BY k.cases DESC, m.case_id
            LIMIT 20
            """
        ) { row in
            let unit: UnitID? = try row["lead_unit_id"]
            return .init(
                caseNumber: CaseNumber(id: try row["case_id"]), category: try row["category"], unitId: unit,
                unitName: unit.map { names[$0] ?? $0.text }, urgency: try row["urgency"], cases: try row["cases"])
        }
    }

    // MARK: 异常

    func oddities() throws -> Document.Oddities {
        .init(
            sameReplies: try sameReplies(),
            lastMinuteResults: try odd(
                """
                EXISTS (
                    SELECT
                    FROM handling.outcomes o
                    WHERE \(raw: Self.within("o"))
                        AND o.filed_at <= o.due_at
                        AND o.filed_at > o.due_at - make_interval(mins => \(policy.lastMinutes)))
                """),
            lastMinuteExtensions: try odd(
                """
                EXISTS (
                    SELECT
                    FROM assignment.extended e
                    WHERE \(raw: Self.within("e"))
                        AND e.decision IS NULL
                        AND e.at > e.due_at - make_interval(hours => \(policy.lastHoursOfExtension)))
                """),
            loweredUrgencies: try odd(
                """
                EXISTS (
                    SELECT
                    FROM assignment.urgencies u
                    WHERE \(raw: Self.within("u"))
                        AND (u.from_urgency = 'critical' OR u.to_urgency = 'ordinary'))
                """),
            contradicted: try odd(
                """
                EXISTS (
                    SELECT
                    FROM supervision.follow_ups f
                    CROSS JOIN LATERAL (
                        SELECT o.resolution
                        FROM handling.outcomes o
                        WHERE o.case_id = f.case_id
                            AND o.seq < f.seq
                        ORDER BY o.seq DESC
                        LIMIT 1
                    ) AS said
                    WHERE \(raw: Self.within("f"))
                        AND f.counts
                        AND f.resolution = 'unresolved'
                        AND said.resolution = 'resolved')
                """),
            differingPublications: try odd(
                "EXISTS (SELECT FROM handling.published p WHERE \(raw: Self.within("p")) AND p.differs)"))
    }

    private static func within(_ table: String) -> String {
        "\(table).case_id = s.case_id AND \(table).seq > s.seq AND \(table).seq < s.end_seq"
    }

    private func odd(_ condition: SQL) throws -> Document.List<Document.Oddity> {
        let rows = try db.rows(
            """
            WITH \(sql: measures.stints)
            SELECT s.case_id, s.unit_id, count(*) OVER () AS total
            FROM stints s
            WHERE \(sql: condition)
            ORDER BY s.case_id, s.seq
            LIMIT \(Document.listMax)
            """
        ) {
            (
                item: Document.Oddity(caseNumber: CaseNumber(id: try $0["case_id"]), unitId: try $0["unit_id"]),
                total: try $0["total"] as Int
            )
        }
        return .init(total: rows.first?.total ?? 0, items: rows.map(\.item))
    }

    private func sameReplies() throws -> [Document.SameReply] {
        try db.rows(
            """
            WITH \(sql: measures.stints)
            SELECT count(DISTINCT s.case_id) AS cases, (array_agg(DISTINCT s.case_id ORDER BY s.case_id))[:20] AS numbers
            FROM stints s
            CROSS JOIN LATERAL (
                SELECT o.reply_digest
                FROM handling.outcomes o
                WHERE \(raw: Self.within("o"))
                ORDER BY o.seq DESC
                LIMIT 1
            ) AS last
            GROUP BY last.reply_digest
            HAVING count(DISTINCT s.case_id) >= \(policy.repeatedReplyMin)
            ORDER BY 1 DESC, 2
            LIMIT 20
            """
        ) { row in
            let numbers: [Int64] = try row["numbers"]
            return .init(cases: try row["cases"], caseNumbers: numbers.map(CaseNumber.init(id:)))
        }
    }

    // MARK: 解释办结、剔除

    /// Ruled in the month, however late: the second "no" may lie a year back.
    func explained() throws -> Document.List<Document.Explained> {
        let rows = try db.rows(
            """
            SELECT t.case_id, t.at, t.note, c.lead_unit_id, c.type = 'report' OR c.confidential AS is_withheld,
                count(*) OVER () AS total
            FROM (
                SELECT DISTINCT case_id
                FROM supervision.follow_ups
                WHERE recorded_at >= \(month.first.advanced(by: -400).start)
                    AND recorded_at < \(month.next.first.start)
                    AND (satisfaction = 'dissatisfied' OR false_completion)
            ) AS f
            JOIN ledger.timeline t ON t.case_id = f.case_id AND t.action = 'ruleRound' AND t.status_to = 'closed'
            JOIN ledger.cases c ON c.case_id = f.case_id
            WHERE t.at >= \(month.first.start)
                AND t.at < \(month.next.first.start)
            ORDER BY t.at, t.case_id
            LIMIT \(Document.listMax)
            """
        ) { row in
            let isWithheld: Bool = try row["is_withheld"]
            let ground = (try row["note"] as String?).map(Masking.maskedReply)
            let item = Document.Explained(
                caseNumber: CaseNumber(id: try row["case_id"]), unitId: try row["lead_unit_id"], at: try row["at"],
                ground: isWithheld ? nil : ground)
            return (item: item, total: try row["total"] as Int)
        }
        return .init(total: rows.first?.total ?? 0, items: rows.map(\.item))
    }

    func exclusions() throws -> Document.List<Document.Exclusion> {
        let rows = try db.rows(
            """
            WITH \(sql: measures.stints)
            SELECT x.case_id, x.ruling_number, x.measures, count(*) OVER () AS total
            FROM supervision.exclusions x
            WHERE x.case_id IN (SELECT case_id FROM stints)
                AND x.decision = 'grant'
            ORDER BY x.case_id, x.exclusion_id
            LIMIT \(Document.listMax)
            """
        ) { row in
            let measures: [String] = try row["measures"]
            let item = Document.Exclusion(
                caseNumber: CaseNumber(id: try row["case_id"]), rulingNumber: try row["ruling_number"],
                measures: measures.compactMap(Measure.init(rawValue:)))
            return (item: item, total: try row["total"] as Int)
        }
        return .init(total: rows.first?.total ?? 0, items: rows.map(\.item))
    }
}
