-- The catalogue of the sealed files, the roots that chain their days, what was exported; and what keeps an archived case
-- as it was sealed.

CREATE TABLE archive.catalogue (
    position      bigint      NOT NULL,
    case_id       bigint      NOT NULL,
    day           date        NOT NULL,
    sha256        bytea       NOT NULL,
    bytes         int         NOT NULL,
    retention     text        NOT NULL,
    keep_until    date,
    type          text        NOT NULL,
    urgency       text        NOT NULL,
    outcome       text        NOT NULL,
    category      text,
    division_code text,
    lead_unit_id  text,
    co_unit_ids   text[]      NOT NULL,
    is_withheld   boolean     NOT NULL,
    CONSTRAINT catalogue_pk PRIMARY KEY (position),
    CONSTRAINT catalogue_case_once UNIQUE (case_id),
    CONSTRAINT catalogue_digest_is_sha256 CHECK (octet_length(sha256) = 32),
    CONSTRAINT catalogue_retention_known CHECK (retention = 'permanent' OR retention ~ '^[0-9]{1,3}y$'),
    CONSTRAINT catalogue_kept_for_good_or_until CHECK ((retention = 'permanent') = (keep_until IS NULL))
);
COMMENT ON TABLE archive.catalogue IS 'A line for each sealed file, in the order of sealing: the leaves of the days'' trees';
COMMENT ON COLUMN archive.catalogue.sha256 IS 'Of the document, as it was when it was sealed';
COMMENT ON COLUMN archive.catalogue.bytes IS 'Of the document''s UTF-8';
COMMENT ON COLUMN archive.catalogue.keep_until IS 'The last day of the term, which is counted in whole years after the year of sealing';
COMMENT ON COLUMN archive.catalogue.is_withheld IS 'A report or a confidential case: units do not read the file';
CREATE INDEX catalogue_by_day ON archive.catalogue (day, position);
CREATE INDEX catalogue_by_category ON archive.catalogue (category, position) WHERE category IS NOT NULL;
CREATE INDEX catalogue_by_division ON archive.catalogue (division_code, position) WHERE division_code IS NOT NULL;
CREATE INDEX catalogue_by_lead ON archive.catalogue (lead_unit_id, position) WHERE lead_unit_id IS NOT NULL;
CREATE INDEX catalogue_by_co_unit ON archive.catalogue USING gin (co_unit_ids) WHERE co_unit_ids <> '{}';
CREATE INDEX catalogue_by_retention ON archive.catalogue (retention, position);
CREATE INDEX catalogue_by_urgency ON archive.catalogue (urgency, position);

-- Days without a file have no row: their root follows from the day before.
CREATE TABLE archive.roots (
    day            date        NOT NULL,
    previous_root  bytea       NOT NULL,
    root           bytea       NOT NULL,
    files          bigint      NOT NULL,
    first_position bigint      NOT NULL,
    last_position  bigint      NOT NULL,
    kept_at        timestamptz NOT NULL,
    CONSTRAINT roots_pk PRIMARY KEY (day),
    CONSTRAINT roots_are_sha256 CHECK (octet_length(root) = 32 AND octet_length(previous_root) = 32),
    CONSTRAINT roots_count_positions CHECK (files = last_position - first_position + 1 AND files >= 1)
);
COMMENT ON TABLE archive.roots IS 'RFC 6962 roots of the days that are over: the first leaf is the root of the day before, the others the day''s digests';

CREATE VIEW archive.printed_roots WITH (security_invoker = true) AS
    SELECT day, root, files FROM archive.roots;

CREATE TABLE archive.exports (
    export_id      uuid        NOT NULL DEFAULT gen_random_uuid(),
    day_from       date        NOT NULL,
    day_to         date        NOT NULL,
    files          bigint      NOT NULL,
    bytes          bigint      NOT NULL,
    sha256         bytea       NOT NULL,
    client_id      bigint      NOT NULL,
    person         jsonb,
    made_at        timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    dropped_at     timestamptz,
    CONSTRAINT exports_pk PRIMARY KEY (export_id),
    CONSTRAINT exports_digest_is_sha256 CHECK (octet_length(sha256) = 32)
);
COMMENT ON TABLE archive.exports IS 'Who took which days out of the archive, for good; the parts can be fetched until they are dropped';
CREATE INDEX exports_to_drop ON archive.exports (expires_at) WHERE dropped_at IS NULL;
CREATE INDEX exports_by_time ON archive.exports (made_at) WHERE dropped_at IS NULL;

CREATE TABLE archive.export_parts (
    export_id      uuid   NOT NULL,
    first_byte     bigint NOT NULL,
    bytes          bigint NOT NULL,
    kind           text   NOT NULL,
    first_position bigint,
    last_position  bigint,
    content        bytea,
    CONSTRAINT export_parts_pk PRIMARY KEY (export_id, first_byte),
    CONSTRAINT export_parts_export_fk FOREIGN KEY (export_id) REFERENCES archive.exports (export_id),
    CONSTRAINT export_parts_kind_known CHECK (kind IN ('kept', 'leaves', 'sums', 'documents')),
    CONSTRAINT export_parts_kept_or_made CHECK ((kind = 'kept') = (content IS NOT NULL)
        AND (kind = 'kept') = (first_position IS NULL) AND (kind = 'kept') = (last_position IS NULL))
);
COMMENT ON TABLE archive.export_parts IS 'The plan of a package: what is kept here, and what is made anew from the files of these positions';

INSERT INTO ledger.policies (name, effective_from, value)
VALUES ('retention', '2000-01-01', '{"ordinary": "10y", "important": "30y", "critical": "permanent"}');

-- What was sealed stays: no paper of an archived case is added, changed or taken away, whoever asks for it.
CREATE FUNCTION archive.refuse_change_of_sealed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger.cases WHERE case_id IN (OLD.case_id, NEW.case_id) AND status = 'archived') THEN
        RAISE EXCEPTION 'an archived case does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'archived_is_final';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;

-- The entry of the sealing itself comes just after the status; it is the last one.
CREATE FUNCTION archive.refuse_entry_of_sealed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger.cases WHERE case_id = NEW.case_id AND status = 'archived' AND version <> NEW.seq) THEN
        RAISE EXCEPTION 'an archived case does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'archived_is_final';
    END IF;
    RETURN NEW;
END
$$;

DO $$
DECLARE
    paper text;
BEGIN
    FOREACH paper IN ARRAY ARRAY[
        'intake.petitioners', 'intake.filings', 'intake.supplements', 'intake.declines',
        'assignment.letters', 'assignment.claims', 'assignment.instructions', 'assignment.responsibles',
        'assignment.returns', 'assignment.rulings', 'assignment.reassignments', 'assignment.extensions',
        'assignment.extension_decisions', 'assignment.urgency_changes',
        'handling.results', 'handling.co_results', 'handling.reviews', 'handling.publications',
        'supervision.follow_ups', 'supervision.exclusions', 'supervision.accountabilities', 'supervision.promises']
    LOOP
        EXECUTE format('CREATE TRIGGER archived_is_final BEFORE INSERT OR UPDATE OR DELETE ON %s
            FOR EACH ROW EXECUTE FUNCTION archive.refuse_change_of_sealed()', paper);
    END LOOP;
    -- What a registration writes first can belong to no sealed case, which has it already.
    CREATE TRIGGER archived_is_final BEFORE UPDATE OR DELETE ON ledger.clock_facts
        FOR EACH ROW EXECUTE FUNCTION archive.refuse_change_of_sealed();
    CREATE TRIGGER archived_gets_no_fact BEFORE INSERT ON ledger.clock_facts
        FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION archive.refuse_change_of_sealed();
    CREATE TRIGGER archived_is_final BEFORE UPDATE OR DELETE ON ledger.timeline
        FOR EACH ROW EXECUTE FUNCTION archive.refuse_change_of_sealed();
    CREATE TRIGGER archived_gets_no_entry BEFORE INSERT ON ledger.timeline
        FOR EACH ROW WHEN (NEW.seq > 1) EXECUTE FUNCTION archive.refuse_entry_of_sealed();
END
$$;

GRANT SELECT, INSERT ON archive.catalogue, archive.roots TO renling_archive;
GRANT SELECT, INSERT, UPDATE ON archive.exports TO renling_archive;
GRANT SELECT, INSERT, DELETE ON archive.export_parts TO renling_archive;
-- The bulletin prints the roots.
GRANT SELECT ON archive.printed_roots, archive.roots TO renling_supervision;
