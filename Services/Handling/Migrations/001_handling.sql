-- What handling keeps beside the case: results, co-units' accounts, reviews, and where replies were published.
CREATE SCHEMA IF NOT EXISTS handling;

CREATE TABLE handling.results (
    case_id           bigint      NOT NULL,
    seq               int         NOT NULL,
    round             int         NOT NULL,
    unit_id           text        NOT NULL,
    factual           boolean     NOT NULL,
    resolution        text        NOT NULL,
    unresolved_reason text,
    contacted_at      timestamptz,
    internal_account  text        NOT NULL,
    public_reply      text        NOT NULL,
    signed_by         jsonb       NOT NULL,
    overdue_co_units  text[]      NOT NULL,
    promises          jsonb       NOT NULL,
    attachments       jsonb       NOT NULL,
    filed_at          timestamptz NOT NULL,
    due_at            timestamptz NOT NULL,
    CONSTRAINT results_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT results_resolution_known CHECK (resolution IN ('resolved', 'partly', 'unresolved')),
    CONSTRAINT results_say_why_not CHECK (resolution = 'resolved' OR unresolved_reason IS NOT NULL)
);
COMMENT ON COLUMN handling.results.due_at IS 'When the result was due as it was filed: a unit is in time when every result was filed by its due';
COMMENT ON COLUMN handling.results.promises IS '挂账: [{commitment, dueOn}]';

CREATE TABLE handling.co_results (
    case_id bigint NOT NULL,
    seq     int    NOT NULL,
    unit_id text   NOT NULL,
    account text   NOT NULL,
    CONSTRAINT co_results_pk PRIMARY KEY (case_id, seq)
);

CREATE TABLE handling.reviews (
    case_id  bigint NOT NULL,
    seq      int    NOT NULL,
    decision text   NOT NULL,
    comment  text   NOT NULL,
    reviewer jsonb  NOT NULL,
    CONSTRAINT reviews_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT reviews_decision_known CHECK (decision IN ('approve', 'sendBack'))
);

CREATE TABLE handling.publications (
    case_id       bigint      NOT NULL,
    seq           int         NOT NULL,
    way           text        NOT NULL,
    published_at  timestamptz NOT NULL,
    url           text,
    sha256        text,
    differs       boolean     NOT NULL,
    original_gone boolean     NOT NULL,
    note          text,
    CONSTRAINT publications_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT publications_way_known CHECK (way IN ('board', 'phone', 'sms', 'letter', 'inPerson')),
    CONSTRAINT publications_board_has_place CHECK (way <> 'board' OR (url IS NOT NULL AND sha256 IS NOT NULL))
);
COMMENT ON COLUMN handling.publications.sha256 IS 'Of the reply as it was read back, UTF-8';
COMMENT ON COLUMN handling.publications.differs IS 'What was read back is not the approved text; the bulletin lists it';

CREATE VIEW handling.papers AS
    SELECT case_id, seq, 'result' AS kind,
        jsonb_strip_nulls(jsonb_build_object('round', round, 'unitId', unit_id, 'factual', factual, 'resolution', resolution,
            'unresolvedReason', unresolved_reason, 'contactedAt', contacted_at, 'internalAccount', internal_account,
            'publicReply', public_reply, 'signedBy', signed_by, 'overdueCoUnits', overdue_co_units, 'promises', promises,
            'attachments', attachments, 'dueAt', due_at)) AS paper
    FROM handling.results
    UNION ALL
    SELECT case_id, seq, 'coResult', jsonb_build_object('unitId', unit_id, 'account', account)
    FROM handling.co_results
    UNION ALL
    SELECT case_id, seq, 'review', jsonb_build_object('decision', decision, 'comment', comment, 'reviewer', reviewer)
    FROM handling.reviews
    UNION ALL
    SELECT case_id, seq, 'publication',
        jsonb_strip_nulls(jsonb_build_object('way', way, 'at', published_at, 'url', url, 'sha256', sha256, 'differs', differs,
            'originalGone', original_gone, 'note', note))
    FROM handling.publications;

-- For supervision: what becomes a promise when the case closes.
CREATE VIEW handling.promises AS
    SELECT case_id, seq, unit_id, promises
    FROM handling.results;

-- For supervision's measures: when results were filed and due, what they said became of the matter, and whether two say the
-- same; when replies were published. No texts.
CREATE VIEW handling.outcomes AS
    SELECT case_id, seq, unit_id, resolution, filed_at, due_at,
        md5(regexp_replace(public_reply, '\s', '', 'g')) AS reply_digest
    FROM handling.results;
CREATE VIEW handling.published AS
    SELECT case_id, seq, published_at, differs
    FROM handling.publications;

GRANT USAGE ON SCHEMA handling TO renling_service;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA handling TO renling_handling;
GRANT SELECT ON handling.papers TO renling_archive;
GRANT SELECT ON handling.promises, handling.outcomes, handling.published TO renling_supervision;
