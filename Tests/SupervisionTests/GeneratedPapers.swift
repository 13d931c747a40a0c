/// What the services keep of the generated lives.
enum GeneratedPapers {
    static let papers = #"""
        INSERT INTO assignment.letters (letter_number, case_id, seq, lead_unit_id, co_orders, urgency, delivered_at, stages)
        SELECT s.i || '-' || e.ord, s.id, e.seq, e.unit, '[]', urgency, e.at, '[]'
        FROM story s
        JOIN ev e USING (i)
        WHERE e.ord IN (30, 42, 45);
        INSERT INTO assignment.claims (case_id, seq, unit_id, responsible, claimed_at, late)
        SELECT s.id, e.seq, e.unit, '{"name": "周负责", "title": "科长"}', e.at, claim BETWEEN 0.06 AND 0.09
        FROM story s
        JOIN ev e USING (i)
        WHERE e.action = 'claim';
        INSERT INTO assignment.returns (case_id, seq, unit_id, ground, duty_clause, is_adjudication, requested_at)
        SELECT s.id, e.seq, u1, '非本单位职责', '第一条', false, e.at
        FROM story s
        JOIN ev e USING (i)
        WHERE e.action = 'requestReturn';
        INSERT INTO assignment.extensions (case_id, seq, unit_id, due_at, until, reason, legal_basis, interim_reply, requested_at)
        SELECT s.id, e.seq, e.unit, due2, '2026-05-01', '复杂', '第五条', '正在核查', e.at
        FROM story s
        JOIN ev e USING (i)
        WHERE e.ord = 50;
        INSERT INTO assignment.extension_decisions (case_id, seq, until, decision, ground, due_at, decided_at)
        SELECT s.id, e.seq, '2026-05-01', CASE WHEN ext < 0.06 THEN 'grant' ELSE 'refuse' END, '可', due3, e.at
        FROM story s
        JOIN ev e USING (i)
        WHERE e.ord = 51;
        INSERT INTO assignment.urgency_changes (case_id, seq, from_urgency, to_urgency, ground, changed_at)
        SELECT s.id, e.seq, (ARRAY['ordinary', 'important', 'critical', 'important'])[1 + i % 4],
            (ARRAY['important', 'critical', 'important', 'ordinary'])[1 + i % 4], '情况有变', e.at
        FROM story s
        JOIN ev e USING (i)
        WHERE e.action = 'changeUrgency';
        INSERT INTO handling.results (case_id, seq, round, unit_id, factual, resolution, unresolved_reason, internal_account, public_reply,
            signed_by, overdue_co_units, promises, attachments, filed_at, due_at)
        SELECT s.id, e.seq, 1, last_unit, true, (ARRAY['resolved', 'partly', 'unresolved'])[1 + floor(x * 2.2)::int], '条件所限', '内部',
            CASE WHEN y < 0.01 THEN '已经办结，感谢关心。' ELSE '事项' || i || '已办结' END, '{}', '{}', '[]', '[]', e.at,
            CASE e.ord WHEN 60 THEN due3 WHEN 62 THEN due4 ELSE due5 END
        FROM story s
        JOIN ev e USING (i)
        WHERE e.action = 'fileResult';
        INSERT INTO handling.publications (case_id, seq, way, published_at, differs, original_gone)
        SELECT s.id, e.seq, 'phone', CASE e.ord WHEN 64 THEN published1 WHEN 73 THEN published2 ELSE e.at END, y < 0.005, false
        FROM story s
        JOIN ev e USING (i)
        WHERE e.action = 'confirmPublication';
        INSERT INTO supervision.follow_ups (case_id, seq, round, source, method, satisfaction, resolution, false_completion, counts,
            recorded_at)
        SELECT s.id, e.seq, 1 + (back < 0.08 AND files)::int + (again AND e.ord > 70)::int,
            CASE e.action WHEN 'rate' THEN 'rating' ELSE 'followUp' END, CASE e.action WHEN 'rate' THEN NULL ELSE 'phone' END,
            CASE WHEN e.ord IN (70, 82) THEN 'dissatisfied' WHEN e.ord = 80 OR way >= 0.75 AND way < 0.85 THEN 'unreachable'
                WHEN e.ord = 81 THEN 'satisfied' WHEN e.ord = 84 OR way < 0.5 THEN 'satisfied' ELSE 'basicallySatisfied' END,
            CASE WHEN e.ord <> 80 AND NOT (e.ord = 83 AND way >= 0.75 AND way < 0.85) AND type IN ('help', 'complaint', 'report')
                THEN (ARRAY['resolved', 'resolved', 'partly', 'unresolved'])[1 + floor(res * 4)::int] END,
            false, e.ord <> 81, e.at
        FROM story s
        JOIN ev e USING (i)
        WHERE e.action IN ('recordFollowUp', 'rate');
        INSERT INTO supervision.promises (case_id, seq, result_seq, ordinal, unit_id, commitment, due_on, status, opened_at, evidence, settled_at)
        SELECT s.id, e.seq, 1, n, last_unit, '修复路面', '2026-05-01', CASE WHEN kept_promise OR n = 2 THEN 'kept' ELSE 'open' END, e.at,
            CASE WHEN kept_promise OR n = 2 THEN '已核' END, CASE WHEN kept_promise OR n = 2 THEN e.at + make_interval(days => n * 9) END
        FROM story s
        JOIN ev e USING (i)
        CROSS JOIN generate_series(1, 2) n
        WHERE e.ord = 83 AND (open_promise OR kept_promise);
        INSERT INTO supervision.exclusions (case_id, seq, measures, ground, asked_by, asked_at, decision, ruling_number)
        SELECT s.id, 1, ARRAY[(ARRAY['responseRate', 'overdueRate', 'satisfactionRate', 'resolutionRate', 'timeToReply', 'claimRate'])[1 + i % 6],
            (ARRAY['responseRate', 'overdueRate', 'replyRate', 'closureRate'])[1 + i % 4]], '法定期限', 'unit', d1,
            CASE WHEN x < 0.03 THEN 'grant' WHEN x < 0.04 THEN 'refuse' END, CASE WHEN x < 0.04 THEN '剔裁' || i END
        FROM story s
        WHERE dispatched AND x < 0.045;
        -- Last: what is archived takes no more papers.
        INSERT INTO ledger.cases (case_id, version, status, round, channel, external_id, type, title, body, urgency, category, about,
            confidential, open, alias, registered_at, related_to, master, is_classified, is_decline_proposed, lead_unit_id, co_orders,
            co_unit_ids, has_conflict_ground, responsible_person, former_lead_ids, proceedings, has_unseen_supplement, closed_at,
            dissatisfied_count, unreachable_count, was_reopened_by_rating, holder, clocks, due_at, warn_at, emitted, feed_position,
            changed_at)
        SELECT s.id, e.seq, e.status, 1 + (back < 0.08 AND files)::int + again::int,
            (ARRAY['board', 'hotline', 'mailbox'])[1 + i % 3], 'g' || i, type, '事项' || i, '内容' || i, urgency,
            (ARRAY['urban', 'urban.noise', NULL])[1 + i % 3], '{}', false, true, '群众' || i, registered_at, related, master, true, false,
            CASE WHEN e.status IN ('registered', 'declined', 'merged') OR before_end = 'declined' OR NOT dispatched AND NOT follows THEN NULL
                WHEN follows THEN master_unit ELSE last_unit END,
            '[]', '{}', false, CASE WHEN dispatched THEN '{"name": "周负责", "title": "科长"}'::jsonb END, '{}',
            '{"returns": 0, "hasBegun": true, "hasOpinion": false, "extensions": 0, "questions": 0, "masters": [], "isWithdrawalAsked": false, "openMatters": 0, "isPermanent": false}',
            false, CASE WHEN closes THEN asked END, 0, 0, false, e.holder,
            CASE WHEN e.status = 'awaitingPetitioner' AND urgency <> 'critical' THEN jsonb_build_array(jsonb_build_object('stage', 'result',
                'startedAt', '2026-01-05T00:00:00+08:00', 'warnAt', '2026-01-05T00:00:00+08:00', 'provisional', false,
                'dueAt', to_char(due3 AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'),
                'pausedAt', to_char(asking_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"'))) ELSE '[]' END,
            CASE WHEN e.status NOT IN ('closed', 'declined', 'merged', 'withdrawn', 'archived') THEN due3 END,
            CASE WHEN e.status NOT IN ('closed', 'declined', 'merged', 'withdrawn', 'archived') THEN due3 - interval '1 day' END,
            '{}', i * 100 + e.seq, e.at
        FROM story s
        JOIN LATERAL (SELECT seq, status, holder, at, before AS before_end FROM ev WHERE ev.i = s.i ORDER BY ord DESC LIMIT 1) e ON true;
        ANALYZE;
        """#
}
