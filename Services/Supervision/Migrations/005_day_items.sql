-- Under which day each case stands in the measures that are kept by day. A case whose date moves, that is worked on again
-- or asked again, is taken from the one sum and put to the other in one statement: it never counts twice.
CREATE TABLE supervision.day_items (
    case_id bigint  NOT NULL,
    measure text    NOT NULL,
    unit_id text    NOT NULL,
    day     date    NOT NULL,
    value   numeric NOT NULL,
    CONSTRAINT day_items_pk PRIMARY KEY (case_id, measure, unit_id)
);
COMMENT ON TABLE supervision.day_items IS 'What supervision.day_measures is the sum of; as many days back as the policy overview says';
CREATE INDEX day_items_by_day ON supervision.day_items (day, measure, case_id);

-- The bulletin names the rulings of a month, however long after the follow-up they came.
CREATE INDEX follow_ups_not_accepted ON supervision.follow_ups (recorded_at, case_id)
    WHERE satisfaction = 'dissatisfied' OR false_completion;

GRANT SELECT, INSERT, UPDATE, DELETE ON supervision.day_items TO renling_supervision;
