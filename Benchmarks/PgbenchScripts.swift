/// The two scripts. Both write what `intake.register` writes with a petitioner and an idempotency key: a row each in
/// `natural_keys`, `cases`, `timeline`, `clock_facts`, `petitioners` and `idempotency_keys`, and two in `matters`.
extension Pgbench.Script {
    var text: String {
        switch self {
        case .statement: Self.numbering + Self.oneStatement
        case .transaction: Self.numbering + Self.oneTransaction
        }
    }

    /// A number of eight digits that no other client of the run has.
    private static let numbering = """
        \\set n :n + 1
        \\set number 10000000 + :client_id * 1000000 + :n

        """

    private static let oneStatement = """
        WITH number AS (
            SELECT :month::bigint * 1000000000 + nextval('ledger.case_running') AS id,
                concat(:run::text, '-', :number::text) AS name
        ), key AS (
            INSERT INTO ledger.idempotency_keys (client_id, key, method, digest, response, expires_at)
            SELECT :client::bigint, 'c:' || name, 'intake.register', sha256(name::bytea), :response,
                now() + make_interval(days => 90)
            FROM number
        ), message AS (
            INSERT INTO ledger.natural_keys (channel, external_id, case_id, text_digest)
            SELECT :channel, name, id, sha256(name::bytea)
            FROM number
        ), entry AS (
            INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, action, status_to, holder, note_is_public,
                channel, feed_kind, feed_position)
            SELECT id, 1, now(), 'source', :client::bigint, 'register', 'registered', 'registry', false, :channel,
                'status', pg_current_xact_id()::text::bigint
            FROM number
        ), fact AS (
            INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version)
            SELECT id, 1, 1, 'start', 'registration', now(), 'ordinary', :calendar::bigint
            FROM number
        ), petitioner AS (
            INSERT INTO intake.petitioners (case_id, sealed, phone_index)
            SELECT id, :sealed::bytea, sha256(name::bytea)
            FROM number
        ), matter AS (
            INSERT INTO intake.matters (digest, case_id)
            SELECT sha256(concat(name, ' ', place)::bytea), id
            FROM number
            CROSS JOIN generate_series(1, 2) AS place
        )
        INSERT INTO ledger.cases (\(columns))
        SELECT id, name, \(values)
        FROM number;
        """

    private static let oneTransaction = """
        BEGIN;
        INSERT INTO ledger.idempotency_keys (client_id, key, method, digest, response, expires_at)
        VALUES (:client::bigint, concat('c:', :run::text, '-', :number::text), 'intake.register',
            sha256(concat(:run::text, '-', :number::text)::bytea), :response, now() + make_interval(days => 90));
        INSERT INTO ledger.natural_keys (channel, external_id, case_id, text_digest)
        VALUES (:channel, concat(:run::text, '-', :number::text),
            :month::bigint * 1000000000 + nextval('ledger.case_running'),
            sha256(concat(:run::text, '-', :number::text)::bytea))
        RETURNING case_id, external_id AS name \\gset
        INSERT INTO ledger.cases (\(columns))
        VALUES (:case_id::bigint, :name, \(values));
        INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, action, status_to, holder, note_is_public,
            channel, feed_kind, feed_position)
        VALUES (:case_id::bigint, 1, now(), 'source', :client::bigint, 'register', 'registered', 'registry', false,
            :channel, 'status', pg_current_xact_id()::text::bigint);
        INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version)
        VALUES (:case_id::bigint, 1, 1, 'start', 'registration', now(), 'ordinary', :calendar::bigint);
        INSERT INTO intake.petitioners (case_id, sealed, phone_index)
        VALUES (:case_id::bigint, :sealed::bytea, sha256(:name::text::bytea));
        INSERT INTO intake.matters (digest, case_id)
        VALUES (sha256(concat(:name::text, ' 1')::bytea), :case_id::bigint),
            (sha256(concat(:name::text, ' 2')::bytea), :case_id::bigint);
        COMMIT;
        """

    private static let columns = """
        case_id, external_id, version, status, round, channel, type, title, body, urgency, about, confidential, open,
            alias, registered_at, is_classified, is_decline_proposed, co_orders, co_unit_ids, has_conflict_ground,
            has_unseen_supplement, dissatisfied_count, unreachable_count, was_reopened_by_rating, holder, clocks,
            due_at, warn_at, look_at, former_lead_ids, proceedings, emitted, feed_position, changed_at
        """

    private static let values = """
        1, 'registered', 1, :channel, 'help', :title, :body, 'ordinary', '{}', false, true,
            :alias, now(), false, false, '[]', '{}', false,
            false, 0, 0, false, 'registry', :clocks::jsonb,
            :due_at::timestamptz, :warn_at::timestamptz, :warn_at::timestamptz, '{}', :proceedings::jsonb, '{}',
            pg_current_xact_id()::text::bigint, now()
        """
}
