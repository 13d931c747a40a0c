-- The case, its timeline and its clock facts: partitioned by the year of registration, which is part of the key
-- (case_id = yyyymm * 10^9 + running number), so that every look-up by number goes to one partition.

CREATE SEQUENCE ledger.case_running AS bigint MAXVALUE 999999999 CYCLE;

CREATE TABLE ledger.cases (
    case_id             bigint      NOT NULL,
    version             int         NOT NULL,
    status              text        NOT NULL,
    round               int         NOT NULL,
    channel             text        NOT NULL,
    external_id         text        NOT NULL,
    type                text        NOT NULL,
    title               text        NOT NULL,
    body                text        NOT NULL,
    urgency             text        NOT NULL,
    category            text,
    division_code       text,
    about               text[]      NOT NULL,
    confidential        boolean     NOT NULL,
    open                boolean     NOT NULL,
    alias               text        NOT NULL,
    registered_at       timestamptz NOT NULL,
    related_to          bigint,
    master              bigint,
    unit_text           text,
    proposed_unit_id    text,
    proposal            text,
    is_classified       boolean     NOT NULL,
    is_decline_proposed boolean     NOT NULL,
    lead_unit_id        text,
    letter_number       text,
    co_orders           jsonb       NOT NULL,
    co_unit_ids         text[]      NOT NULL,
    has_conflict_ground boolean     NOT NULL,
    responsible_person  jsonb,
    former_lead_ids     text[]      NOT NULL,
    proceedings         jsonb       NOT NULL,
    draft_reply         text,
    approved_reply      text,
    approved_at         timestamptz,
    has_unseen_supplement  boolean  NOT NULL,
    closed_at           timestamptz,
    dissatisfied_count  int         NOT NULL,
    unreachable_count   int         NOT NULL,
    was_reopened_by_rating boolean  NOT NULL,
    holder              text        NOT NULL,
    clocks              jsonb       NOT NULL,
    due_at              timestamptz,
    warn_at             timestamptz,
    lapses_at           timestamptz,
    look_at             timestamptz,
    emitted             jsonb       NOT NULL,
    feed_position       bigint      NOT NULL,
    changed_at          timestamptz NOT NULL,
    CONSTRAINT cases_pk PRIMARY KEY (case_id),
    CONSTRAINT cases_status_known CHECK (status IN ('registered', 'dispatched', 'returning', 'claimed',
        'awaitingPetitioner', 'reported', 'approved', 'replied', 'closed', 'declined', 'merged', 'withdrawn', 'archived')),
    CONSTRAINT cases_type_known CHECK (type IN ('consultation', 'help', 'complaint', 'report', 'suggestion', 'praise')),
    CONSTRAINT cases_urgency_known CHECK (urgency IN ('ordinary', 'important', 'critical')),
    CONSTRAINT cases_holder_known CHECK (holder IN ('registry', 'office', 'leadUnit', 'petitioner', 'publisher',
        'supervision', 'archive')),
    CONSTRAINT cases_version_positive CHECK (version >= 1),
    CONSTRAINT cases_lead_when_dispatched CHECK (lead_unit_id IS NOT NULL OR status NOT IN ('dispatched', 'returning',
        'claimed', 'awaitingPetitioner', 'reported', 'approved', 'replied'))
) PARTITION BY RANGE (case_id);
COMMENT ON COLUMN ledger.cases.clocks IS 'The fold of the clock facts: [{stage, startedAt, dueAt, warnAt, provisional, stoppedAt}]';
COMMENT ON COLUMN ledger.cases.due_at IS 'When the holder''s clock runs out; NULL when the case is not open';
COMMENT ON COLUMN ledger.cases.warn_at IS 'From here on the lamp is yellow';
COMMENT ON COLUMN ledger.cases.lapses_at IS 'When the case moves by itself: unclaimed, an unanswered question, a follow-up without end';
COMMENT ON COLUMN ledger.cases.look_at IS 'When supervision must look at the case next, at the earliest: a warning, a step of the ladder, or a step to judge anew; NULL for never';
COMMENT ON COLUMN ledger.cases.proceedings IS 'What was asked for and bounds what may be asked for next: returns, extensions, questions, open matters';
COMMENT ON COLUMN ledger.cases.emitted IS 'Per consumer the (version, ordinal) of the last event sent to it';
COMMENT ON COLUMN ledger.cases.feed_position IS 'Position of the last timeline entry in the feed of changes';

CREATE INDEX cases_by_channel ON ledger.cases (channel, case_id);
CREATE INDEX cases_by_lead ON ledger.cases (lead_unit_id, case_id) WHERE lead_unit_id IS NOT NULL;
CREATE INDEX cases_open_by_lead ON ledger.cases (lead_unit_id, case_id)
    WHERE status IN ('dispatched', 'returning', 'claimed', 'awaitingPetitioner', 'reported', 'approved', 'replied');
CREATE INDEX cases_by_co_unit ON ledger.cases USING gin (co_unit_ids) WHERE co_unit_ids <> '{}';
CREATE INDEX cases_by_former_lead ON ledger.cases USING gin (former_lead_ids) WHERE former_lead_ids <> '{}';
CREATE INDEX cases_by_master ON ledger.cases (master, case_id) WHERE master IS NOT NULL;
-- Those that run with their master now: few, whatever has been merged before.
CREATE INDEX cases_merged ON ledger.cases (master, case_id) WHERE status = 'merged' AND master IS NOT NULL;
CREATE INDEX cases_lapsing ON ledger.cases (lapses_at, case_id) WHERE lapses_at IS NOT NULL;
CREATE INDEX cases_by_status ON ledger.cases (status, case_id);
CREATE INDEX cases_by_category ON ledger.cases (category, case_id) WHERE category IS NOT NULL;
CREATE INDEX cases_by_division ON ledger.cases (division_code, case_id) WHERE division_code IS NOT NULL;
-- The ladder's sweep takes the most overdue first and passes over what it has looked at without fetching it. What
-- supervision.overview counts of open cases, by status, urgency and lamp, stands in the index itself.
CREATE INDEX cases_by_due ON ledger.cases (due_at, case_id, look_at) INCLUDE (status, urgency, lead_unit_id, warn_at)
    WHERE due_at IS NOT NULL OR look_at IS NOT NULL;
CREATE INDEX cases_to_look_at ON ledger.cases (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX cases_by_relation ON ledger.cases (related_to) WHERE related_to IS NOT NULL;
CREATE INDEX cases_unclaimed ON ledger.cases (lead_unit_id, due_at) WHERE status = 'dispatched';

CREATE FUNCTION ledger.refuse_change_of_archived() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an archived case does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_archived_is_final';
END
$$;
CREATE TRIGGER cases_archived_is_final
    BEFORE UPDATE OR DELETE ON ledger.cases
    FOR EACH ROW
    WHEN (OLD.status = 'archived')
    EXECUTE FUNCTION ledger.refuse_change_of_archived();

CREATE TABLE ledger.timeline (
    case_id       bigint      NOT NULL,
    seq           int         NOT NULL,
    at            timestamptz NOT NULL,
    role          text        NOT NULL,
    client_id     bigint      NOT NULL,
    unit_id       text,
    person        jsonb,
    action        text        NOT NULL,
    status_from   text,
    status_to     text        NOT NULL,
    holder        text        NOT NULL,
    holder_unit_id text,
    note          text,
    note_is_public boolean    NOT NULL,
    channel       text        NOT NULL,
    feed_kind     text,
    feed_position bigint      NOT NULL,
    CONSTRAINT timeline_pk PRIMARY KEY (case_id, seq),
    CONSTRAINT timeline_feed_known CHECK (feed_kind IN ('status', 'question', 'interim', 'reply', 'extension'))
) PARTITION BY RANGE (case_id);
COMMENT ON COLUMN ledger.timeline.feed_position IS
    'Orders the feed of changes: the greater of the writing transaction''s id and the position of the case''s entry before.
     Entries whose position lies below the oldest running transaction are complete, and no entry joins them later';

CREATE INDEX timeline_feed_by_channel ON ledger.timeline (channel, feed_position, case_id, seq) WHERE feed_kind IS NOT NULL;
CREATE INDEX timeline_feed ON ledger.timeline (feed_position, case_id, seq) WHERE feed_kind IS NOT NULL;

CREATE TABLE ledger.clock_facts (
    case_id          bigint      NOT NULL,
    version          int         NOT NULL,
    ordinal          int         NOT NULL,
    kind             text        NOT NULL,
    stage            text,
    at               timestamptz NOT NULL,
    urgency          text        NOT NULL,
    calendar_version bigint      NOT NULL,
    until            timestamptz,
    result_due_at    timestamptz,
    CONSTRAINT clock_facts_pk PRIMARY KEY (case_id, version, ordinal)
) PARTITION BY RANGE (case_id);
COMMENT ON COLUMN ledger.clock_facts.result_due_at IS 'When the result is due from this fact on, where the fact set or moved that: what measures go by';
CREATE INDEX clock_facts_by_due ON ledger.clock_facts (result_due_at, case_id) WHERE result_due_at IS NOT NULL;
COMMENT ON COLUMN ledger.clock_facts.until IS 'The new due date, where somebody decided it: an extension, a cluster''s earlier date, a changed calendar';

-- By years and not by months: whatever asks for no number has to look into each partition, and plan for each.
-- Partitions are made ahead; what lies in no year (a test with a clock of its own) goes to the default ones.
CREATE FUNCTION ledger.make_year(day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    year int    := extract(year FROM day);
    low  bigint := (year * 100 + 1) * 1000000000::bigint;
    high bigint := ((year + 1) * 100 + 1) * 1000000000::bigint;
BEGIN
    FOREACH parent IN ARRAY ARRAY['cases', 'timeline', 'clock_facts'] LOOP
        EXECUTE format('CREATE TABLE IF NOT EXISTS ledger.%I PARTITION OF ledger.%I FOR VALUES FROM (%s) TO (%s)',
            parent || '_' || year, parent, low, high);
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION ledger.make_year FROM PUBLIC;
CREATE TABLE ledger.cases_other PARTITION OF ledger.cases DEFAULT;
CREATE TABLE ledger.timeline_other PARTITION OF ledger.timeline DEFAULT;
CREATE TABLE ledger.clock_facts_other PARTITION OF ledger.clock_facts DEFAULT;

GRANT USAGE ON SEQUENCE ledger.case_running TO renling_intake;
GRANT SELECT, UPDATE ON ledger.cases TO renling_service;
GRANT INSERT ON ledger.cases TO renling_intake;
GRANT SELECT, INSERT ON ledger.timeline, ledger.clock_facts TO renling_service;
