-- What the statements that follow draw from: the demo's texts, 65 units, working days, and the share of each month.
-- Variables: cases (how many in all), open (how many of them are open), sealed, months.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET session_replication_role = replica;
SET timezone = 'Asia/Shanghai';
DROP SCHEMA IF EXISTS bench_fill CASCADE;
CREATE SCHEMA bench_fill;

-- The demo has 32 units; the city that is measured has 65.
INSERT INTO ledger.units (unit_id, name, level, parent_id, head, deputy_in_charge, liaison_name, liaison_phone,
    division_code, duties, path)
SELECT 'fill-' || i, '第' || i || '承办单位', CASE WHEN i % 3 = 0 THEN 'city' ELSE 'township' END, p.unit_id, p.head,
    p.deputy_in_charge, p.liaison_name, p.liaison_phone, p.division_code, p.duties, p.path || ('fill-' || i)
FROM generate_series(1, 65 - (SELECT count(*) FROM ledger.units)::int) AS i
JOIN LATERAL (
    SELECT u.*
    FROM ledger.units u
    WHERE u.level = CASE WHEN i % 3 = 0 THEN 'city' ELSE 'county' END
    ORDER BY u.unit_id
    OFFSET i % (SELECT count(*) FROM ledger.units c WHERE c.level = CASE WHEN i % 3 = 0 THEN 'city' ELSE 'county' END)
    LIMIT 1
) AS p ON true;

CREATE TABLE bench_fill.facts AS
SELECT :cases::bigint AS cases, :open::bigint AS open, :sealed::bigint AS sealed,
    -- Of the closed cases one in so many is sealed; a few are too young, declined or withdrawn.
    ((:cases::bigint - :open::bigint) * 0.91 / :sealed::bigint)::bigint AS every, date_trunc('second', now()) AS now,
    (SELECT client_id FROM ledger.clients WHERE name = 'demo-source') AS source,
    (SELECT client_id FROM ledger.clients WHERE name = 'demo-registrar') AS registrar,
    (SELECT client_id FROM ledger.clients WHERE name = 'demo-office') AS office,
    (SELECT client_id FROM ledger.clients WHERE name = 'demo-supervisor') AS supervisor,
    (SELECT client_id FROM ledger.clients WHERE name = 'demo-registrar') AS unit,
    (SELECT max(version) FROM ledger.calendar_years) AS calendar,
    (SELECT sealed FROM intake.petitioners ORDER BY octet_length(sealed), case_id LIMIT 1) AS identity;

CREATE TABLE bench_fill.units AS
SELECT (row_number() OVER (ORDER BY unit_id) - 1)::int AS i, unit_id, head
FROM ledger.units;
ALTER TABLE bench_fill.units ADD PRIMARY KEY (i);

-- Of messages that were really registered, and of replies that were really given, the first words: ten million whole ones
-- would need another 5 GB.
CREATE TABLE bench_fill.patterns AS
SELECT (row_number() OVER (ORDER BY c.case_id) - 1)::int AS i, c.type, c.channel, c.title, left(c.body, 30) || '。' AS body, c.category,
    c.division_code, c.alias, c.proceedings, left(coalesce(c.approved_reply, r.reply), 30) || '。' AS reply
FROM ledger.cases c
CROSS JOIN LATERAL (
    SELECT approved_reply AS reply
    FROM ledger.cases
    WHERE approved_reply IS NOT NULL
    ORDER BY case_id % 17 = c.case_id % 17 DESC, case_id
    LIMIT 1
) AS r
WHERE c.type <> 'report';
ALTER TABLE bench_fill.patterns ADD PRIMARY KEY (i);

-- Working days in order, with the ends at which ordinary terms run out.
CREATE TABLE bench_fill.working_days AS
SELECT (row_number() OVER (ORDER BY day))::int AS n, day
FROM generate_series(date '2010-01-01', current_date + 120, interval '1 day') AS g (day)
LEFT JOIN (SELECT DISTINCT ON (year) year, off, work FROM ledger.calendar_years ORDER BY year, version DESC) AS y
    ON y.year = extract(year FROM g.day)
WHERE g.day::date = ANY (y.work) OR (extract(isodow FROM g.day) < 6 AND NOT coalesce(g.day::date = ANY (y.off), false));
-- For each day the first working day after it.
CREATE TABLE bench_fill.days AS
SELECT g.day::date AS day, (SELECT min(w.n) FROM bench_fill.working_days w WHERE w.day > g.day) AS next
FROM generate_series(date '2010-01-01', current_date + 30, interval '1 day') AS g (day);
ALTER TABLE bench_fill.days ADD PRIMARY KEY (day);
ALTER TABLE bench_fill.working_days ADD PRIMARY KEY (n);

-- 23:59:59 of the n-th working day after a moment's day.
CREATE FUNCTION bench_fill.due(moment timestamptz, term int) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT (w.day + interval '23:59:59')::timestamptz
    FROM bench_fill.days d
    JOIN bench_fill.working_days w ON w.n = d.next + term - 1
    WHERE d.day = (moment AT TIME ZONE 'Asia/Shanghai')::date
$$;
-- As the services write a time.
CREATE FUNCTION bench_fill.text(moment timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(moment AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS') || '+08:00'
$$;
CREATE FUNCTION bench_fill.clock(stage text, started timestamptz, due timestamptz, stopped timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('stage', stage, 'startedAt', bench_fill.text(started), 'dueAt',
        bench_fill.text(due), 'warnAt', bench_fill.text(due - (due - started) / 5), 'stoppedAt',
        bench_fill.text(stopped), 'provisional', false))
$$;
-- The terms of each day, so that a month's cases find them by their day.
CREATE TABLE bench_fill.terms AS
SELECT d.day, bench_fill.due(d.day::timestamptz, 1) AS due1, bench_fill.due(d.day::timestamptz, 7) AS due7,
    bench_fill.due(d.day::timestamptz, 3) AS due3
FROM bench_fill.days d;
ALTER TABLE bench_fill.terms ADD PRIMARY KEY (day);

-- Closed cases end 15 days ago. A month has more than the one before it: the last about four times the first.
CREATE TABLE bench_fill.months AS
WITH spread AS (
    SELECT m, (date_trunc('month', current_date - 15) - make_interval(months => :months - 1 - m))::date AS month
    FROM generate_series(0, :months - 1) AS m
), ends AS (
    SELECT m, month, least((month + interval '1 month')::date, current_date - 15) AS until
    FROM spread
), weighed AS (
    SELECT m, month, until, (:months / 3 + m) * (until - month)::numeric / 30.4 AS weight
    FROM ends
)
SELECT m, month, until, (to_char(month, 'YYYYMM')::bigint) * 1000000000 AS base,
    round((:cases - :open) * (sum(weight) OVER (ORDER BY m)) / sum(weight) OVER ())::bigint
        - round((:cases - :open) * (sum(weight) OVER (ORDER BY m) - weight) / sum(weight) OVER ())::bigint AS count,
    100000 + round((:cases - :open) * (sum(weight) OVER (ORDER BY m) - weight) / sum(weight) OVER ())::bigint AS first
FROM weighed;

SELECT ledger.make_year(month) FROM bench_fill.months;

-- Indexes of the large tables are built when the rows are there.
CREATE TABLE bench_fill.constraints AS
SELECT conrelid::regclass::text AS owner, conname AS name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE contype IN ('p', 'u') AND conparentid = 0 AND conrelid IN ('ledger.cases'::regclass, 'ledger.timeline'::regclass,
    'ledger.clock_facts'::regclass, 'ledger.natural_keys'::regclass, 'intake.petitioners'::regclass,
    'intake.matters'::regclass, 'supervision.tallied_cases'::regclass);
CREATE TABLE bench_fill.indexes AS
SELECT i.indrelid::regclass::text AS owner, i.indexrelid::regclass::text AS name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS definition
FROM pg_index i
WHERE i.indrelid IN ('ledger.cases'::regclass, 'ledger.timeline'::regclass, 'ledger.clock_facts'::regclass,
        'ledger.natural_keys'::regclass, 'intake.petitioners'::regclass, 'intake.matters'::regclass,
        'supervision.tallied_cases'::regclass)
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
DO $$
DECLARE
    thing record;
BEGIN
    FOR thing IN SELECT * FROM bench_fill.indexes LOOP
        EXECUTE format('DROP INDEX %s', thing.name);
    END LOOP;
    FOR thing IN SELECT * FROM bench_fill.constraints LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', thing.owner, thing.name);
    END LOOP;
END
$$;
