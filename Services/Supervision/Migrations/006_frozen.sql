-- What is published is frozen for everybody, the owner of the database among them: its items as well as whom it criticises.
CREATE TRIGGER bulletin_items_changed AFTER UPDATE ON supervision.bulletin_items
    REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION supervision.refuse_change_of_published_items();

CREATE FUNCTION supervision.refuse_change_of_criticism() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM supervision.bulletins WHERE month IN (OLD.month, NEW.month) AND status = 'published') THEN
        RAISE EXCEPTION 'a published bulletin does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bulletins_published_is_final';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER criticisms_published_are_final BEFORE INSERT OR UPDATE OR DELETE ON supervision.criticisms
    FOR EACH ROW EXECUTE FUNCTION supervision.refuse_change_of_criticism();

CREATE TRIGGER bulletins_are_not_emptied BEFORE TRUNCATE ON supervision.bulletins
    FOR EACH STATEMENT EXECUTE FUNCTION supervision.refuse_change_of_published();
CREATE TRIGGER bulletin_items_are_not_emptied BEFORE TRUNCATE ON supervision.bulletin_items
    FOR EACH STATEMENT EXECUTE FUNCTION supervision.refuse_change_of_published();
CREATE TRIGGER criticisms_are_not_emptied BEFORE TRUNCATE ON supervision.criticisms
    FOR EACH STATEMENT EXECUTE FUNCTION supervision.refuse_change_of_published();
