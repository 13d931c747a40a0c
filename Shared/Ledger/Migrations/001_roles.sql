-- One database role per program. None owns anything, none may create anything; what each may touch is granted table by
-- table. They are cluster-wide, so several databases of one cluster share them. Passwords are set by `renling migrate`.
DO $$
DECLARE
    role_name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('renling roles'));
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'renling_service') THEN
        CREATE ROLE renling_service NOLOGIN;
    END IF;
    FOREACH role_name IN ARRAY ARRAY[
        'renling_gateway', 'renling_intake', 'renling_assignment', 'renling_handling', 'renling_supervision',
        'renling_archive']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
            IF role_name <> 'renling_gateway' THEN
                EXECUTE format('GRANT renling_service TO %I', role_name);
            END IF;
            EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', role_name, '2s');
            EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', role_name, '10s');
            EXECUTE format('ALTER ROLE %I SET timezone = %L', role_name, 'Asia/Shanghai');
        END IF;
    END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS ledger;
GRANT USAGE ON SCHEMA ledger TO renling_service, renling_gateway;
