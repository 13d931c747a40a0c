-- What assignment keeps beside the case: the letters by which cases were given to units, who claimed them, what units
-- asked for and what the office decided, and what leaders wrote.
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

CREATE TABLE assignment.responsibles (
    case_id     bigint      NOT NULL,
    seq         int         NOT NULL,
    unit_id     text        NOT NULL,
    responsible jsonb       NOT NULL,
    phone       text,
    reason      text        NOT NULL,
    changed_at  timestamptz NOT NULL,
    CONSTRAINT responsibles_pk PRIMARY KEY (case_id, seq)
);
COMMENT ON TABLE assignment.responsibles IS 'Who answers for a case from then on, after the one who claimed it';
COMMENT ON COLUMN assignment.responsibles.phone IS 'The responsible person''s office line; in no view';

CREATE TABLE assignment.returns (
    case_id           bigint      NOT NULL,
    seq               int         NOT NULL,
    unit_id           text        NOT NULL,
    ground            text        NOT NULL,
    duty_clause       text        NOT NULL,
    suggested_unit_id text,
    is_adjudication   boolean     NOT NULL,
    requested_at      timestamptz NOT NULL,
    CONSTRAINT returns_pk PRIMARY KEY (case_id, seq)
);
COMMENT ON COLUMN assignment.returns.is_adjudication IS '会商裁定: a return beyond the first, whose ruling binds';

CREATE TABLE assignment.rulings (
    case_id     bigint      NOT NULL,
    seq         int         NOT NULL,
    return_seq  int         NOT NULL,
    unit_id     text        NOT NULL,
    kind        text        NOT NULL,
    decision    text        NOT NULL,
    to_unit_id  text,
    ground      text        NOT NULL,
    ruled_at    timestamptz NOT NULL,
    CONSTRAINT rulings_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT rulings_of_a_return FOREIGN KEY (case_id, return_seq) REFERENCES assignment.returns (case_id, seq),
    CONSTRAINT rulings_kind_known CHECK (kind IN ('ruling', 'adjudication')),
    CONSTRAINT rulings_decision_known CHECK (decision IN ('acceptToUnit', 'acceptToRegistry', 'deny')),
    CONSTRAINT rulings_to_a_unit CHECK ((decision = 'acceptToUnit') = (to_unit_id IS NOT NULL))
);
COMMENT ON COLUMN assignment.rulings.unit_id IS 'The unit that handed the case back';
COMMENT ON COLUMN assignment.rulings.return_seq IS 'The timeline entry of the return';
CREATE INDEX rulings_newest ON assignment.rulings (ruled_at, case_id, seq);
CREATE INDEX rulings_by_unit ON assignment.rulings (unit_id, ruled_at, case_id, seq);
CREATE INDEX rulings_by_decision ON assignment.rulings (decision, ruled_at, case_id, seq);

CREATE TABLE assignment.reassignments (
    case_id       bigint      NOT NULL,
    seq           int         NOT NULL,
    from_unit_id  text        NOT NULL,
    to_unit_id    text        NOT NULL,
    ground        text        NOT NULL,
    note          text        NOT NULL,
    reassigned_at timestamptz NOT NULL,
    CONSTRAINT reassignments_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT reassignments_ground_known CHECK (ground IN ('wrongUnit', 'conflictOfInterest', 'leaderInstruction',
        'unitAbolished'))
);

CREATE TABLE assignment.extensions (
    case_id       bigint      NOT NULL,
    seq           int         NOT NULL,
    unit_id       text        NOT NULL,
    due_at        timestamptz NOT NULL,
    until         date        NOT NULL,
    reason        text        NOT NULL,
    legal_basis   text        NOT NULL,
    interim_reply text        NOT NULL,
    requested_at  timestamptz NOT NULL,
    CONSTRAINT extensions_pk PRIMARY KEY (case_id, seq)
);
COMMENT ON COLUMN assignment.extensions.due_at IS 'The result''s due date when the unit asked; last-minute extensions are listed';
CREATE INDEX extensions_newest ON assignment.extensions (requested_at, case_id, seq);
CREATE INDEX extensions_by_unit ON assignment.extensions (unit_id, requested_at, case_id, seq);

CREATE TABLE assignment.extension_decisions (
    case_id    bigint      NOT NULL,
    seq        int         NOT NULL,
    until      date        NOT NULL,
    decision   text        NOT NULL,
    ground     text        NOT NULL,
    due_at     timestamptz NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT extension_decisions_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT extension_decisions_known CHECK (decision IN ('grant', 'refuse'))
);
COMMENT ON COLUMN assignment.extension_decisions.until IS 'The day that was asked for';
COMMENT ON COLUMN assignment.extension_decisions.due_at IS 'The result''s due date after the decision';

CREATE TABLE assignment.urgency_changes (
    case_id      bigint      NOT NULL,
    seq          int         NOT NULL,
    from_urgency text        NOT NULL,
    to_urgency   text        NOT NULL,
    ground       text        NOT NULL,
    changed_at   timestamptz NOT NULL,
    CONSTRAINT urgency_changes_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT urgency_changes_change CHECK (from_urgency <> to_urgency)
);
COMMENT ON TABLE assignment.urgency_changes IS 'The bulletin lists lowered urgencies among the oddities';

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
    FROM assignment.instructions
    UNION ALL
    SELECT case_id, seq, 'responsible', jsonb_build_object('unitId', unit_id, 'responsiblePerson', responsible, 'reason', reason)
    FROM assignment.responsibles
    UNION ALL
    SELECT case_id, seq, 'return',
        jsonb_strip_nulls(jsonb_build_object('unitId', unit_id, 'ground', ground, 'dutyClause', duty_clause,
            'suggestedUnitId', suggested_unit_id, 'isAdjudication', is_adjudication))
    FROM assignment.returns
    UNION ALL
    SELECT case_id, seq, kind,
        jsonb_strip_nulls(jsonb_build_object('returnSeq', return_seq, 'unitId', unit_id, 'decision', decision,
            'toUnitId', to_unit_id, 'ground', ground))
    FROM assignment.rulings
    UNION ALL
    SELECT case_id, seq, 'reassignment',
        jsonb_build_object('fromUnitId', from_unit_id, 'toUnitId', to_unit_id, 'ground', ground, 'note', note)
    FROM assignment.reassignments
    UNION ALL
    SELECT case_id, seq, 'extensionRequest',
        jsonb_build_object('unitId', unit_id, 'dueAt', due_at, 'until', until, 'reason', reason, 'legalBasis', legal_basis,
            'interimReply', interim_reply)
    FROM assignment.extensions
    UNION ALL
    SELECT case_id, seq, 'extensionDecision',
        jsonb_build_object('until', until, 'decision', decision, 'ground', ground, 'dueAt', due_at)
    FROM assignment.extension_decisions
    UNION ALL
    SELECT case_id, seq, 'urgencyChange',
        jsonb_build_object('from', from_urgency, 'to', to_urgency, 'ground', ground)
    FROM assignment.urgency_changes;

-- For supervision's measures: when which unit was given a case, what it did with it, what was decided. No texts.
CREATE VIEW assignment.leads AS
    SELECT case_id, seq, lead_unit_id AS unit_id, delivered_at
    FROM assignment.letters;
CREATE VIEW assignment.claimed AS
    SELECT case_id, seq, responsible, late
    FROM assignment.claims;
CREATE VIEW assignment.returned AS
    SELECT case_id, seq, unit_id
    FROM assignment.returns;
CREATE VIEW assignment.extended AS
    SELECT case_id, seq, unit_id, NULL::text AS decision, due_at, requested_at AS at
    FROM assignment.extensions
    UNION ALL
    SELECT case_id, seq, NULL, decision, due_at, decided_at
    FROM assignment.extension_decisions;
CREATE VIEW assignment.urgencies AS
    SELECT case_id, seq, from_urgency, to_urgency, changed_at
    FROM assignment.urgency_changes;

GRANT USAGE ON SCHEMA assignment TO renling_service;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA assignment TO renling_assignment;
GRANT EXECUTE ON FUNCTION assignment.next_letter TO renling_assignment;
GRANT SELECT ON assignment.papers TO renling_archive;
GRANT SELECT ON assignment.leads, assignment.claimed, assignment.returned, assignment.extended, assignment.urgencies
    TO renling_supervision;
