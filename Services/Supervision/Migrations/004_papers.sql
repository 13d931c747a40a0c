-- The whole of what supervision keeps of a case, for its sealed file: the ladder's steps and cards (督办), what units said
-- for themselves (情况说明), and which entries settled what was asked and promised.

-- A step changes no case and has no entry of its own; it stands after the entry that was the last one when it was taken.
CREATE OR REPLACE VIEW supervision.papers AS
    SELECT case_id, seq, CASE source WHEN 'rating' THEN 'rating' ELSE 'followUp' END AS kind,
        jsonb_strip_nulls(jsonb_build_object('round', round, 'method', method, 'satisfaction', satisfaction, 'resolution',
            resolution, 'note', note, 'falseCompletion', false_completion, 'counts', counts)) AS paper,
        0::bigint AS place
    FROM supervision.follow_ups
    UNION ALL
    SELECT case_id, seq, 'exclusion',
        jsonb_strip_nulls(jsonb_build_object('measures', measures, 'ground', ground, 'askedBy', asked_by, 'unitId', unit_id,
            'decision', decision, 'decisionGround', decision_ground, 'decidedSeq', decided_seq, 'rulingNumber', ruling_number)),
        exclusion_id
    FROM supervision.exclusions
    UNION ALL
    SELECT case_id, seq, 'accountability',
        jsonb_strip_nulls(jsonb_build_object('unitId', unit_id, 'accountable', accountable, 'ground', ground, 'outcome',
            outcome, 'decidedBy', decided_by, 'documentNumber', document_number, 'recordedSeq', recorded_seq)),
        accountability_id
    FROM supervision.accountabilities
    WHERE case_id IS NOT NULL
    UNION ALL
    SELECT case_id, seq, 'promise',
        jsonb_strip_nulls(jsonb_build_object('unitId', unit_id, 'resultSeq', result_seq, 'commitment', commitment, 'dueOn',
            due_on, 'movedFrom', moved_from, 'movedEvidence', moved_evidence, 'movedSeq', moved_seq, 'status', status,
            'evidence', evidence, 'settledSeq', settled_seq)),
        promise_id
    FROM supervision.promises
    UNION ALL
    SELECT s.case_id, (SELECT max(t.seq) FROM ledger.timeline t WHERE t.case_id = s.case_id AND t.at <= s.taken_at), 'step',
        jsonb_strip_nulls(jsonb_build_object('stepId', s.step_id::text, 'step', s.step, 'stage', s.stage, 'round', s.round,
            'holder', s.holder, 'unitId', s.unit_id, 'addressee', s.addressee, 'dueAt', s.due_at, 'at', s.taken_at,
            'card', CASE WHEN s.card IS NOT NULL THEN
                jsonb_build_object('cardId', s.step_id::text, 'colour', s.card, 'explainBy', s.explain_by) END,
            'wrong', CASE WHEN m.step_id IS NOT NULL THEN
                jsonb_build_object('since', m.marked_at, 'dueAt', m.due_at) END)),
        s.step_id
    FROM supervision.steps s
    LEFT JOIN supervision.step_marks m ON m.step_id = s.step_id
    UNION ALL
    SELECT s.case_id, (SELECT max(t.seq) FROM ledger.timeline t WHERE t.case_id = s.case_id AND t.at <= e.filed_at),
        'explanation',
        jsonb_strip_nulls(jsonb_build_object('cardId', e.card_id::text, 'unitId', e.unit_id, 'text', e.text, 'person',
            e.person, 'at', e.filed_at)),
        e.explanation_id
    FROM supervision.explanations e
    JOIN supervision.steps s ON s.step_id = e.card_id;
