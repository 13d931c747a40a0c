/// Three months of 5,000 cases each, drawn from a seed in the database: what becomes of each, and when. With pauses,
/// extensions, sendings back, second rounds, merged cases, returns, reassignments, withdrawals, promises and exclusions.
enum GeneratedLives {
    static let lives = #"""
        SELECT ledger.make_year('2026-01-01');
        CREATE FUNCTION pg_temp.rnd(i int, salt text) RETURNS double precision LANGUAGE sql IMMUTABLE AS
            $$ SELECT (hashtextextended(i || salt, 20260101) & 1048575)::double precision / 1048576 $$;
        INSERT INTO ledger.units (unit_id, name, level, head, deputy_in_charge, liaison_name, liaison_phone, path)
        SELECT id, '单位' || id, level, '甲', '乙', '丙', '0799-1', ARRAY[id]
        FROM (
            SELECT level || n AS id, level FROM generate_series(1, 8) n, unnest(ARRAY['county', 'city', 'township']) level
        ) u;
        CREATE TEMP TABLE life AS
        SELECT i, 202600000000000 + m * 1000000000::bigint + i AS id, registered_at, d1, d1 + interval '7 hours' AS claimed_at,
            CASE WHEN i % 20 = 1 THEN 0.99 ELSE pg_temp.rnd(i, 'fate') END AS fate,
            CASE WHEN pg_temp.rnd(i, 'size') < 0.02 THEN 'township8' ELSE
                (ARRAY['county', 'city', 'township'])[1 + i % 3] || (1 + floor(pg_temp.rnd(i, 'unit') * pg_temp.rnd(i, 'unit2') * 7)::int) END AS u1,
            (ARRAY['county', 'city', 'township'])[1 + (i + 1) % 3] || (1 + floor(pg_temp.rnd(i, 'unit3') * 7)::int) AS u2,
            (ARRAY['ordinary', 'ordinary', 'ordinary', 'important', 'critical'])[1 + floor(pg_temp.rnd(i, 'urgency') * 5)::int] AS urgency,
            (ARRAY['consultation', 'help', 'complaint', 'report', 'suggestion', 'praise'])[1 + floor(pg_temp.rnd(i, 'type') * 6)::int] AS type,
            pg_temp.rnd(i, 'return') AS ret, pg_temp.rnd(i, 'extend') AS ext, pg_temp.rnd(i, 'pause') AS pause, pg_temp.rnd(i, 'late') AS late,
            pg_temp.rnd(i, 'back') AS back, pg_temp.rnd(i, 'no') AS no, pg_temp.rnd(i, 'close') AS way, pg_temp.rnd(i, 'resolved') AS res,
            pg_temp.rnd(i, 'promise') AS promise, pg_temp.rnd(i, 'claim') AS claim, pg_temp.rnd(i, 'x') AS x, pg_temp.rnd(i, 'y') AS y,
            CASE WHEN i % 20 <> 1 AND pg_temp.rnd(i, 'fate') BETWEEN 0.10 AND 0.20
                THEN 202600000000000 + m * 1000000000::bigint + (i - 1) / 20 * 20 + 1 END AS master,
            CASE WHEN i > 400 AND pg_temp.rnd(i, 'related') < 0.05
                THEN 202600000000000 + ((i - 301) / 5000 + 1) * 1000000000::bigint + i - 300 END AS related
        FROM (
            SELECT i, m, registered_at, registered_at + interval '9 hours' AS d1
            FROM (
                SELECT i, (i - 1) / 5000 + 1 AS m,
                    make_timestamptz(2026, (i - 1) / 5000 + 1, 1, 0, 0, 0, 'Asia/Shanghai')
                        + make_interval(secs => floor(pg_temp.rnd(i, 'at') * 27 * 86400)) AS registered_at
                FROM generate_series(1, 15000) i
            ) a
        ) b, LATERAL (SELECT) c;
        -- What became of each: the outline.
        CREATE TEMP TABLE plan AS
        SELECT l.*,
            fate < 0.04 AS declined, fate >= 0.04 AND fate < 0.06 AS withdrawn_early, fate >= 0.06 AND fate < 0.08 AS withdrawn,
            fate >= 0.08 AND fate < 0.10 AS waiting, master IS NOT NULL AS merged,
            master IS NOT NULL AND x < 0.5 AS merged_from_unit,
            fate >= 0.20 AND fate < 0.24 AS unfiled, fate >= 0.24 AND fate < 0.26 AS reported, fate >= 0.26 AND fate < 0.28 AS approved,
            fate >= 0.28 AND fate < 0.32 AS replied, fate >= 0.32 AND fate < 0.35 AS asking,
            fate >= 0.35 AS closed, fate >= 0.65 AS archived,
            ret < 0.05 AS returned, ret >= 0.05 AND ret < 0.09 AS reassigned, ret >= 0.09 AND ret < 0.11 AS denied,
            ret >= 0.11 AND ret < 0.12 AS to_registry,
            fate >= 0.35 AND no < 0.10 AS again, fate >= 0.35 AND no < 0.02 AS explained,
            -- The letter that counts: a second one after a return or a reassignment, which may come after the first date.
            CASE WHEN ret < 0.05 OR ret >= 0.11 AND ret < 0.12 THEN d1 + interval '30 hours'
                WHEN ret >= 0.05 AND ret < 0.09 THEN d1 + make_interval(hours => 20 + floor(y * 300)::int) END AS d2
        FROM life l;
        CREATE TEMP TABLE dates AS
        SELECT p.*, date_bin('1 day', d1 AT TIME ZONE 'Asia/Shanghai', '2026-01-01') AT TIME ZONE 'Asia/Shanghai'
                + interval '10 days -1 second' AS due1,
            date_bin('1 day', coalesce(d2, d1) AT TIME ZONE 'Asia/Shanghai', '2026-01-01') AT TIME ZONE 'Asia/Shanghai'
                + interval '10 days -1 second' AS due2
        FROM plan p;
        ALTER TABLE dates ADD due3 timestamptz, ADD result1 timestamptz, ADD due4 timestamptz, ADD result2 timestamptz,
            ADD published1 timestamptz, ADD asked1 timestamptz, ADD due5 timestamptz, ADD result3 timestamptz,
            ADD published2 timestamptz, ADD asked2 timestamptz, ADD reached_end timestamptz;
        UPDATE dates SET due3 = due2 + CASE WHEN ext < 0.06 THEN interval '7 days' ELSE interval '0' END
            + CASE WHEN pause < 0.10 THEN interval '2 days' ELSE interval '0' END;
        UPDATE dates SET result1 = CASE WHEN late < 0.12 THEN due3 + make_interval(hours => 1 + floor(y * 100)::int)
            WHEN late < 0.14 THEN due3 - interval '12 minutes'
            WHEN ext < 0.08 THEN due3 - interval '25 minutes'
            ELSE coalesce(d2, d1) + interval '60 hours' + make_interval(mins => floor(y * 6 * 1440)::int) END;
        UPDATE dates SET due4 = CASE WHEN back < 0.08 THEN greatest(due3, result1 + interval '4 days') END;
        UPDATE dates SET result2 = CASE WHEN back < 0.08 THEN CASE WHEN back < 0.02 THEN due4 + interval '26 hours' ELSE due4 - interval '5 hours' END END;
        UPDATE dates SET published1 = coalesce(result2, result1) + make_interval(hours => 10 + floor(x * 60)::int);
        UPDATE dates SET asked1 = published1 + make_interval(hours => 24 + floor(way * 200)::int);
        UPDATE dates SET due5 = asked1 + interval '5 days', result3 = asked1 + CASE WHEN no < 0.03 THEN interval '6 days' ELSE interval '3 days' END
            WHERE again;
        UPDATE dates SET published2 = result3 + interval '30 hours', asked2 = result3 + interval '100 hours' WHERE again;
        CREATE INDEX ON dates (id);
        ANALYZE dates;
        CREATE TEMP TABLE story AS
        SELECT *,
            dispatched AND NOT withdrawn AND (NOT merged OR follows) AND NOT merged AS works,
            NOT merged AND (reported OR approved OR replied OR closed) AS files,
            NOT merged AND (replied OR closed) AS publishes,
            closed OR (follows AND y >= 0.2) AS closes,
            CASE WHEN merged THEN master_published + make_interval(hours => 30 + floor(way * 300)::int)
                ELSE coalesce(asked2, asked1) END AS asked,
            CASE WHEN asking AND y < 0.3 THEN due3 + interval '1 day' ELSE least(due3, result1) - interval '20 minutes' END AS asking_at,
            closed AND NOT explained AND promise < 0.03 AS open_promise, closed AND NOT explained AND promise >= 0.03 AND promise < 0.07 AS kept_promise
        FROM (
            SELECT d.*, coalesce(d.published2, d.published1) AS last_published, greatest(m.published1, CASE WHEN d.merged_from_unit
                    THEN coalesce(d.d2, d.d1) + make_interval(hours => 37 + floor(d.y * 400)::int)
                    ELSE d.registered_at + interval '6 hours' END) AS master_published,
                NOT (d.declined OR d.withdrawn_early OR d.waiting OR (d.merged AND NOT d.merged_from_unit)) AS dispatched,
                CASE WHEN d.returned OR d.to_registry OR d.reassigned THEN d.u2 ELSE d.u1 END AS last_unit,
                CASE WHEN m.returned OR m.to_registry OR m.reassigned THEN m.u2 ELSE m.u1 END AS master_unit,
                d.merged AND d.y >= 0.1 AS follows
            FROM dates d
            LEFT JOIN dates m ON m.id = d.master
        ) s;
        """#

    static let entries = #"""
        CREATE TEMP TABLE ev AS
        SELECT i, ord, at, action, role, status, holder, CASE WHEN holder = 'leadUnit' THEN unit END AS unit,
            row_number() OVER w AS seq, lag(status) OVER w AS before
        FROM story, LATERAL (
            VALUES
            (true, 10, registered_at, 'register', 'source', 'registered', 'registry', NULL),
            (true, 11, registered_at + interval '1 hour', 'classify', 'registrar', 'registered', 'office', NULL),
            (declined, 20, registered_at + interval '5 hours', 'confirmDecline', 'office', 'declined', 'archive', NULL),
            (withdrawn_early, 21, registered_at + interval '5 hours', 'withdraw', 'source', 'withdrawn', 'archive', NULL),
            (merged AND NOT merged_from_unit, 22, registered_at + interval '5 hours', 'merge', CASE WHEN y < 0.4 THEN 'system' ELSE 'registrar' END, 'merged', 'leadUnit', NULL),
            (dispatched, 30, d1, 'dispatch', 'office', 'dispatched', 'leadUnit', u1),
            (dispatched AND (returned OR denied OR to_registry), 40, d1 + interval '20 hours', 'requestReturn', 'unit', 'returning', 'office', NULL),
            (dispatched AND to_registry, 41, d2 - interval '2 hours', 'decideReturn', 'office', 'registered', 'registry', NULL),
            (dispatched AND (returned OR to_registry), 42, d2, CASE WHEN returned THEN 'decideReturn' ELSE 'dispatch' END, 'office', 'dispatched', 'leadUnit', u2),
            (dispatched AND denied, 43, d1 + interval '24 hours', 'decideReturn', 'office', 'dispatched', 'leadUnit', u1),
            (dispatched AND reassigned AND ret < 0.07, 44, d1 + interval '6 hours', 'claim', 'unit', 'claimed', 'leadUnit', u1),
            (dispatched AND reassigned, 45, d2, 'reassign', 'office', 'dispatched', 'leadUnit', u2),
            (dispatched AND claim < 0.06, 46, coalesce(d2, d1) + interval '35 hours', 'lapse', 'system', 'claimed', 'leadUnit', coalesce(last_unit, u1)),
            (dispatched AND claim >= 0.06, 47, coalesce(d2, d1) + interval '26 hours', 'claim', 'unit', 'claimed', 'leadUnit', coalesce(last_unit, u1)),
            (merged_from_unit, 48, coalesce(d2, d1) + make_interval(hours => 36 + floor(y * 400)::int), 'merge', CASE WHEN y < 0.3 THEN 'system' ELSE 'registrar' END, 'merged', 'leadUnit', NULL),
            (withdrawn, 49, coalesce(d2, d1) + interval '40 hours', 'confirmWithdrawal', 'supervisor', 'withdrawn', 'archive', NULL),
            (works AND x > 0.3 AND x < 0.33, 49, coalesce(d2, d1) + interval '36 hours', 'changeUrgency', 'office', 'claimed', 'leadUnit', last_unit),
            (works AND ext < 0.08, 50, due2 - make_interval(hours => 1 + floor(y * 60)::int), 'requestExtension', 'unit', 'claimed', 'leadUnit', last_unit),
            (works AND ext < 0.08, 51, due2 - interval '30 minutes', 'decideExtension', 'office', 'claimed', 'leadUnit', last_unit),
            (works AND (asking OR pause < 0.10 AND (files OR unfiled)), 52, asking_at, 'askPetitioner', 'unit', 'awaitingPetitioner', 'petitioner', NULL),
            (works AND pause < 0.10 AND NOT asking, 53, asking_at + interval '10 minutes', 'resume', 'unit', 'claimed', 'leadUnit', last_unit),
            (files, 60, result1, 'fileResult', 'unit', 'reported', 'office', NULL),
            (files AND back < 0.08, 61, result1 + interval '1 hour', 'review', 'office', 'claimed', 'leadUnit', last_unit),
            (files AND back < 0.08, 62, result2, 'fileResult', 'unit', 'reported', 'office', NULL),
            (files AND NOT reported, 63, coalesce(result2, result1) + interval '5 hours', 'review', 'office', 'approved', 'publisher', NULL),
            (publishes, 64, published1 + interval '7 minutes', 'confirmPublication', 'registrar', 'replied', 'supervision', NULL),
            (again, 70, asked1, 'recordFollowUp', 'supervisor', 'claimed', 'leadUnit', last_unit),
            (again, 71, result3, 'fileResult', 'unit', 'reported', 'office', NULL),
            (again, 72, result3 + interval '5 hours', 'review', 'office', 'approved', 'publisher', NULL),
            (again, 73, published2, 'confirmPublication', 'registrar', 'replied', 'supervision', NULL),
            (follows, 74, master_published + interval '1 hour', 'follow', 'system', 'approved', 'publisher', NULL),
            (follows, 75, master_published + interval '20 hours', 'confirmPublication', 'registrar', 'replied', 'supervision', NULL),
            (closes AND way >= 0.75 AND way < 0.85, 80, asked - interval '4 hours', 'recordFollowUp', 'supervisor', 'replied', 'supervision', NULL),
            (closes AND way >= 0.85 AND way < 0.95, 81, asked - interval '3 hours', 'rate', 'source', 'replied', 'supervision', NULL),
            (explained, 82, asked - interval '2 hours', 'recordFollowUp', 'supervisor', 'replied', 'office', NULL),
            (closes, 83, asked, CASE WHEN explained THEN 'ruleRound' WHEN way >= 0.85 AND way < 0.95 THEN 'lapse' WHEN way >= 0.95 THEN 'rate' ELSE 'recordFollowUp' END,
                'supervisor', 'closed', 'archive', NULL),
            (closes AND x < 0.03, 84, asked + interval '3 days', 'recordFollowUp', 'supervisor', 'closed', 'archive', NULL),
            ((declined OR withdrawn OR withdrawn_early) AND y < 0.5, 90, registered_at + interval '60 days', 'seal', 'system', 'archived', 'archive', NULL),
            (archived AND NOT open_promise, 91, asked + interval '31 days', 'seal', 'system', 'archived', 'archive', NULL)
        ) e (happens, ord, at, action, role, status, holder, unit)
        WHERE happens
        WINDOW w AS (PARTITION BY i ORDER BY ord);
        CREATE INDEX ON ev (i, ord);
        ANALYZE ev;
        CREATE INDEX ON story (i);
        ANALYZE story;
        INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, unit_id, action, status_from, status_to, holder, holder_unit_id,
            note, note_is_public, channel, feed_kind, feed_position)
        SELECT s.id, e.seq, e.at, e.role, 0, NULL, e.action, e.before, e.status, e.holder, e.unit,
            CASE e.action WHEN 'ruleRound' THEN '作解释说明后办结。政策所限' || i END, false,
            (ARRAY['board', 'hotline', 'mailbox'])[1 + s.i % 3], CASE WHEN e.before IS DISTINCT FROM e.status THEN 'status' END, s.i * 100 + e.seq
        FROM ev e
        JOIN story s USING (i);
        -- What set or moved the result's date.
        INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version, result_due_at)
        SELECT s.id, e.seq, 2, kind, 'result', e.at, urgency, 23, due
        FROM story s
        JOIN ev e USING (i)
        JOIN LATERAL (
            VALUES (30, 'start', due1), (42, 'start', due2), (45, 'start', due2),
                (51, CASE WHEN ext < 0.06 THEN 'extend' END, due2 + interval '7 days'),
                (53, 'resume', due3), (61, 'sendBack', due4), (70, 'rework', due5)
        ) f (ord, kind, due) ON f.ord = e.ord AND f.kind IS NOT NULL;
        INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version)
        SELECT s.id, e.seq, 1, CASE e.ord WHEN 52 THEN 'pause' ELSE 'stop' END, 'result', e.at, urgency, 23
        FROM story s
        JOIN ev e USING (i)
        WHERE e.ord IN (52, 60, 62, 71, 48);
        """#
}
