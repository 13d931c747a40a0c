-- What supervision keeps beside the case: what petitioners said when they were asked, what was asked to be excluded, who is
-- to be held accountable, and what was promised.
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

CREATE TABLE supervision.calendar_moves (
    version      bigint NOT NULL,
    year         int    NOT NULL,
    last_case_id bigint NOT NULL,
    CONSTRAINT calendar_moves_pk PRIMARY KEY (version)
);
COMMENT ON TABLE supervision.calendar_moves IS 'Versions of the calendar whose cases are still being moved, and the last case looked at';

CREATE TABLE supervision.exclusions (
    exclusion_id    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    case_id         bigint      NOT NULL,
    seq             int         NOT NULL,
    measures        text[]      NOT NULL,
    ground          text        NOT NULL,
    asked_by        text        NOT NULL,
    unit_id         text,
    asked_at        timestamptz NOT NULL,
    decision        text,
    decision_ground text,
    decided_seq     int,
    decided_at      timestamptz,
    ruling_number   text,
    CONSTRAINT exclusions_pk PRIMARY KEY (exclusion_id),
    CONSTRAINT exclusions_decision_known CHECK (decision IN ('grant', 'refuse', 'void')),
    CONSTRAINT exclusions_ruling_has_number CHECK (decision IS NULL OR decision = 'void' OR ruling_number IS NOT NULL)
);
COMMENT ON COLUMN supervision.exclusions.seq IS 'The timeline entry of the request';
COMMENT ON COLUMN supervision.exclusions.decision IS 'void: the case went back to the registry, was merged or withdrawn before the ruling';
CREATE INDEX exclusions_by_case ON supervision.exclusions (case_id, seq);
CREATE UNIQUE INDEX exclusions_one_open ON supervision.exclusions (case_id) WHERE decision IS NULL;

CREATE TABLE supervision.accountabilities (
    accountability_id bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    case_id           bigint,
    seq               int,
    unit_id           text        NOT NULL,
    accountable       jsonb       NOT NULL,
    ground            text        NOT NULL,
    opened_at         timestamptz NOT NULL,
    outcome           text,
    decided_by        text,
    document_number   text,
    recorded_seq      int,
    recorded_at       timestamptz,
    CONSTRAINT accountabilities_pk PRIMARY KEY (accountability_id),
    CONSTRAINT accountabilities_decision_whole CHECK ((outcome IS NULL) = (decided_by IS NULL)
        AND (outcome IS NULL) = (document_number IS NULL))
);
COMMENT ON COLUMN supervision.accountabilities.case_id IS 'NULL when a unit''s conduct is at issue and not one case';
COMMENT ON COLUMN supervision.accountabilities.decided_by IS 'The competent organ';
CREATE INDEX accountabilities_by_case ON supervision.accountabilities (case_id, seq) WHERE case_id IS NOT NULL;

CREATE TABLE supervision.promises (
    promise_id     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    case_id        bigint      NOT NULL,
    seq            int         NOT NULL,
    result_seq     int         NOT NULL,
    ordinal        int         NOT NULL,
    unit_id        text        NOT NULL,
    commitment     text        NOT NULL,
    due_on         date        NOT NULL,
    status         text        NOT NULL,
    opened_at      timestamptz NOT NULL,
    moved_from     date,
    moved_evidence text,
    moved_seq      int,
    evidence       text,
    settled_seq    int,
    settled_at     timestamptz,
    CONSTRAINT promises_pk PRIMARY KEY (promise_id),
    CONSTRAINT promises_once UNIQUE (case_id, result_seq, ordinal),
    CONSTRAINT promises_status_known CHECK (status IN ('open', 'kept', 'broken')),
    CONSTRAINT promises_settled_with_evidence CHECK ((status = 'open') = (evidence IS NULL))
);
COMMENT ON TABLE supervision.promises IS '挂账: what results promised, from the closing of their cases on';
COMMENT ON COLUMN supervision.promises.seq IS 'The timeline entry of the closing; result_seq that of the result';
COMMENT ON COLUMN supervision.promises.moved_from IS 'The date that was promised first; moved once only';
CREATE INDEX promises_open_by_due ON supervision.promises (due_on, promise_id) WHERE status = 'open';
CREATE INDEX promises_by_due ON supervision.promises (due_on, promise_id);
CREATE INDEX promises_by_unit ON supervision.promises (unit_id, due_on, promise_id);

CREATE VIEW supervision.papers AS
    SELECT case_id, seq, CASE source WHEN 'rating' THEN 'rating' ELSE 'followUp' END AS kind,
        jsonb_strip_nulls(jsonb_build_object('round', round, 'method', method, 'satisfaction', satisfaction, 'resolution',
            resolution, 'note', note, 'falseCompletion', false_completion, 'counts', counts)) AS paper
    FROM supervision.follow_ups
    UNION ALL
    SELECT case_id, seq, 'exclusion',
        jsonb_strip_nulls(jsonb_build_object('measures', measures, 'ground', ground, 'askedBy', asked_by, 'unitId', unit_id,
            'decision', decision, 'decisionGround', decision_ground, 'rulingNumber', ruling_number))
    FROM supervision.exclusions
    UNION ALL
    SELECT case_id, seq, 'accountability',
        jsonb_strip_nulls(jsonb_build_object('unitId', unit_id, 'accountable', accountable, 'ground', ground, 'outcome',
            outcome, 'decidedBy', decided_by, 'documentNumber', document_number))
    FROM supervision.accountabilities
    WHERE case_id IS NOT NULL
    UNION ALL
    SELECT case_id, seq, 'promise',
        jsonb_strip_nulls(jsonb_build_object('unitId', unit_id, 'commitment', commitment, 'dueOn', due_on, 'movedFrom',
            moved_from, 'movedEvidence', moved_evidence, 'status', status, 'evidence', evidence))
    FROM supervision.promises;

-- A request lapses when its case goes where no exclusion is ruled on. Whoever sends it there says so in the same
-- transaction, and may do no more to a request than that.
CREATE FUNCTION supervision.void_exclusion(concerned bigint, entry int, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ''
AS $$
    UPDATE supervision.exclusions
    SET decision = 'void', decided_seq = entry, decided_at = moment
    WHERE case_id = concerned AND decision IS NULL
$$;
REVOKE EXECUTE ON FUNCTION supervision.void_exclusion FROM PUBLIC;
GRANT EXECUTE ON FUNCTION supervision.void_exclusion TO renling_supervision, renling_assignment, renling_intake;

GRANT USAGE ON SCHEMA supervision TO renling_service;
GRANT SELECT, INSERT ON supervision.follow_ups TO renling_supervision;
GRANT SELECT, INSERT, UPDATE ON supervision.exclusions, supervision.accountabilities, supervision.promises TO renling_supervision;
GRANT SELECT, INSERT, UPDATE, DELETE ON supervision.calendar_moves TO renling_supervision;
GRANT SELECT ON supervision.papers TO renling_archive;
