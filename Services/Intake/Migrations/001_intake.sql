-- What intake keeps beside the case: who the petitioner is (encrypted, and nowhere else), what came with the message,
-- what was proposed to be declined, who looked at an identity.
CREATE SCHEMA IF NOT EXISTS intake;

CREATE TABLE intake.petitioners (
    case_id       bigint NOT NULL,
    sealed        bytea  NOT NULL,
    phone_index   bytea,
    account_index bytea,
    CONSTRAINT petitioners_pk PRIMARY KEY (case_id)
);
COMMENT ON COLUMN intake.petitioners.sealed IS 'AES-256-GCM of {name, phone, contact, account} under the installation''s key';
COMMENT ON COLUMN intake.petitioners.phone_index IS 'Keyed digest of the phone''s digits: finds a petitioner again without keeping the phone';
CREATE INDEX petitioners_by_phone ON intake.petitioners (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX petitioners_by_account ON intake.petitioners (account_index) WHERE account_index IS NOT NULL;

CREATE TABLE intake.filings (
    case_id     bigint NOT NULL,
    address     text,
    latitude    text,
    longitude   text,
    posted_at   timestamptz,
    captured_at timestamptz,
    attachments jsonb  NOT NULL,
    CONSTRAINT filings_pk PRIMARY KEY (case_id)
);
COMMENT ON TABLE intake.filings IS 'What came with a message, as it was filed; a row only where something did';
COMMENT ON COLUMN intake.filings.latitude IS 'Degrees north, WGS 84, as the decimal text that was sent';

CREATE TABLE intake.supplements (
    case_id     bigint      NOT NULL,
    seq         int         NOT NULL,
    text        text        NOT NULL,
    attachments jsonb       NOT NULL,
    filed_at    timestamptz NOT NULL,
    CONSTRAINT supplements_pk PRIMARY KEY (case_id, seq)
);
COMMENT ON COLUMN intake.supplements.seq IS 'The timeline entry that it belongs to';

CREATE TABLE intake.declines (
    case_id       bigint      NOT NULL,
    seq           int         NOT NULL,
    ground        text        NOT NULL,
    explanation   text        NOT NULL,
    right_channel text,
    transferred   jsonb,
    proposed_at   timestamptz NOT NULL,
    CONSTRAINT declines_pk PRIMARY KEY (case_id, seq)
);

CREATE TABLE intake.identity_log (
    log_id      bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    case_id     bigint      NOT NULL,
    client_id   bigint      NOT NULL,
    role        text        NOT NULL,
    unit_id     text,
    person      jsonb,
    purpose     text        NOT NULL,
    revealed_at timestamptz NOT NULL,
    CONSTRAINT identity_log_pk PRIMARY KEY (log_id),
    CONSTRAINT identity_log_purpose_known CHECK (purpose IN ('contact', 'followUp', 'transfer'))
);
CREATE INDEX identity_log_by_case ON intake.identity_log (case_id, revealed_at, log_id);
CREATE INDEX identity_log_by_time ON intake.identity_log (revealed_at, log_id);

CREATE TABLE intake.matters (
    digest  bytea  NOT NULL,
    case_id bigint NOT NULL,
    CONSTRAINT matters_pk PRIMARY KEY (digest, case_id)
);
COMMENT ON TABLE intake.matters IS 'By what a message on the same matter is known again: its folded text, and that text together with its petitioner''s phone, and with its account on its channel';
COMMENT ON COLUMN intake.matters.digest IS 'Keyed digest; it holds neither text nor identity';

CREATE TABLE intake.clusters (
    master_id bigint NOT NULL,
    CONSTRAINT clusters_pk PRIMARY KEY (master_id)
);
COMMENT ON TABLE intake.clusters IS 'Masters with members that have yet to follow: where the sweep looks';

CREATE TABLE intake.answers (
    case_id     bigint      NOT NULL,
    version     int         NOT NULL,
    answered_at timestamptz NOT NULL,
    CONSTRAINT answers_pk PRIMARY KEY (case_id, version)
);
COMMENT ON TABLE intake.answers IS 'When a matter was answered: what intake goes by when its petitioner writes again';

-- For others: what belongs into the sealed file, and the identity that the office''s review must keep out of a reply.
CREATE VIEW intake.papers WITH (security_invoker = false) AS
    SELECT case_id, 0 AS seq, 'filing' AS kind,
        jsonb_strip_nulls(jsonb_build_object('address', address, 'latitude', latitude, 'longitude', longitude,
            'postedAt', posted_at, 'capturedAt', captured_at, 'attachments', attachments)) AS paper
    FROM intake.filings
    UNION ALL
    SELECT case_id, seq, 'supplement', jsonb_build_object('text', text, 'attachments', attachments)
    FROM intake.supplements
    UNION ALL
    SELECT case_id, seq, 'decline',
        jsonb_strip_nulls(jsonb_build_object('ground', ground, 'explanation', explanation, 'rightChannel', right_channel,
            'transferredTo', transferred))
    FROM intake.declines;

CREATE FUNCTION intake.sealed_identity(wanted bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT sealed FROM intake.petitioners WHERE case_id = wanted $$;
REVOKE EXECUTE ON FUNCTION intake.sealed_identity FROM PUBLIC;

GRANT USAGE ON SCHEMA intake TO renling_service;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA intake TO renling_intake;
REVOKE UPDATE ON intake.identity_log FROM renling_intake;
GRANT DELETE ON intake.clusters TO renling_intake;
GRANT SELECT ON intake.papers TO renling_archive;
GRANT EXECUTE ON FUNCTION intake.sealed_identity TO renling_handling, renling_assignment;
