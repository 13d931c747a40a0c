-- The closed cases of one month. Of each: the case, who wrote, its external id, two clock facts and three timeline entries;
-- those that are sealed have the entry of that, too, and those of the last months the digests by which a matter is known
-- again.
-- Variables: m (the month's place in bench_fill.months).
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET timezone = 'Asia/Shanghai';
SET synchronous_commit = off;
SET work_mem = '256MB';
SET jit = off;
BEGIN;
CREATE TEMPORARY TABLE month_cases ON COMMIT DROP AS
SELECT o.base + n AS case_id, n, o.at, o.at + interval '3 hours' AS dispatched_at,
    o.at + interval '5 days' + make_interval(hours => (n % 160)::int) AS closed_at,
    CASE WHEN n % 25 = 3 THEN 'declined' WHEN n % 100 = 7 THEN 'withdrawn' ELSE 'closed' END AS status,
    CASE WHEN n % 50 = 11 THEN 'critical' WHEN n % 12 = 5 THEN 'important' ELSE 'ordinary' END AS urgency,
    CASE WHEN n % 50 = 49 THEN o.base + n - 1 END AS master,
    u.unit_id, u.head, p.type, p.channel, p.title, p.body, p.category, p.division_code, p.alias, p.proceedings, p.reply,
    (o.n - 100000) % f.every = 1 AND o.n % 25 <> 3 AND o.n % 100 <> 7 AND o.at < f.now - interval '60 days' AS is_sealed, t.due1,
    CASE WHEN n % 50 = 11 THEN o.at + interval '111 hours' WHEN n % 12 = 5 THEN t.due3 ELSE t.due7 END AS due
FROM (
    SELECT m.base, n, (m.month + ((n - m.first) * (m.until - m.month) / m.count)::int)::timestamptz + interval '8 hours'
        + make_interval(secs => ((n - m.first) * (m.until - m.month) * 40000 / m.count) % 40000) AS at
    FROM bench_fill.months m
    CROSS JOIN generate_series(m.first, m.first + m.count - 1) AS n
    WHERE m.m = :m
) AS o
CROSS JOIN bench_fill.facts f
JOIN bench_fill.units u ON u.i = (o.n * o.n / 7 + o.n) % 65
JOIN bench_fill.patterns p ON p.i = o.n % (SELECT count(*) FROM bench_fill.patterns)
JOIN bench_fill.terms t ON t.day = (o.at AT TIME ZONE 'Asia/Shanghai')::date;

INSERT INTO ledger.cases (case_id, version, status, round, channel, external_id, type, title, body, urgency, category,
    division_code, about, confidential, open, alias, registered_at, master, is_classified, is_decline_proposed,
    lead_unit_id, letter_number, co_orders, co_unit_ids, has_conflict_ground, responsible_person, former_lead_ids,
    proceedings, draft_reply, approved_reply, approved_at, has_unseen_supplement, closed_at, dissatisfied_count,
    unreachable_count, was_reopened_by_rating, holder, clocks, emitted, feed_position, changed_at)
SELECT case_id, CASE WHEN is_sealed THEN 4 ELSE 3 END, CASE WHEN is_sealed THEN 'archived' ELSE status END, 1, channel, 'fill-' || n, type, title, body, urgency, category, division_code, '{}', false,
    true, alias, at, master, true, status = 'declined', CASE WHEN status = 'closed' THEN unit_id END,
    CASE WHEN status = 'closed' THEN '网问交〔' || extract(year FROM at) || '〕' || n || '号' END, '[]',
    CASE WHEN n % 10 = 4 AND status = 'closed' THEN ARRAY['fill-' || (1 + n % 30)] ELSE '{}' END, false,
    CASE WHEN status = 'closed' THEN jsonb_build_object('name', head, 'title', '主要负责人') END,
    CASE WHEN n % 33 = 8 AND status = 'closed' THEN ARRAY['fill-' || (1 + n % 29)] ELSE '{}' END, proceedings, NULL,
    CASE WHEN status <> 'withdrawn' THEN reply END, CASE WHEN status <> 'withdrawn' THEN closed_at - interval '2 days' END,
    false, closed_at, 0, 0, false, 'archive',
    jsonb_build_array(bench_fill.clock('registration', at, due1, dispatched_at),
        bench_fill.clock('result', dispatched_at, due, closed_at - interval '3 days')),
    jsonb_build_object('archive', jsonb_build_object('ordinal', 1, 'version', 3)), pg_current_xact_id()::text::bigint,
    closed_at
FROM month_cases;

INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, unit_id, person, action, status_from, status_to, holder,
    holder_unit_id, note, note_is_public, channel, feed_kind, feed_position)
SELECT c.case_id, e.seq, e.at, e.role, e.client, NULL, e.person, e.action, e.status_from, e.status_to, e.holder,
    e.holder_unit, NULL, false, c.channel, 'status', pg_current_xact_id()::text::bigint
FROM month_cases c
CROSS JOIN bench_fill.facts f
CROSS JOIN LATERAL (
    VALUES (1, c.at, 'source', f.source, NULL::jsonb, 'register', NULL, 'registered', 'registry', NULL),
        (2, c.dispatched_at, 'office', f.office, '{"name": "左怀远", "title": "两办"}',
            CASE c.status WHEN 'closed' THEN 'dispatch' WHEN 'declined' THEN 'proposeDecline' ELSE 'withdraw' END,
            'registered', CASE c.status WHEN 'closed' THEN 'dispatched' WHEN 'declined' THEN 'registered' ELSE 'withdrawn' END,
            CASE c.status WHEN 'closed' THEN 'leadUnit' WHEN 'declined' THEN 'office' ELSE 'archive' END,
            CASE c.status WHEN 'closed' THEN c.unit_id END),
        (3, c.closed_at, CASE WHEN c.n % 3 = 0 THEN 'supervisor' ELSE 'system' END,
            CASE WHEN c.n % 3 = 0 THEN f.supervisor ELSE 0 END, CASE WHEN c.n % 3 = 0 THEN '{"name": "尹清秋", "title": "督查专员"}'::jsonb END,
            CASE WHEN c.status <> 'closed' THEN 'confirmDecline' WHEN c.n % 3 = 0 THEN 'recordFollowUp' ELSE 'lapse' END,
            CASE c.status WHEN 'closed' THEN 'replied' ELSE 'registered' END, c.status, 'archive', NULL),
        (4, c.closed_at + interval '31 days', 'system', 0, NULL, 'seal', 'closed', 'archived', 'archive', NULL)
) AS e (seq, at, role, client, person, action, status_from, status_to, holder, holder_unit)
WHERE e.seq < 4 OR c.is_sealed;

INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version, result_due_at)
SELECT c.case_id, e.version, 1, 'start', e.stage, e.at, c.urgency, f.calendar, e.due
FROM month_cases c
CROSS JOIN bench_fill.facts f
CROSS JOIN LATERAL (
    VALUES (1, 'registration', c.at, NULL::timestamptz), (2, 'result', c.dispatched_at, c.due)
) AS e (version, stage, at, due);

INSERT INTO ledger.natural_keys (channel, external_id, case_id, text_digest)
SELECT channel, 'fill-' || n, case_id, sha256(int8send(n))
FROM month_cases;
INSERT INTO intake.petitioners (case_id, sealed, phone_index)
SELECT case_id, f.identity, sha256(int8send(n % (f.cases / 3)))
FROM month_cases
CROSS JOIN bench_fill.facts f;
INSERT INTO intake.matters (digest, case_id)
SELECT sha256(int8send(n * 2 + place)), case_id
FROM month_cases
CROSS JOIN bench_fill.facts f
CROSS JOIN generate_series(0, 1) AS place
WHERE at > f.now - interval '180 days';
COMMIT;
