-- What all services look things up in: channels, categories, divisions, units, calendar, policies, clients.

CREATE TABLE ledger.divisions (
    code   text NOT NULL,
    name   text NOT NULL,
    parent text,
    CONSTRAINT divisions_pk PRIMARY KEY (code),
    CONSTRAINT divisions_parent_fk FOREIGN KEY (parent) REFERENCES ledger.divisions (code)
);

CREATE TABLE ledger.units (
    unit_id          text   NOT NULL,
    name             text   NOT NULL,
    level            text   NOT NULL,
    parent_id        text,
    line_parent_id   text,
    head             text   NOT NULL,
    deputy_in_charge text   NOT NULL,
    liaison_name     text   NOT NULL,
    liaison_phone    text   NOT NULL,
    division_code    text,
    duties           text[] NOT NULL DEFAULT '{}',
    abolished_on     date,
    successor_id     text,
    path             text[] NOT NULL,
    CONSTRAINT units_pk PRIMARY KEY (unit_id),
    CONSTRAINT units_level_known CHECK (level IN ('city', 'county', 'township')),
    CONSTRAINT units_parent_fk FOREIGN KEY (parent_id) REFERENCES ledger.units (unit_id),
    CONSTRAINT units_line_parent_fk FOREIGN KEY (line_parent_id) REFERENCES ledger.units (unit_id),
    CONSTRAINT units_successor_fk FOREIGN KEY (successor_id) REFERENCES ledger.units (unit_id),
    CONSTRAINT units_division_fk FOREIGN KEY (division_code) REFERENCES ledger.divisions (code),
    CONSTRAINT units_path_ends_here CHECK (path[cardinality(path)] = unit_id)
);
COMMENT ON COLUMN ledger.units.path IS 'unit_id of every unit above (块), the topmost first, and its own last';
CREATE INDEX units_path ON ledger.units USING gin (path);
CREATE INDEX units_line ON ledger.units (line_parent_id) WHERE line_parent_id IS NOT NULL;

CREATE TABLE ledger.channels (
    code          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL,
    owner_unit_id text,
    CONSTRAINT channels_pk PRIMARY KEY (code),
    CONSTRAINT channels_owner_fk FOREIGN KEY (owner_unit_id) REFERENCES ledger.units (unit_id)
);

CREATE TABLE ledger.categories (
    code   text NOT NULL,
    name   text NOT NULL,
    parent text,
    CONSTRAINT categories_pk PRIMARY KEY (code),
    CONSTRAINT categories_parent_fk FOREIGN KEY (parent) REFERENCES ledger.categories (code)
);

CREATE TABLE ledger.calendar_years (
    version  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    year     int         NOT NULL,
    off      date[]      NOT NULL,
    work     date[]      NOT NULL,
    source   text        NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calendar_years_pk PRIMARY KEY (version)
);
COMMENT ON TABLE ledger.calendar_years IS
    'Published holidays and make-up days. Version n of the calendar is, for each year, its last row with version <= n';

CREATE TABLE ledger.policies (
    name           text        NOT NULL,
    effective_from date        NOT NULL,
    value          jsonb       NOT NULL,
    saved_at       timestamptz NOT NULL DEFAULT now(),
    counts_from    timestamptz,
    policy_id      bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT policies_pk PRIMARY KEY (policy_id)
);
COMMENT ON TABLE ledger.policies IS
    'Every number that a rule counts with, from the day it takes effect. Rows are only added: of those with one day the last
     saved counts. Terms: 7wd is working days, 108h hours';
COMMENT ON COLUMN ledger.policies.counts_from IS 'Where it was saved on its first day, that moment; NULL: from the start of the day';
CREATE INDEX policies_by_name ON ledger.policies (name, effective_from, policy_id);

INSERT INTO ledger.policies (name, effective_from, value)
VALUES
    ('clocks', '2000-01-01', '{
        "warningPercent": 20,
        "ordinary":  {"registration": "1wd", "returning": "1wd", "claim": "1wd", "result": "7wd", "rework": "3wd",
                      "review": "2wd", "publication": "1wd", "followUp": "10wd", "ruling": "5wd",
                      "petitioner": "5wd", "objection": "2wd"},
        "important": {"registration": "1wd", "returning": "1wd", "claim": "1wd", "result": "3wd", "rework": "2wd",
                      "review": "2wd", "publication": "1wd", "followUp": "10wd", "ruling": "5wd",
                      "petitioner": "5wd", "objection": "2wd"},
        "critical":  {"registration": "1h", "returning": "4h", "claim": "24h", "opinion": "96h", "result": "108h",
                      "rework": "24h", "review": "6h", "publication": "6h", "followUp": "72h", "ruling": "5wd",
                      "petitioner": "12h", "objection": "12h"}
    }'),
    ('limits', '2000-01-01', '{
        "reopenDays": 30, "unreachableMax": 3, "dissatisfiedMax": 2, "trackFailuresMax": 10, "trackWindowMinutes": 15,
        "returnsMax": 2, "extensionsMax": 2, "questionsMax": 2, "clusterRaisesAt": 5, "recallDays": 30,
        "recurrenceDays": 90, "repeatUrgesAfterHours": 24
    }'),
    ('letters', '2000-01-01', '{"prefix": "网问交"}'),
    ('ladder', '2000-01-01', '{
        "noticeDays": 1, "letterDays": 5, "interviewDays": 10, "accountabilityDays": 15, "explanationDays": 5,
        "paperHour": 9
    }');

CREATE TABLE ledger.clients (
    client_id       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    name            text        NOT NULL,
    role            text        NOT NULL,
    token_sha256    bytea       NOT NULL,
    unit_id         text,
    channels        text[]      NOT NULL DEFAULT '{}',
    division_code   text,
    rate_per_second int,
    created_at      timestamptz NOT NULL DEFAULT now(),
    revoked_at      timestamptz,
    CONSTRAINT clients_pk PRIMARY KEY (client_id),
    CONSTRAINT clients_name_once UNIQUE (name),
    CONSTRAINT clients_token_once UNIQUE (token_sha256),
    CONSTRAINT clients_token_is_sha256 CHECK (octet_length(token_sha256) = 32),
    CONSTRAINT clients_role_known CHECK (role IN ('source', 'registrar', 'office', 'unit', 'leader', 'supervisor',
        'auditor', 'observer', 'admin', 'service')),
    CONSTRAINT clients_unit_iff_unit CHECK ((role = 'unit') = (unit_id IS NOT NULL)),
    CONSTRAINT clients_unit_fk FOREIGN KEY (unit_id) REFERENCES ledger.units (unit_id),
    CONSTRAINT clients_division_fk FOREIGN KEY (division_code) REFERENCES ledger.divisions (code)
);
COMMENT ON COLUMN ledger.clients.token_sha256 IS 'SHA-256 of the bearer token; the token itself is kept nowhere';
COMMENT ON COLUMN ledger.clients.division_code IS 'A leader''s territory with all divisions beneath it; NULL is the whole city';

CREATE TABLE ledger.read_log (
    read_id     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    client_id   bigint      NOT NULL,
    method      text        NOT NULL,
    case_number text,
    read_at     timestamptz NOT NULL,
    CONSTRAINT read_log_pk PRIMARY KEY (read_id)
);
COMMENT ON TABLE ledger.read_log IS 'What the auditor read: its own reading is logged too';

GRANT SELECT ON ledger.divisions, ledger.units, ledger.channels, ledger.categories, ledger.calendar_years,
    ledger.policies, ledger.clients TO renling_service;
GRANT INSERT ON ledger.read_log TO renling_service;
GRANT INSERT, UPDATE ON ledger.channels, ledger.categories TO renling_intake;
GRANT INSERT, UPDATE ON ledger.units TO renling_assignment;
GRANT INSERT ON ledger.calendar_years, ledger.policies TO renling_supervision;
