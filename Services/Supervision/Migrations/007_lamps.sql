-- How many open cases there are, by lead unit, status, urgency and lamp: kept by one sweep at a time, which follows every
-- entry, and lights a case's lamp anew when its time has come.
CREATE TABLE supervision.lamp_progress (
    one           boolean     NOT NULL DEFAULT true,
    feed_position bigint      NOT NULL,
    case_id       bigint      NOT NULL,
    seq           int         NOT NULL,
    lit_at        timestamptz NOT NULL,
    CONSTRAINT lamp_progress_pk PRIMARY KEY (one),
    CONSTRAINT lamp_progress_one_row CHECK (one)
);
COMMENT ON TABLE supervision.lamp_progress IS 'The last entry that is in the totals';
COMMENT ON COLUMN supervision.lamp_progress.lit_at IS 'The latest time at which a lamp was lit';

CREATE TABLE supervision.lit_cases (
    case_id    bigint NOT NULL,
    unit_id    text   NOT NULL,
    status     text   NOT NULL,
    urgency    text   NOT NULL,
    lamp       text   NOT NULL,
    changes_at timestamptz,
    CONSTRAINT lit_cases_pk PRIMARY KEY (case_id),
    CONSTRAINT lit_cases_lamp_known CHECK (lamp IN ('green', 'yellow', 'red', 'grey'))
);
COMMENT ON TABLE supervision.lit_cases IS 'As what each open case is counted';
COMMENT ON COLUMN supervision.lit_cases.unit_id IS 'Empty for a case that no unit leads';
COMMENT ON COLUMN supervision.lit_cases.changes_at IS 'From then on the lamp is another one, if nothing else happens; NULL for never';
CREATE INDEX lit_cases_changing ON supervision.lit_cases (changes_at, case_id) WHERE changes_at IS NOT NULL;

CREATE TABLE supervision.lamp_totals (
    unit_id text   NOT NULL,
    status  text   NOT NULL,
    urgency text   NOT NULL,
    lamp    text   NOT NULL,
    cases   bigint NOT NULL,
    CONSTRAINT lamp_totals_pk PRIMARY KEY (unit_id, status, urgency, lamp)
);

-- What is open already is lit by the first sweeps.
INSERT INTO supervision.lamp_progress (feed_position, case_id, seq, lit_at)
SELECT coalesce(max(l.feed_position), 0), coalesce(max(l.case_id), 0), coalesce(max(l.seq), 0), '2000-01-01'
FROM (
    SELECT feed_position, case_id, seq
    FROM ledger.timeline
    WHERE feed_position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY feed_position DESC, case_id DESC, seq DESC
    LIMIT 1
) AS l;
INSERT INTO supervision.lit_cases (case_id, unit_id, status, urgency, lamp, changes_at)
SELECT case_id, coalesce(lead_unit_id, ''), status, urgency, 'green', '-infinity'
FROM ledger.cases
WHERE due_at IS NOT NULL;
INSERT INTO supervision.lamp_totals (unit_id, status, urgency, lamp, cases)
SELECT unit_id, status, urgency, lamp, count(*)
FROM supervision.lit_cases
GROUP BY unit_id, status, urgency, lamp;

GRANT SELECT, UPDATE ON supervision.lamp_progress TO renling_supervision;
GRANT SELECT, INSERT, UPDATE, DELETE ON supervision.lit_cases, supervision.lamp_totals TO renling_supervision;
