-- Sealed files, what waits to be sealed, the tallies of what is over, and the numbers that go on from here.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
SET timezone = 'Asia/Shanghai';
SET work_mem = '256MB';
SET jit = off;
BEGIN;
-- A file that our own archive has sealed is the pattern of all; it stays as the last one.
CREATE TEMPORARY TABLE pattern ON COMMIT DROP AS
SELECT f.*, c.title, c.body, c.external_id,
    to_char(f.case_id / 1000000000, 'FM000000') || '-' || to_char(f.case_id % 1000000000, 'FM000000000') AS number
FROM archive.files f
JOIN ledger.cases c ON c.case_id = f.case_id;
DELETE FROM archive.files;
CREATE TEMPORARY TABLE line ON COMMIT DROP AS SELECT * FROM archive.catalogue;
DELETE FROM archive.catalogue;

CREATE TEMPORARY TABLE sealed ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY t.at::date, c.case_id) AS position, c.case_id, t.at::date AS day, t.at AS sealed_at,
    c.type, c.urgency, c.category, c.division_code, c.lead_unit_id, c.co_unit_ids,
    replace(replace(replace(replace(p.document, '"' || p.number || '"',
        '"' || to_char(c.case_id / 1000000000, 'FM000000') || '-' || to_char(c.case_id % 1000000000, 'FM000000000') || '"'),
        to_json(p.external_id)::text, to_json(c.external_id)::text),
        to_json(p.title)::text, to_json(c.title)::text), to_json(p.body)::text, to_json(c.body)::text) AS document
FROM ledger.cases c
JOIN ledger.timeline t ON t.case_id = c.case_id AND t.seq = 4 AND t.action = 'seal'
CROSS JOIN pattern p
WHERE c.status = 'archived' AND c.external_id LIKE 'fill-%';
INSERT INTO archive.files (position, case_id, day, document, sha256, sealed_at)
SELECT position, case_id, day, document, sha256(document::bytea), sealed_at FROM sealed;
INSERT INTO archive.catalogue (position, case_id, day, sha256, bytes, retention, keep_until, type, urgency, outcome, category,
    division_code, lead_unit_id, co_unit_ids, is_withheld)
SELECT position, case_id, day, sha256(document::bytea), octet_length(document),
    CASE urgency WHEN 'critical' THEN 'permanent' WHEN 'important' THEN '30y' ELSE '10y' END,
    CASE WHEN urgency <> 'critical' THEN make_date(extract(year FROM day)::int + CASE urgency WHEN 'important' THEN 30 ELSE 10 END, 12, 31) END,
    type, urgency, 'closed', category, division_code, lead_unit_id, co_unit_ids, false
FROM sealed;
INSERT INTO archive.files (position, case_id, day, document, sha256, sealed_at)
SELECT (SELECT count(*) + 1 FROM sealed), case_id, day, document, sha256, sealed_at FROM pattern;
UPDATE line SET position = (SELECT count(*) + 1 FROM sealed);
INSERT INTO archive.catalogue SELECT * FROM line;

INSERT INTO archive.waiting (case_id, sealable_after)
SELECT case_id, closed_at + interval '30 days'
FROM ledger.cases
WHERE case_id >= to_char(now() - interval '90 days', 'YYYYMM')::bigint * 1000000000
    AND status IN ('closed', 'declined', 'withdrawn') AND closed_at > now() - interval '29 days'
ON CONFLICT DO NOTHING;

-- As the sweep would have left them after the last entry.
DELETE FROM supervision.tallied_cases;
DELETE FROM supervision.tallies;
DELETE FROM supervision.tally_totals;
CREATE TEMPORARY TABLE over ON COMMIT DROP AS
SELECT case_id, (registered_at AT TIME ZONE 'Asia/Shanghai')::date AS registered_on, coalesce(lead_unit_id, '') AS unit_id, status, urgency
FROM ledger.cases
WHERE due_at IS NULL;
INSERT INTO supervision.tallies (registered_on, unit_id, status, urgency, cases)
SELECT registered_on, unit_id, status, urgency, count(*) FROM over GROUP BY 1, 2, 3, 4;
INSERT INTO supervision.tally_totals (unit_id, status, urgency, cases)
SELECT unit_id, status, urgency, sum(cases) FROM supervision.tallies GROUP BY 1, 2, 3;
INSERT INTO supervision.tallied_cases (case_id, registered_on, unit_id, status, urgency)
SELECT case_id, registered_on, unit_id, status, urgency FROM over WHERE status <> 'archived';
UPDATE supervision.tally_progress p
SET feed_position = l.feed_position, case_id = l.case_id, seq = l.seq
FROM (SELECT feed_position, case_id, seq FROM ledger.timeline WHERE feed_kind IS NOT NULL
    ORDER BY feed_position DESC, case_id DESC, seq DESC LIMIT 1) AS l;

SELECT setval('ledger.case_running', 1000000 + :cases);
SELECT assignment.next_letter(extract(year FROM now())::int);
SELECT setval(format('assignment.letters_%s', extract(year FROM now())), 1000000 + :cases);
COMMIT;
SET session_replication_role = origin;
