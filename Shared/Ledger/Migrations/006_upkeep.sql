-- What must happen from time to time so that the ledger goes on for years: partitions ahead, and an end for what has one.

-- Makes the partitions of the present month and of those after it, and drops inbox partitions that no redelivery can
-- need: older than 180 days, and than every row of the outbox, dead ones included. One caller at a time; another one
-- returns at once. A service may call it and owns nothing.
CREATE FUNCTION ledger.keep_up(months int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Shanghai' AS $$
DECLARE
    month     date;
    partition record;
    oldest    timestamptz := least(now() - interval '180 days', (SELECT min(created_at) FROM ledger.outbox));
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('renling upkeep')) THEN
        RETURN;
    END IF;
    FOR month IN SELECT date_trunc('month', now())::date + make_interval(months => ahead) FROM generate_series(0, months - 1) AS ahead LOOP
        PERFORM ledger.make_year(month);
        PERFORM ledger.make_inbox_month(month);
    END LOOP;
    FOR partition IN
        SELECT c.relname, to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' AS ends
        FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'ledger.inbox'::regclass AND c.relname ~ '^inbox_[0-9]{6}$'
    LOOP
        -- A message id's time is its sender's, which may be off a little.
        IF partition.ends + interval '2 days' < oldest THEN
            EXECUTE format('DROP TABLE ledger.%I', partition.relname);
        END IF;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION ledger.keep_up FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.keep_up TO renling_service;
