-- The indexes and keys of some tables, as the migrations made them; all of a year's one after the other, while the year is in
-- memory. Variables: owners (a regular expression).
\set ON_ERROR_STOP on
SET maintenance_work_mem = '1GB';
SET max_parallel_maintenance_workers = 2;
WITH things AS (
    SELECT owner, false AS is_key, definition FROM bench_fill.indexes
    UNION ALL
    SELECT owner, true, definition FROM bench_fill.constraints
), parts AS (
    SELECT inhparent::regclass::text AS owner, inhrelid::regclass::text AS part
    FROM pg_inherits
)
SELECT statement
FROM (
    SELECT m.part, 1 AS step,
        CASE WHEN t.is_key THEN format('ALTER TABLE %s ADD %s', m.part, t.definition)
            ELSE regexp_replace(t.definition, ' INDEX \S+ ON \S+ ', format(' INDEX ON %s ', m.part)) END AS statement
    FROM things t
    JOIN parts m USING (owner)
    WHERE t.owner ~ :'owners'
    UNION ALL
    -- What the parts have already is taken over.
    SELECT owner, 2, format('ALTER TABLE %s ADD CONSTRAINT %I %s', owner, name, definition) FROM bench_fill.constraints WHERE owner ~ :'owners'
    UNION ALL
    SELECT owner, 2, definition FROM bench_fill.indexes WHERE owner ~ :'owners'
) AS statements
ORDER BY step, part
\gexec
