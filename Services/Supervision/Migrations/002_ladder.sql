-- The ladder (督办): which steps were taken against whom, which of them a later change made wrong, and what units said for
-- themselves. Rows are only added.
CREATE TABLE supervision.steps (
    step_id    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    case_id    bigint      NOT NULL,
    round      int         NOT NULL,
    stage      text        NOT NULL,
    step       text        NOT NULL,
    started_at timestamptz NOT NULL,
    ordinal    int         NOT NULL,
    holder     text        NOT NULL,
    unit_id    text,
    addressee  text,
    due_at     timestamptz NOT NULL,
    taken_at   timestamptz NOT NULL,
    card       text,
    explain_by timestamptz,
    CONSTRAINT steps_pk PRIMARY KEY (step_id),
    CONSTRAINT steps_once UNIQUE (case_id, round, stage, step, started_at, ordinal),
    CONSTRAINT steps_step_known CHECK (step IN ('warning', 'urge', 'notice', 'supervisionLetter', 'interview',
        'accountability', 'claimLapsed', 'secondExtension', 'secondDissatisfied')),
    CONSTRAINT steps_card_known CHECK (card IN ('blue', 'yellow', 'red')),
    CONSTRAINT steps_card_asks_a_unit CHECK ((card IS NULL) = (explain_by IS NULL) AND (card IS NULL OR unit_id IS NOT NULL)),
    CONSTRAINT steps_unit_iff_its_clock CHECK ((holder = 'leadUnit') = (unit_id IS NOT NULL))
);
COMMENT ON COLUMN supervision.steps.started_at IS 'When the clock started whose step it is: a clock that starts anew has its own steps';
COMMENT ON COLUMN supervision.steps.ordinal IS '0, and one more each time that the step before was found wrong';
COMMENT ON COLUMN supervision.steps.unit_id IS 'The lead unit at that moment; NULL where a desk is meant';
COMMENT ON COLUMN supervision.steps.addressee IS 'The official the paper goes to: the deputy in charge (notice), the head (what follows)';
COMMENT ON COLUMN supervision.steps.due_at IS 'The due date by which the step was taken';
COMMENT ON COLUMN supervision.steps.explain_by IS 'Until then the unit owes an explanation for the card';
CREATE INDEX steps_newest ON supervision.steps (taken_at, step_id);
CREATE INDEX steps_by_unit ON supervision.steps (unit_id, taken_at, step_id) WHERE unit_id IS NOT NULL;
CREATE INDEX steps_by_step ON supervision.steps (step, taken_at, step_id);
CREATE INDEX steps_by_card ON supervision.steps (card, taken_at, step_id) WHERE card IS NOT NULL;

CREATE TABLE supervision.step_marks (
    step_id   bigint      NOT NULL,
    due_at    timestamptz NOT NULL,
    marked_at timestamptz NOT NULL,
    CONSTRAINT step_marks_pk PRIMARY KEY (step_id),
    CONSTRAINT step_marks_of_a_step FOREIGN KEY (step_id) REFERENCES supervision.steps (step_id)
);
COMMENT ON TABLE supervision.step_marks IS
    'Steps that an extension or a changed calendar made wrong: they stay on file and count in nothing';
COMMENT ON COLUMN supervision.step_marks.due_at IS 'The due date that made it wrong';

CREATE TABLE supervision.explanations (
    explanation_id bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    unit_id        text        NOT NULL,
    card_id        bigint,
    month          text,
    text           text        NOT NULL,
    person         jsonb,
    filed_at       timestamptz NOT NULL,
    CONSTRAINT explanations_pk PRIMARY KEY (explanation_id),
    CONSTRAINT explanations_for_card_or_month CHECK ((card_id IS NULL) <> (month IS NULL)),
    CONSTRAINT explanations_of_a_card FOREIGN KEY (card_id) REFERENCES supervision.steps (step_id),
    CONSTRAINT explanations_card_once UNIQUE (card_id),
    CONSTRAINT explanations_month_once UNIQUE (month, unit_id)
);
COMMENT ON TABLE supervision.explanations IS '情况说明: what a unit answers to a card, or to the bulletin of a month that criticises it';
COMMENT ON COLUMN supervision.explanations.month IS 'Of the bulletin, such as 2026-03';

GRANT SELECT, INSERT ON supervision.steps, supervision.step_marks, supervision.explanations TO renling_supervision;
