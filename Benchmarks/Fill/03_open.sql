-- The open cases, each with all that its way so far has left: timeline, clocks, letter, claim, result, review, publication.
-- They stand where a city's do on a working day; a few are overdue, and some are merged.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET timezone = 'Asia/Shanghai';
SET synchronous_commit = off;
SET work_mem = '256MB';
SET jit = off;
BEGIN;
CREATE TEMPORARY TABLE placed ON COMMIT DROP AS
SELECT s.n, s.status, s.urgency, f.now - s.age AS entered
FROM bench_fill.facts f
CROSS JOIN LATERAL (
    SELECT n, status, CASE WHEN n % 50 = 11 THEN 'critical' WHEN n % 12 = 5 THEN 'important' ELSE 'ordinary' END AS urgency,
        CASE
            WHEN status IN ('registered', 'dispatched', 'returning') THEN interval '20 hours'
            WHEN status = 'claimed' AND n % 29 = 3 THEN interval '45 days'
            WHEN status IN ('claimed', 'replied', 'merged') THEN interval '11 days'
            WHEN status = 'awaitingPetitioner' THEN interval '5 days'
            ELSE interval '60 hours'
        END * ((hashint8(n) & 65535)::float8 / 65536)
        -- One-three-one: a critical case does not stand for days.
        * CASE WHEN n % 50 = 11 THEN 0.3 ELSE 1 END AS age
    FROM (
        SELECT n,
            CASE
                WHEN n % 40 < 3 THEN 'registered' WHEN n % 40 < 6 THEN 'dispatched' WHEN n % 40 < 22 THEN 'claimed'
                WHEN n % 40 < 24 THEN 'awaitingPetitioner' WHEN n % 40 < 27 THEN 'reported' WHEN n % 40 < 29 THEN 'approved'
                WHEN n % 40 < 38 THEN 'replied' WHEN n % 40 < 39 THEN 'merged' ELSE 'returning'
            END AS status
        FROM generate_series(1, (SELECT open FROM bench_fill.facts)) AS n
    ) AS numbered
) AS s;

-- From the moment in which the case came where it is back to its registration.
CREATE TEMPORARY TABLE stood ON COMMIT DROP AS
SELECT n, status, urgency, published_at, approved_at, reported_at, asked_at, returned_at, claimed_at, dispatched_at,
    coalesce(dispatched_at - interval '2 hours', CASE WHEN status <> 'registered' OR n % 3 = 0 THEN entered END) AS classified_at,
    coalesce(dispatched_at, entered) - interval '6 hours' AS at
FROM (
    SELECT *,
        CASE status
            WHEN 'registered' THEN NULL WHEN 'merged' THEN NULL WHEN 'dispatched' THEN entered WHEN 'claimed' THEN entered
            WHEN 'returning' THEN returned_at - interval '5 hours'
            ELSE claimed_at - interval '5 hours'
        END AS dispatched_at
    FROM (
        SELECT *,
            CASE status
                WHEN 'claimed' THEN least(entered + interval '5 hours', f_now) WHEN 'awaitingPetitioner' THEN asked_at - interval '2 days'
                ELSE reported_at - interval '3 days'
            END AS claimed_at
        FROM (
            SELECT p.*, f.now AS f_now,
                CASE status WHEN 'replied' THEN entered END AS published_at,
                CASE status WHEN 'replied' THEN entered - interval '20 hours' WHEN 'approved' THEN entered END AS approved_at,
                CASE status WHEN 'replied' THEN entered - interval '40 hours' WHEN 'approved' THEN entered - interval '20 hours'
                    WHEN 'reported' THEN entered END AS reported_at,
                CASE status WHEN 'awaitingPetitioner' THEN entered END AS asked_at,
                CASE status WHEN 'returning' THEN entered END AS returned_at
            FROM placed p
            CROSS JOIN bench_fill.facts f
        ) AS a
    ) AS b
) AS c;

CREATE TEMPORARY TABLE open_cases ON COMMIT DROP AS
SELECT to_char(s.at, 'YYYYMM')::bigint * 1000000000 + 100000 + f.cases - f.open + s.n AS case_id, s.*,
    u.unit_id, u.head, p.type, p.channel, p.title, p.body, p.category, p.division_code, p.alias, p.proceedings, p.reply,
    f.now, f.calendar,
    CASE s.urgency WHEN 'critical' THEN s.at + interval '1 hour' ELSE a.due1 END AS registration_due,
    CASE s.urgency WHEN 'critical' THEN s.classified_at + interval '1 hour' ELSE k.due1 END AS dispatch_due,
    CASE s.urgency WHEN 'critical' THEN s.dispatched_at + interval '24 hours' ELSE d.due1 END AS claim_due,
    CASE s.urgency WHEN 'critical' THEN s.dispatched_at + interval '108 hours' WHEN 'important' THEN d.due3 ELSE d.due7 END AS result_due,
    CASE s.urgency WHEN 'critical' THEN s.dispatched_at + interval '120 hours' WHEN 'important' THEN d.due3 + interval '5 days'
        ELSE d.due7 + interval '5 days' END AS reply_due,
    CASE s.urgency WHEN 'critical' THEN s.reported_at + interval '6 hours' ELSE bench_fill.due(s.reported_at, 2) END AS review_due,
    CASE s.urgency WHEN 'critical' THEN s.approved_at + interval '6 hours' ELSE bench_fill.due(s.approved_at, 1) END AS publication_due,
    CASE s.urgency WHEN 'critical' THEN s.published_at + interval '72 hours' ELSE bench_fill.due(s.published_at, 10) END AS follow_up_due,
    CASE s.urgency WHEN 'critical' THEN s.asked_at + interval '12 hours' ELSE bench_fill.due(s.asked_at, 5) END AS petitioner_due,
    CASE s.urgency WHEN 'critical' THEN s.returned_at + interval '4 hours' ELSE bench_fill.due(s.returned_at, 1) END AS returning_due
FROM stood s
CROSS JOIN bench_fill.facts f
JOIN bench_fill.units u ON u.i = (s.n * s.n / 7 + s.n) % 65
JOIN bench_fill.patterns p ON p.i = s.n % (SELECT count(*) FROM bench_fill.patterns)
JOIN bench_fill.terms a ON a.day = s.at::date
LEFT JOIN bench_fill.terms k ON k.day = s.classified_at::date
LEFT JOIN bench_fill.terms d ON d.day = s.dispatched_at::date;

-- What moves by itself must not have stood too long: the sweep would have moved it.
UPDATE open_cases SET status = 'claimed', asked_at = NULL WHERE petitioner_due < now;
UPDATE open_cases SET status = 'claimed', claimed_at = claim_due WHERE status = 'dispatched' AND claim_due < now;
DELETE FROM open_cases WHERE status = 'replied' AND follow_up_due < now;
ANALYZE open_cases;

-- Each entry of each case, in order.
CREATE TEMPORARY TABLE entries ON COMMIT DROP AS
SELECT o.case_id, (row_number() OVER (PARTITION BY o.case_id ORDER BY e.step))::int AS seq, o.channel, e.*
FROM open_cases o
CROSS JOIN bench_fill.facts f
CROSS JOIN LATERAL (
    VALUES (1, o.at, 'source', f.source, NULL, 'register', NULL, 'registered', 'registry', NULL, NULL, false, 'status'),
        (2, o.classified_at, 'registrar', f.registrar, '覃知夏', 'classify', 'registered', 'registered', 'office', NULL,
            '建议由承办单位办理。', false, NULL),
        (3, CASE o.status WHEN 'merged' THEN o.classified_at END, 'registrar', f.registrar, '覃知夏', 'merge', 'registered',
            'merged', 'office', NULL, NULL, false, 'status'),
        (4, o.dispatched_at, 'office', f.office, '左怀远', 'dispatch', 'registered', 'dispatched', 'leadUnit', o.unit_id,
            NULL, false, 'status'),
        (5, o.returned_at, 'unit', f.unit, '联络员', 'requestReturn', 'dispatched', 'returning', 'office', NULL, NULL, false,
            'status'),
        (6, o.claimed_at, 'unit', f.unit, '联络员', 'claim', 'dispatched', 'claimed', 'leadUnit', o.unit_id,
            '责任人：' || o.head || '（主要负责人）', false, 'status'),
        (7, o.asked_at, 'unit', f.unit, '联络员', 'askPetitioner', 'claimed', 'awaitingPetitioner', 'petitioner', NULL,
            '请补充具体地点。', true, 'question'),
        (8, o.reported_at, 'unit', f.unit, '联络员', 'fileResult', 'claimed', 'reported', 'office', NULL, NULL, false, 'status'),
        (9, o.approved_at, 'office', f.office, '左怀远', 'review', 'reported', 'approved', 'publisher', NULL,
            '事实清楚，答复得当，同意反馈。', false, 'status'),
        (10, o.published_at, 'registrar', f.registrar, '覃知夏', 'confirmPublication', 'approved', 'replied', 'supervision',
            NULL, o.reply, true, 'reply')
) AS e (step, moment, role, client, person, action, status_from, status_to, holder, holder_unit, note, is_public, feed)
WHERE e.moment IS NOT NULL;
ALTER TABLE entries ADD PRIMARY KEY (case_id, step);
ANALYZE entries;

INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, unit_id, person, action, status_from, status_to, holder,
    holder_unit_id, note, note_is_public, channel, feed_kind, feed_position)
SELECT case_id, seq, moment, role, client, NULL, CASE WHEN person IS NOT NULL THEN jsonb_build_object('name', person, 'title', '工作人员') END,
    action, status_from, status_to, holder, holder_unit, note, is_public, channel, feed, pg_current_xact_id()::text::bigint
FROM entries;

CREATE TEMPORARY TABLE clocks ON COMMIT DROP AS
SELECT o.case_id, o.urgency, o.calendar, c.place, c.stage, c.started, c.due, c.stopped, c.start_step, c.stop_step
FROM open_cases o
CROSS JOIN LATERAL (
    VALUES (1, 'registration', o.at, o.registration_due, o.classified_at, 1, 2),
        (2, 'dispatch', o.classified_at, o.dispatch_due, CASE o.status WHEN 'merged' THEN o.classified_at ELSE o.dispatched_at END, 2, 4),
        (3, 'claim', o.dispatched_at, o.claim_due, o.claimed_at, 4, 6),
        (4, 'result', o.dispatched_at, o.result_due, o.reported_at, 4, 8),
        (5, 'reply', o.dispatched_at, o.reply_due, o.published_at, 4, 10),
        (6, 'returning', o.returned_at, o.returning_due, NULL, 5, NULL),
        (7, 'petitioner', o.asked_at, o.petitioner_due, NULL, 7, NULL),
        (8, 'review', o.reported_at, o.review_due, o.approved_at, 8, 9),
        (9, 'publication', o.approved_at, o.publication_due, o.published_at, 9, 10),
        (10, 'followUp', o.published_at, o.follow_up_due, NULL, 10, NULL)
) AS c (place, stage, started, due, stopped, start_step, stop_step)
WHERE c.started IS NOT NULL;

INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version, result_due_at)
SELECT c.case_id, e.seq, row_number() OVER (PARTITION BY c.case_id, e.seq ORDER BY c.kind DESC, c.place), c.kind, c.stage,
    e.moment, c.urgency, c.calendar, CASE WHEN c.kind = 'start' AND c.stage = 'result' THEN c.due END
FROM (
    SELECT case_id, urgency, calendar, place, stage, due, 'start' AS kind, start_step AS step FROM clocks
    UNION ALL
    SELECT case_id, urgency, calendar, place, stage, due, 'stop', stop_step FROM clocks WHERE stopped IS NOT NULL
) AS c
JOIN entries e ON e.case_id = c.case_id AND e.step = c.step;

CREATE TEMPORARY TABLE folded ON COMMIT DROP AS
SELECT case_id, jsonb_agg(bench_fill.clock(stage, started, due, stopped)
    || CASE WHEN stage = 'result' AND is_waiting THEN jsonb_build_object('pausedAt', bench_fill.text(asked_at)) ELSE '{}' END
    ORDER BY place) AS clocks
FROM (
    SELECT c.*, o.status = 'awaitingPetitioner' AND o.urgency <> 'critical' AS is_waiting, o.asked_at
    FROM clocks c
    JOIN open_cases o USING (case_id)
) AS c
GROUP BY case_id;
ALTER TABLE folded ADD PRIMARY KEY (case_id);

INSERT INTO ledger.cases (case_id, version, status, round, channel, external_id, type, title, body, urgency, category,
    division_code, about, confidential, open, alias, registered_at, master, is_classified, is_decline_proposed,
    lead_unit_id, letter_number, co_orders, co_unit_ids, has_conflict_ground, responsible_person, former_lead_ids,
    proceedings, draft_reply, approved_reply, approved_at, has_unseen_supplement, dissatisfied_count, unreachable_count,
    was_reopened_by_rating, holder, clocks, due_at, warn_at, lapses_at, look_at, emitted, feed_position, changed_at)
SELECT o.case_id, l.seq, o.status, 1, o.channel, 'fill-open-' || o.n, o.type, o.title, o.body, o.urgency, o.category,
    o.division_code, '{}', false, true, o.alias, o.at,
    CASE o.status WHEN 'merged' THEN g.case_id END,
    o.classified_at IS NOT NULL, false, CASE WHEN o.dispatched_at IS NOT NULL THEN o.unit_id END,
    CASE WHEN o.dispatched_at IS NOT NULL THEN '网问交〔' || extract(year FROM o.dispatched_at) || '〕' || (f.cases + o.n) || '号' END,
    '[]', CASE WHEN o.n % 10 = 4 AND o.dispatched_at IS NOT NULL THEN ARRAY['fill-' || (1 + o.n % 30)] ELSE '{}' END, false,
    CASE WHEN o.claimed_at IS NOT NULL THEN jsonb_build_object('name', o.head, 'title', '主要负责人') END, '{}',
    o.proceedings, CASE WHEN o.reported_at IS NOT NULL THEN o.reply END, CASE WHEN o.approved_at IS NOT NULL THEN o.reply END,
    o.approved_at, false, 0, 0, false,
    CASE WHEN o.status = 'registered' AND o.classified_at IS NULL THEN 'registry' ELSE l.holder END, d.clocks, w.due,
    w.due - (w.due - w.started) / 5, CASE WHEN o.status IN ('dispatched', 'awaitingPetitioner', 'replied') THEN w.lapses END,
    w.due - (w.due - w.started) / 5, '{}', pg_current_xact_id()::text::bigint, l.moment
FROM open_cases o
CROSS JOIN bench_fill.facts f
JOIN folded d USING (case_id)
LEFT JOIN open_cases g ON g.n = o.n - 30
CROSS JOIN LATERAL (
    SELECT seq, holder, moment FROM entries WHERE case_id = o.case_id ORDER BY step DESC LIMIT 1
) AS l
CROSS JOIN LATERAL (
    SELECT CASE o.status WHEN 'registered' THEN coalesce(o.dispatch_due, o.registration_due) WHEN 'dispatched' THEN o.result_due
            WHEN 'claimed' THEN o.result_due WHEN 'awaitingPetitioner' THEN o.result_due WHEN 'returning' THEN o.returning_due
            WHEN 'reported' THEN o.review_due WHEN 'approved' THEN o.publication_due WHEN 'replied' THEN o.follow_up_due
        END AS due,
        coalesce(o.published_at, o.approved_at, o.reported_at, o.returned_at, o.dispatched_at, o.classified_at, o.at) AS started,
        CASE o.status WHEN 'dispatched' THEN o.claim_due WHEN 'awaitingPetitioner' THEN o.petitioner_due ELSE o.follow_up_due END AS lapses
) AS w;

INSERT INTO ledger.natural_keys (channel, external_id, case_id, text_digest)
SELECT channel, 'fill-open-' || n, case_id, sha256(int8send(case_id))
FROM open_cases;
INSERT INTO intake.petitioners (case_id, sealed, phone_index)
SELECT case_id, f.identity, sha256(int8send(n % (f.cases / 3)))
FROM open_cases
CROSS JOIN bench_fill.facts f;
INSERT INTO intake.matters (digest, case_id)
SELECT sha256(int8send(case_id * 2 + place)), case_id
FROM open_cases
CROSS JOIN generate_series(0, 1) AS place;
INSERT INTO intake.answers (case_id, version, answered_at)
SELECT case_id, 8, published_at FROM open_cases WHERE status = 'replied';
INSERT INTO assignment.letters (letter_number, case_id, seq, lead_unit_id, co_orders, instructions, urgency, delivered_at, stages)
SELECT '网问交〔' || extract(year FROM dispatched_at) || '〕' || (f.cases + n) || '号', case_id, 3, unit_id, '[]',
    '请按时限认领、办理，并将结果报两办审定后答复来信人。', urgency, dispatched_at,
    jsonb_build_array(jsonb_build_object('stage', 'claim', 'dueAt', bench_fill.text(claim_due)),
        jsonb_build_object('stage', 'result', 'dueAt', bench_fill.text(result_due)),
        jsonb_build_object('stage', 'reply', 'dueAt', bench_fill.text(reply_due)))
FROM open_cases
CROSS JOIN bench_fill.facts f
WHERE dispatched_at IS NOT NULL;
INSERT INTO assignment.claims (case_id, seq, unit_id, responsible, claimed_at, late)
SELECT case_id, 4, unit_id, jsonb_build_object('name', head, 'title', '主要负责人'), claimed_at, claimed_at > claim_due
FROM open_cases
WHERE claimed_at IS NOT NULL;
INSERT INTO assignment.returns (case_id, seq, unit_id, ground, duty_clause, is_adjudication, requested_at)
SELECT case_id, 4, unit_id, '不属于本单位职责', '三定方案第三条', false, returned_at
FROM open_cases
WHERE returned_at IS NOT NULL;
INSERT INTO handling.results (case_id, seq, round, unit_id, factual, resolution, internal_account, public_reply, signed_by,
    overdue_co_units, promises, attachments, filed_at, due_at)
SELECT case_id, 5, 1, unit_id, true, 'resolved', reply, reply, jsonb_build_object('name', head, 'title', '主要负责人'), '{}', '[]',
    '[]', reported_at, result_due
FROM open_cases
WHERE reported_at IS NOT NULL;
INSERT INTO handling.reviews (case_id, seq, decision, comment, reviewer)
SELECT case_id, 6, 'approve', '事实清楚，答复得当，同意反馈。', '{"name": "左怀远", "title": "两办督查室主任"}'
FROM open_cases
WHERE approved_at IS NOT NULL;
INSERT INTO handling.publications (case_id, seq, way, published_at, url, sha256, differs, original_gone)
SELECT case_id, 7, 'board', published_at, 'https://example.org/replies/' || n, encode(sha256(reply::bytea), 'hex'), false, false
FROM open_cases
WHERE published_at IS NOT NULL;
INSERT INTO intake.clusters (master_id)
SELECT m.case_id FROM open_cases o JOIN open_cases m ON m.n = o.n - 30 WHERE o.status = 'merged';
COMMIT;
