import Postgres

/// A year and a half of closed cases, some open ones, and papers, for what PostgreSQL plans; copies of cases that are there.
enum PlansLedger {
    static func isLarge(_ table: String) -> Bool {
        table.contains(/_20\d\d$/)
            || ["promises", "rulings", "returns", "steps", "identity_log", "waiting", "lit_cases"].contains(table)
    }

    static func fill(_ db: Connection) throws {
        try db.script("SET session_replication_role = replica")
        try db.script(
            """
            SELECT ledger.make_year('2025-01-01'), ledger.make_year('2026-01-01');
            INSERT INTO ledger.cases
            SELECT (jsonb_populate_record(c, jsonb_build_object('case_id', month.base + 500000 + i, 'external_id', 'x' || i,
                'lead_unit_id', 'unit-' || i % 65, 'channel', 'c' || i % 13, 'category', 'k' || i % 55,
                'division_code', 'd' || i % 13, 'status', CASE WHEN i % 20 = 0 THEN 'declined' ELSE 'closed' END,
                'urgency', CASE WHEN i % 50 = 0 THEN 'critical' WHEN i % 12 = 0 THEN 'important' ELSE 'ordinary' END,
                'co_unit_ids', CASE WHEN i % 10 = 0 THEN jsonb_build_array('unit-' || i % 64) ELSE '[]' END,
                'due_at', NULL, 'warn_at', NULL, 'look_at', NULL, 'lapses_at', NULL,
                'registered_at', month.start + make_interval(mins => i * 36)))).*
            FROM ledger.cases c
            CROSS JOIN (SELECT '2025-01-01'::timestamptz + make_interval(months => m) AS start,
                to_char('2025-01-01'::date + make_interval(months => m), 'YYYYMM')::bigint * 1000000000 AS base
                FROM generate_series(0, 17) AS m) AS month
            CROSS JOIN generate_series(1, 1000) AS i
            WHERE c.case_id = (SELECT min(case_id) FROM ledger.cases WHERE status = 'closed');
            INSERT INTO ledger.cases
            SELECT (jsonb_populate_record(c, jsonb_build_object('case_id', 202606000100000 + i, 'external_id', 'o' || i,
                'lead_unit_id', 'unit-' || i % 65, 'channel', 'c' || i % 13, 'category', 'k' || i % 55,
                'division_code', 'd' || i % 13,
                'status', (ARRAY['dispatched', 'claimed', 'claimed', 'awaitingPetitioner', 'reported', 'approved', 'replied'])[1 + i % 7],
                'due_at', c.due_at + make_interval(hours => i % 90), 'warn_at', c.due_at - make_interval(hours => i % 90),
                'look_at', c.due_at + make_interval(hours => i % 50), 'lapses_at', c.due_at + make_interval(hours => i % 40)))).*
            FROM ledger.cases c
            CROSS JOIN generate_series(1, 400) AS i
            WHERE c.case_id = (SELECT min(case_id) FROM ledger.cases WHERE status = 'claimed');
            INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, action, status_to, holder, note_is_public,
                channel, feed_kind, feed_position)
            SELECT case_id, seq, registered_at, 'source', 0, 'register', status, 'archive', false, channel,
                CASE WHEN seq < 3 THEN 'status' END, 2 + (row_number() OVER (ORDER BY case_id, seq)) / 100
            FROM ledger.cases
            CROSS JOIN generate_series(1, 3) AS seq
            WHERE external_id ~ '^[xo][0-9]+$';
            INSERT INTO supervision.lit_cases (case_id, unit_id, status, urgency, lamp, changes_at)
            SELECT case_id + i * 1000, 'unit-' || i % 65, status, urgency, 'green', now() + make_interval(hours => i)
            FROM ledger.cases
            CROSS JOIN generate_series(1, 20) AS i
            WHERE external_id ~ '^o';
            INSERT INTO archive.waiting (case_id, sealable_after)
            SELECT case_id, registered_at + interval '2 years'
            FROM ledger.cases
            WHERE external_id ~ '^x';
            INSERT INTO supervision.promises (case_id, seq, result_seq, ordinal, unit_id, commitment, due_on, status, opened_at)
            SELECT case_id, 5, 4, 1, lead_unit_id, '年底前完成', registered_at::date, 'open', registered_at
            FROM ledger.cases
            WHERE external_id ~ '^x';
            INSERT INTO supervision.steps (case_id, round, stage, step, started_at, ordinal, holder, unit_id, due_at, taken_at)
            SELECT case_id, 1, 'result', 'warning', registered_at, 0, 'leadUnit', lead_unit_id, registered_at, registered_at
            FROM ledger.cases
            WHERE external_id ~ '^x';
            INSERT INTO assignment.returns (case_id, seq, unit_id, ground, duty_clause, is_adjudication, requested_at)
            SELECT case_id, 3, lead_unit_id, 'g', 'd', false, registered_at
            FROM ledger.cases
            WHERE external_id ~ '^x';
            INSERT INTO assignment.rulings (case_id, seq, return_seq, unit_id, kind, decision, ground, ruled_at)
            SELECT case_id, 4, 3, lead_unit_id, 'ruling', 'deny', 'g', registered_at
            FROM ledger.cases
            WHERE external_id ~ '^x';
            INSERT INTO intake.identity_log (case_id, client_id, role, purpose, revealed_at)
            SELECT case_id, 1, 'registrar', 'contact', registered_at
            FROM ledger.cases
            WHERE external_id ~ '^x';
            ANALYZE
            """)
    }
}
