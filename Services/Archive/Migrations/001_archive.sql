-- The sealed files. A file is one canonical JSON document; it is added once and never changed.
CREATE SCHEMA IF NOT EXISTS archive;

CREATE TABLE archive.files (
    position  bigint      NOT NULL,
    case_id   bigint      NOT NULL,
    day       date        NOT NULL,
    document  text        NOT NULL,
    sha256    bytea       NOT NULL,
    sealed_at timestamptz NOT NULL,
    CONSTRAINT files_pk PRIMARY KEY (position),
    CONSTRAINT files_case_once UNIQUE (case_id),
    CONSTRAINT files_position_positive CHECK (position >= 1),
    CONSTRAINT files_digest_is_sha256 CHECK (octet_length(sha256) = 32)
);
COMMENT ON COLUMN archive.files.position IS 'From 1, without gap: sealing has one writer at a time';
COMMENT ON COLUMN archive.files.document IS 'RFC 8785 text; sha256 is over its UTF-8';
CREATE INDEX files_by_day ON archive.files (day, position);

CREATE TABLE archive.waiting (
    case_id        bigint      NOT NULL,
    sealable_after timestamptz NOT NULL,
    CONSTRAINT waiting_pk PRIMARY KEY (case_id)
);
COMMENT ON TABLE archive.waiting IS 'Cases that are over, and the last moment at which the sweep may not yet seal them';
CREATE INDEX waiting_by_time ON archive.waiting (sealable_after, case_id);

GRANT USAGE ON SCHEMA archive TO renling_service;
GRANT SELECT, INSERT ON archive.files TO renling_archive;
GRANT SELECT, INSERT, UPDATE, DELETE ON archive.waiting TO renling_archive;
