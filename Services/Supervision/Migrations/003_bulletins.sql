-- Measures, bulletins (通报) and appraisals (考核): the numbers they are reckoned with, what was published, and how many
-- cases are over.

INSERT INTO ledger.policies (name, effective_from, value)
VALUES
    ('bulletin', '2000-01-01', '{
        "casesMin": 10, "volumeBands": [100, 10], "praised": 3, "criticised": 3, "explanationWorkingDays": 5,
        "clusterMin": 5, "repeatedReplyMin": 3, "lastMinutes": 30, "lastHoursOfExtension": 24
    }'),
    ('appraisal', '2000-01-01', '{
        "replyRate": 20, "responseRate": 25, "claimRate": 10, "resolutionRate": 15, "satisfactionRate": 15,
        "reworkRate": 5, "recurrenceRate": 5, "returnRate": 5
    }'),
    ('overview', '2000-01-01', '{"liveCasesMax": 20000, "staleMinutes": 60, "days": 400}');

CREATE TABLE supervision.bulletins (
    month        date        NOT NULL,
    status       text        NOT NULL,
    formula      text        NOT NULL,
    document     text        NOT NULL,
    sha256       bytea       NOT NULL,
    compiled_at  timestamptz NOT NULL,
    published_at timestamptz,
    CONSTRAINT bulletins_pk PRIMARY KEY (month),
    CONSTRAINT bulletins_month_is_first_day CHECK (extract(day FROM month) = 1),
    CONSTRAINT bulletins_status_known CHECK (status IN ('draft', 'published')),
    CONSTRAINT bulletins_published_at_a_time CHECK ((status = 'published') = (published_at IS NOT NULL)),
    CONSTRAINT bulletins_digest_is_sha256 CHECK (octet_length(sha256) = 32)
);
COMMENT ON TABLE supervision.bulletins IS '通报: one for each month; what is published is frozen';
COMMENT ON COLUMN supervision.bulletins.month IS 'Its first day';
COMMENT ON COLUMN supervision.bulletins.formula IS 'The version of the formulas (docs/domain.md, Measures)';
COMMENT ON COLUMN supervision.bulletins.document IS 'RFC 8785 text; sha256 is over its UTF-8';

CREATE TABLE supervision.bulletin_items (
    month   date    NOT NULL,
    measure text    NOT NULL,
    unit_id text    NOT NULL,
    case_id bigint  NOT NULL,
    value   numeric NOT NULL,
    CONSTRAINT bulletin_items_pk PRIMARY KEY (month, measure, unit_id, case_id)
);
COMMENT ON TABLE supervision.bulletin_items IS 'The cases behind each figure of a bulletin: a rate is the mean of their values';
COMMENT ON COLUMN supervision.bulletin_items.unit_id IS 'Empty where no unit is measured (declineRate)';
COMMENT ON COLUMN supervision.bulletin_items.value IS '0 to 1; of timeToReply the working days';
-- The city's figure lists its cases by number.
CREATE INDEX bulletin_items_by_case ON supervision.bulletin_items (month, measure, case_id, unit_id);

CREATE TABLE supervision.criticisms (
    month              date NOT NULL,
    unit_id            text NOT NULL,
    explanation_due_on date NOT NULL,
    CONSTRAINT criticisms_pk PRIMARY KEY (month, unit_id)
);
COMMENT ON TABLE supervision.criticisms IS 'Units that a published bulletin criticises; each owes an explanation (情况说明) by the day';
CREATE INDEX criticisms_by_unit ON supervision.criticisms (unit_id, month);

CREATE FUNCTION supervision.refuse_change_of_published() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published bulletin does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bulletins_published_is_final';
END
$$;
CREATE TRIGGER bulletins_published_is_final
    BEFORE UPDATE OR DELETE ON supervision.bulletins
    FOR EACH ROW
    WHEN (OLD.status = 'published')
    EXECUTE FUNCTION supervision.refuse_change_of_published();

-- By statement: a bulletin has some ten thousand rows.
CREATE FUNCTION supervision.refuse_change_of_published_items() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT
        FROM supervision.bulletins b
        WHERE b.status = 'published'
            AND EXISTS (SELECT FROM touched t WHERE t.month = b.month))
    THEN
        RAISE EXCEPTION 'a published bulletin does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bulletins_published_is_final';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER bulletin_items_added AFTER INSERT ON supervision.bulletin_items
    REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION supervision.refuse_change_of_published_items();
CREATE TRIGGER bulletin_items_removed AFTER DELETE ON supervision.bulletin_items
    REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION supervision.refuse_change_of_published_items();

-- How many cases are over: kept by one sweep at a time, which follows the feed of changes. Open cases are counted when
-- somebody asks.
CREATE TABLE supervision.tally_progress (
    one           boolean NOT NULL DEFAULT true,
    feed_position bigint  NOT NULL,
    case_id       bigint  NOT NULL,
    seq           int     NOT NULL,
    CONSTRAINT tally_progress_pk PRIMARY KEY (one),
    CONSTRAINT tally_progress_one_row CHECK (one)
);
COMMENT ON TABLE supervision.tally_progress IS 'The last entry of the feed that is in the tallies';
INSERT INTO supervision.tally_progress (feed_position, case_id, seq) VALUES (0, 0, 0);

CREATE TABLE supervision.tallied_cases (
    case_id       bigint NOT NULL,
    registered_on date   NOT NULL,
    unit_id       text   NOT NULL,
    status        text   NOT NULL,
    urgency       text   NOT NULL,
    CONSTRAINT tallied_cases_pk PRIMARY KEY (case_id)
);
COMMENT ON TABLE supervision.tallied_cases IS 'As what each case is counted that may still change; what is archived is counted for good';

CREATE TABLE supervision.tallies (
    registered_on date   NOT NULL,
    unit_id       text   NOT NULL,
    status        text   NOT NULL,
    urgency       text   NOT NULL,
    cases         bigint NOT NULL,
    CONSTRAINT tallies_pk PRIMARY KEY (registered_on, unit_id, status, urgency)
);
COMMENT ON COLUMN supervision.tallies.unit_id IS 'Empty for a case that no unit led';
CREATE TABLE supervision.tally_totals (
    unit_id text   NOT NULL,
    status  text   NOT NULL,
    urgency text   NOT NULL,
    cases   bigint NOT NULL,
    CONSTRAINT tally_totals_pk PRIMARY KEY (unit_id, status, urgency)
);
COMMENT ON TABLE supervision.tally_totals IS 'The tallies of all days together';

-- Where more cases are due than an overview should reckon with: the measures day by day, as a sweep found them.
CREATE TABLE supervision.measured_days (
    day        date        NOT NULL,
    counted_at timestamptz NOT NULL,
    CONSTRAINT measured_days_pk PRIMARY KEY (day)
);
CREATE TABLE supervision.day_measures (
    day     date    NOT NULL,
    measure text    NOT NULL,
    unit_id text    NOT NULL,
    value   numeric NOT NULL,
    cases   bigint  NOT NULL,
    CONSTRAINT day_measures_pk PRIMARY KEY (day, measure, unit_id, value)
);
COMMENT ON TABLE supervision.day_measures IS 'How many cases of a unit brought which value to a measure';

CREATE INDEX follow_ups_by_time ON supervision.follow_ups (recorded_at, case_id);
CREATE INDEX promises_by_settlement ON supervision.promises (settled_at, case_id) WHERE settled_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON supervision.bulletins TO renling_supervision;
GRANT SELECT, INSERT, DELETE ON supervision.bulletin_items TO renling_supervision;
GRANT SELECT, INSERT ON supervision.criticisms TO renling_supervision;
GRANT SELECT, INSERT, UPDATE, DELETE ON supervision.measured_days, supervision.day_measures TO renling_supervision;
GRANT SELECT, UPDATE ON supervision.tally_progress TO renling_supervision;
GRANT SELECT, INSERT, UPDATE, DELETE ON supervision.tallied_cases, supervision.tallies, supervision.tally_totals
    TO renling_supervision;
