-- The steps of the ladder, the marks on them and the explanations to cards are papers of their case too: what was sealed
-- stays. The last two name a step and not the case.
CREATE FUNCTION archive.refuse_change_of_sealed_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT
        FROM supervision.steps s
        JOIN ledger.cases c ON c.case_id = s.case_id
        WHERE s.step_id IN ((to_jsonb(OLD) ->> TG_ARGV[0])::bigint, (to_jsonb(NEW) ->> TG_ARGV[0])::bigint)
            AND c.status = 'archived')
    THEN
        RAISE EXCEPTION 'an archived case does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'archived_is_final';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;

CREATE TRIGGER archived_is_final BEFORE INSERT OR UPDATE OR DELETE ON supervision.steps
    FOR EACH ROW EXECUTE FUNCTION archive.refuse_change_of_sealed();
CREATE TRIGGER archived_is_final BEFORE INSERT OR UPDATE OR DELETE ON supervision.step_marks
    FOR EACH ROW EXECUTE FUNCTION archive.refuse_change_of_sealed_step('step_id');
CREATE TRIGGER archived_is_final BEFORE INSERT OR UPDATE OR DELETE ON supervision.explanations
    FOR EACH ROW EXECUTE FUNCTION archive.refuse_change_of_sealed_step('card_id');
