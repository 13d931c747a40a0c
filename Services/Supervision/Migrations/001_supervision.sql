-- What supervision keeps beside the case: what petitioners said when they were asked, and when it means to look at a case
-- next.
CREATE SCHEMA IF NOT EXISTS supervision;

CREATE TABLE supervision.follow_ups (
    case_id          bigint      NOT NULL,
    seq              int         NOT NULL,
    round            int         NOT NULL,
    source           text        NOT NULL,
    method           text,
    satisfaction     text        NOT NULL,
    resolution       text,
    note             text,
    false_completion boolean     NOT NULL,
    counts           boolean     NOT NULL,
    recorded_at      timestamptz NOT NULL,
    CONSTRAINT follow_ups_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT follow_ups_source_known CHECK (source IN ('followUp', 'rating')),
    CONSTRAINT follow_ups_satisfaction_known CHECK (satisfaction IN ('satisfied', 'basicallySatisfied', 'dissatisfied',
        'unreachable')),
    CONSTRAINT follow_ups_resolution_known CHECK (resolution IN ('resolved', 'partly', 'unresolved'))
);
COMMENT ON COLUMN supervision.follow_ups.counts IS 'False for a rating through the unit''s own channel, or where only supervision may ask';

CREATE TABLE supervision.looks (
    case_id bigint      NOT NULL,
    look_at timestamptz NOT NULL,
    CONSTRAINT looks_pk PRIMARY KEY (case_id)
);
COMMENT ON TABLE supervision.looks IS 'When the sweep should look at an open case next: the earliest warning of its running clocks';
CREATE INDEX looks_by_time ON supervision.looks (look_at);

CREATE TABLE supervision.calendar_moves (
    version      bigint NOT NULL,
    year         int    NOT NULL,
    last_case_id bigint NOT NULL,
    CONSTRAINT calendar_moves_pk PRIMARY KEY (version)
);
COMMENT ON TABLE supervision.calendar_moves IS 'Versions of the calendar whose cases are still being moved, and the last case looked at';

CREATE VIEW supervision.papers AS
    SELECT case_id, seq, CASE source WHEN 'rating' THEN 'rating' ELSE 'followUp' END AS kind,
        jsonb_strip_nulls(jsonb_build_object('round', round, 'method', method, 'satisfaction', satisfaction, 'resolution',
            resolution, 'note', note, 'falseCompletion', false_completion, 'counts', counts)) AS paper
    FROM supervision.follow_ups;

GRANT USAGE ON SCHEMA supervision TO renling_service;
GRANT SELECT, INSERT ON supervision.follow_ups TO renling_supervision;
GRANT SELECT, INSERT, UPDATE, DELETE ON supervision.looks, supervision.calendar_moves TO renling_supervision;
GRANT SELECT ON supervision.papers TO renling_archive;
