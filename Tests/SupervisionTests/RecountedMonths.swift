/// The measures recounted in plain SQL, written from DOMAIN.md and in another way than the program reckons them.
enum RecountedMonths {
    static let recount = #"""
        -- The measures once more, from DOMAIN.md and in another way: entries are put under the letter in force, and everything is
        -- grouped by it.
        CREATE TEMP TABLE under AS
        SELECT t.case_id, t.seq, t.at, t.action, t.status_from, t.status_to, t.k,
            bool_or(t.k > 0 AND t.status_to IN ('registered', 'merged', 'withdrawn')) OVER (PARTITION BY t.case_id, t.k ORDER BY t.seq) AS gone
        FROM (
            SELECT t.*, count(l.seq) OVER (PARTITION BY t.case_id ORDER BY t.seq) AS k
            FROM ledger.timeline t
            LEFT JOIN assignment.letters l USING (case_id, seq)
        ) t;
        CREATE TEMP TABLE spell AS
        SELECT u.case_id, u.k, max(l.lead_unit_id) AS unit_id, max(l.delivered_at) AS delivered_at,
            bool_or(u.gone) AS gone, (array_agg(u.status_to ORDER BY u.seq) FILTER (WHERE u.gone))[1] AS gone_to,
            min(u.at) FILTER (WHERE u.gone) AS gone_at,
            (array_agg(f.due ORDER BY u.seq DESC) FILTER (WHERE NOT u.gone AND f.due IS NOT NULL))[1] AS due_at,
            count(r.seq) FILTER (WHERE NOT u.gone) AS results,
            bool_and(r.filed_at <= r.due_at) FILTER (WHERE NOT u.gone AND r.seq IS NOT NULL) AS every_result_in_time,
            (array_agg(p.published_at ORDER BY u.seq) FILTER (WHERE NOT u.gone AND p.seq IS NOT NULL))[1] AS replied_at,
            bool_or(u.action = 'requestReturn' AND NOT u.gone) AS returned,
            bool_or(coalesce(x.decision = 'grant', false)) AS extended,
            bool_or(coalesce(f.again, false) AND NOT u.gone) AS reworked,
            bool_or(c.seq IS NOT NULL OR u.action = 'lapse' AND u.status_from = 'dispatched') AS claim_settled,
            bool_or(coalesce(NOT c.late, false)) AS claimed_in_time
        FROM under u
        LEFT JOIN assignment.letters l USING (case_id, seq)
        LEFT JOIN (
            SELECT case_id, version AS seq, max(result_due_at) AS due, bool_or(kind IN ('rework', 'sendBack')) AS again
            FROM ledger.clock_facts
            GROUP BY 1, 2
        ) f USING (case_id, seq)
        LEFT JOIN handling.results r USING (case_id, seq)
        LEFT JOIN handling.publications p USING (case_id, seq)
        LEFT JOIN assignment.extension_decisions x USING (case_id, seq)
        LEFT JOIN assignment.claims c USING (case_id, seq)
        WHERE u.k > 0
        GROUP BY u.case_id, u.k;
        CREATE TEMP TABLE measured AS
        SELECT s.*, c.status, c.master, c.closed_at, to_char(s.due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month,
            NOT s.gone AND s.k = max(s.k) OVER (PARTITION BY s.case_id) AS present,
            coalesce(s.gone_at, lead(s.delivered_at) OVER (PARTITION BY s.case_id ORDER BY s.k),
                CASE WHEN c.status = 'awaitingPetitioner' AND c.urgency <> 'critical' THEN a.at END, timestamptz '2026-08-01 09:00+08') AS watched_until
        FROM spell s
        JOIN ledger.cases c USING (case_id)
        LEFT JOIN (
            SELECT DISTINCT ON (case_id) case_id, at FROM ledger.timeline WHERE action = 'askPetitioner' ORDER BY case_id, seq DESC
        ) a USING (case_id)
        WHERE s.case_id NOT IN (SELECT case_id FROM ledger.timeline WHERE status_to = 'withdrawn');
        ALTER TABLE measured ADD answered boolean, ADD was_due boolean;
        UPDATE measured SET answered = present AND status IN ('reported', 'approved', 'replied', 'closed', 'archived');
        UPDATE measured SET was_due = answered OR due_at < watched_until;
        CREATE TEMP TABLE working AS
        SELECT d::date AS day
        FROM generate_series(timestamp '2025-12-01', timestamp '2026-12-31', interval '1 day') d
        JOIN LATERAL (
            SELECT off, work FROM ledger.calendar_years WHERE year = extract(year FROM d) ORDER BY version DESC LIMIT 1
        ) y ON true
        WHERE d::date = ANY (y.work) OR extract(isodow FROM d) < 6 AND d::date <> ALL (y.off);
        CREATE TEMP TABLE expected (month text, measure text, unit_id text, case_id bigint, value numeric);
        INSERT INTO expected
        SELECT month, 'responseRate', unit_id, case_id, (answered AND every_result_in_time)::int FROM measured WHERE was_due
        UNION ALL
        SELECT month, 'overdueRate', unit_id, case_id, 1 - (answered AND every_result_in_time)::int FROM measured WHERE was_due
        UNION ALL
        SELECT month, 'replyRate', unit_id, case_id, (replied_at IS NOT NULL)::int FROM measured WHERE present
        UNION ALL
        SELECT month, 'closureRate', unit_id, case_id, (status IN ('closed', 'archived'))::int FROM measured WHERE present AND replied_at IS NOT NULL
        UNION ALL
        SELECT month, 'claimRate', unit_id, case_id, claimed_in_time::int FROM measured WHERE claim_settled AND gone_to IS DISTINCT FROM 'merged'
        UNION ALL
        SELECT month, 'returnRate', unit_id, case_id, returned::int FROM measured WHERE gone_to IS DISTINCT FROM 'merged'
        UNION ALL
        SELECT month, 'extensionRate', unit_id, case_id, extended::int FROM measured WHERE gone_to IS DISTINCT FROM 'merged'
        UNION ALL
        SELECT month, 'reworkRate', unit_id, case_id, reworked::int FROM measured WHERE gone_to IS DISTINCT FROM 'merged' AND results > 0
        UNION ALL
        SELECT month, 'repeatRate', unit_id, case_id, (case_id IN (
            SELECT m.master FROM ledger.cases m JOIN ledger.timeline t USING (case_id) WHERE t.action = 'merge' AND t.role = 'system'))::int
        FROM measured WHERE present
        UNION ALL
        SELECT m.month, 'recurrenceRate', m.unit_id, m.case_id, (r.root IS NOT NULL)::int
        FROM measured m
        LEFT JOIN (
            SELECT DISTINCT coalesce(o.master, o.case_id) AS root
            FROM ledger.cases r
            JOIN ledger.cases o ON o.case_id = r.related_to
            JOIN ledger.cases root ON root.case_id = coalesce(o.master, o.case_id)
            WHERE r.registered_at BETWEEN root.closed_at AND root.closed_at + interval '90 days'
        ) r ON r.root = m.case_id
        WHERE m.present AND m.status IN ('closed', 'archived')
        UNION ALL
        SELECT m.month, 'timeToReply', m.unit_id, m.case_id, (
            SELECT count(*) FROM working
            WHERE day > (m.delivered_at AT TIME ZONE 'Asia/Shanghai')::date AND day <= (m.replied_at AT TIME ZONE 'Asia/Shanghai')::date)
        FROM measured m WHERE present AND replied_at IS NOT NULL
        UNION ALL
        SELECT to_char(c.registered_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), 'declineRate', '', c.case_id,
            (c.case_id IN (SELECT case_id FROM ledger.timeline WHERE action = 'confirmDecline'))::int
        FROM ledger.cases c
        WHERE c.master IS NULL AND c.case_id NOT IN (SELECT case_id FROM ledger.timeline WHERE status_to = 'withdrawn');
        -- What petitioners said: the last counting follow-up up to the closing, of the cases of each cluster together.
        CREATE TEMP TABLE said AS
        SELECT coalesce(c.master, c.case_id) AS root, f.*, c.type, c.closed_at AS over_at, p.unkept, p.kept_at,
            EXISTS (SELECT FROM ledger.cases r WHERE r.related_to = c.case_id
                AND r.registered_at BETWEEN c.closed_at AND c.closed_at + interval '90 days') AS back_again
        FROM ledger.cases c
        JOIN (
            SELECT case_id, max(seq) AS closing FROM ledger.timeline WHERE status_from = 'replied' AND status_to = 'closed' GROUP BY 1
        ) e USING (case_id)
        JOIN LATERAL (
            SELECT DISTINCT ON (case_id) case_id, round, satisfaction, resolution, recorded_at
            FROM supervision.follow_ups
            WHERE case_id = c.case_id AND seq <= e.closing AND counts
            ORDER BY case_id, seq DESC
        ) f ON f.round = c.round
        LEFT JOIN (
            SELECT case_id, seq, bool_or(status <> 'kept') AS unkept, max(settled_at) AS kept_at FROM supervision.promises GROUP BY 1, 2
        ) p ON p.case_id = c.case_id AND p.seq = e.closing
        WHERE c.status IN ('closed', 'archived') AND f.satisfaction <> 'unreachable';
        INSERT INTO expected
        SELECT to_char(max(recorded_at) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), 'satisfactionRate', m.lead_unit_id, root,
            round(avg((satisfaction <> 'dissatisfied')::int), 6)
        FROM said
        JOIN ledger.cases m ON m.case_id = root
        GROUP BY root, m.lead_unit_id
        UNION ALL
        SELECT to_char(max(CASE WHEN NOT coalesce(unkept, false) AND kept_at > recorded_at THEN kept_at ELSE recorded_at END) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'),
            'resolutionRate', m.lead_unit_id, root,
            round(avg(CASE WHEN resolution = 'partly' THEN 0.5 WHEN resolution = 'resolved' AND NOT coalesce(unkept, false) AND NOT back_again
                THEN 1 ELSE 0 END), 6)
        FROM said
        JOIN ledger.cases m ON m.case_id = root
        WHERE said.type IN ('help', 'complaint', 'report') AND resolution IS NOT NULL
        GROUP BY root, m.lead_unit_id;
        DELETE FROM expected e
        WHERE EXISTS (
            SELECT FROM supervision.exclusions x WHERE x.case_id = e.case_id AND x.decision = 'grant' AND e.measure = ANY (x.measures));
        """#
}
