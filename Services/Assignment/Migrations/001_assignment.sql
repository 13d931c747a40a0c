-- What assignment keeps beside the case: the letters by which cases were given to units, who claimed them, and what
-- leaders wrote on them.
CREATE SCHEMA IF NOT EXISTS assignment;

CREATE TABLE assignment.letters (
    letter_number   text        NOT NULL,
    case_id         bigint      NOT NULL,
    seq             int         NOT NULL,
    lead_unit_id    text        NOT NULL,
    co_orders       jsonb       NOT NULL,
    instructions    text,
    conflict_ground text,
    urgency         text        NOT NULL,
    delivered_at    timestamptz NOT NULL,
    stages          jsonb       NOT NULL,
    issued_by       jsonb,
    CONSTRAINT letters_pk PRIMARY KEY (letter_number)
);
COMMENT ON COLUMN assignment.letters.seq IS 'The timeline entry of the dispatch';
COMMENT ON COLUMN assignment.letters.stages IS 'The due dates as the letter stated them: [{stage, dueAt}]';
CREATE INDEX letters_by_case ON assignment.letters (case_id, seq);

CREATE TABLE assignment.claims (
    case_id     bigint      NOT NULL,
    seq         int         NOT NULL,
    unit_id     text        NOT NULL,
    responsible jsonb       NOT NULL,
    phone       text,
    claimed_at  timestamptz NOT NULL,
    late        boolean     NOT NULL,
    CONSTRAINT claims_pk PRIMARY KEY (case_id, seq)
);
COMMENT ON COLUMN assignment.claims.phone IS 'The responsible person''s office line; in no view';
COMMENT ON COLUMN assignment.claims.late IS 'Claimed after the claim clock had run out';

CREATE TABLE assignment.instructions (
    case_id    bigint NOT NULL,
    seq        int    NOT NULL,
    text       text   NOT NULL,
    leader     jsonb  NOT NULL,
    written_on date   NOT NULL,
    CONSTRAINT instructions_pk PRIMARY KEY (case_id, seq)
);

-- The running number of letters begins anew each year; it may skip, and no two dispatches wait for each other.
CREATE FUNCTION assignment.next_letter(year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    sequence text := format('assignment.letters_%s', year);
BEGIN
    IF to_regclass(sequence) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('renling letters'));
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %s', sequence);
    END IF;
    RETURN nextval(sequence::regclass);
END
$$;
REVOKE EXECUTE ON FUNCTION assignment.next_letter FROM PUBLIC;

CREATE VIEW assignment.papers AS
    SELECT case_id, seq, 'letter' AS kind,
        jsonb_strip_nulls(jsonb_build_object('letterNumber', letter_number, 'leadUnitId', lead_unit_id, 'coOrders', co_orders,
            'instructions', instructions, 'conflictGround', conflict_ground, 'urgency', urgency, 'stages', stages)) AS paper
    FROM assignment.letters
    UNION ALL
    SELECT case_id, seq, 'claim', jsonb_build_object('unitId', unit_id, 'responsiblePerson', responsible, 'late', late)
    FROM assignment.claims
    UNION ALL
    SELECT case_id, seq, 'instruction', jsonb_build_object('text', text, 'leader', leader, 'writtenOn', written_on)
    FROM assignment.instructions;

GRANT USAGE ON SCHEMA assignment TO renling_service;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA assignment TO renling_assignment;
GRANT EXECUTE ON FUNCTION assignment.next_letter TO renling_assignment;
GRANT SELECT ON assignment.papers TO renling_archive;
