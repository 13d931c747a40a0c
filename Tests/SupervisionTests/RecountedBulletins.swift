/// The bulletin and the appraisal once more in plain SQL, from DOMAIN.md: bounds, ranks and lists, each as JSON. Reads what
/// `RecountedMonths.recount` left in the same connection.
enum RecountedBulletins {
    static let tools = #"""
        CREATE FUNCTION pg_temp.cn(id bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
            $$ SELECT substr(id::text, 1, 6) || '-' || substr(id::text, 7) $$;
        CREATE FUNCTION pg_temp.ts(at timestamptz) RETURNS text LANGUAGE sql STABLE AS
            $$ SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') $$;
        CREATE FUNCTION pg_temp.mon(at timestamptz) RETURNS text LANGUAGE sql STABLE AS
            $$ SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') $$;
        -- Wilson's score interval at 95%: the two roots of (p - x)^2 = z^2 x (1 - x) / n.
        CREATE FUNCTION pg_temp.wilson(s numeric, n numeric, side int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
            SELECT (2 * s + z * z + side * z * sqrt(z * z + 4 * s * (1 - s / n))) / (2 * (n + z * z))
            FROM (SELECT 1.959963984540054::numeric AS z) q $$;
        CREATE FUNCTION pg_temp.listed(items jsonb[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
            SELECT jsonb_build_object('total', coalesce(cardinality(items), 0), 'items', coalesce(to_jsonb(items[:200]), '[]')) $$;
        CREATE TEMP TABLE granted AS
        SELECT case_id, unnest(measures) AS measure FROM supervision.exclusions WHERE decision = 'grant';
        -- What stands in a spell: its results, and the last one.
        CREATE TEMP TABLE filed AS
        SELECT u.case_id, u.k, r.seq, r.filed_at, r.due_at, r.resolution, translate(r.public_reply, E' \n\t', '') AS reply,
            r.seq = max(r.seq) OVER (PARTITION BY u.case_id, u.k) AS is_last
        FROM under u
        JOIN handling.results r USING (case_id, seq)
        WHERE NOT u.gone AND u.k > 0;
        CREATE INDEX ON filed (case_id, seq);
        ANALYZE filed;
        CREATE TEMP TABLE odd AS
        SELECT 'lastMinuteResults' AS list, case_id, k FROM filed WHERE due_at - filed_at >= interval '0' AND due_at - filed_at < interval '30 minutes'
        UNION
        SELECT 'lastMinuteExtensions', u.case_id, u.k
        FROM under u
        JOIN assignment.extensions x USING (case_id, seq)
        WHERE NOT u.gone AND x.due_at - x.requested_at < interval '24 hours'
        UNION
        SELECT 'loweredUrgencies', u.case_id, u.k
        FROM under u
        JOIN assignment.urgency_changes x USING (case_id, seq)
        WHERE NOT u.gone
            AND array_position('{ordinary,important,critical}', x.to_urgency) < array_position('{ordinary,important,critical}', x.from_urgency)
        UNION
        SELECT 'contradicted', u.case_id, u.k
        FROM under u
        JOIN supervision.follow_ups f USING (case_id, seq)
        WHERE NOT u.gone AND f.counts AND f.resolution = 'unresolved' AND (
            SELECT resolution FROM filed r WHERE r.case_id = u.case_id AND r.seq < u.seq ORDER BY r.seq DESC LIMIT 1) = 'resolved'
        UNION
        SELECT 'differingPublications', u.case_id, u.k
        FROM under u
        JOIN handling.publications p USING (case_id, seq)
        WHERE NOT u.gone AND p.differs;
        CREATE TEMP TABLE standing AS
        SELECT month, unit_id, level, n, s, n >= 10 AS ranked, CASE WHEN n >= 100 THEN 100 WHEN n >= 10 THEN 10 END AS band,
            pg_temp.wilson(s, nullif(n, 0), -1) AS low, pg_temp.wilson(s, nullif(n, 0), 1) AS high,
            sum(s) OVER (PARTITION BY month) / nullif(sum(n) OVER (PARTITION BY month), 0) AS whole
        FROM (
            SELECT month, unit_id, count(*) FILTER (WHERE measure = 'responseRate') AS n,
                coalesce(sum(value) FILTER (WHERE measure = 'responseRate'), 0) AS s
            FROM expected
            WHERE unit_id <> ''
            GROUP BY month, unit_id
        ) e
        JOIN ledger.units USING (unit_id);
        """#

    /// One row: the parts of the month's bulletin, groups and lines as `ShownBulletin` shows them.
    static func bulletin(_ month: String) -> String {
        select.replacing("$MONTH", with: "'\(month)'")
    }

    private static let select = #"""
        SELECT jsonb_build_object(
        'volume', jsonb_build_object('registered', (SELECT count(*) FROM ledger.cases WHERE pg_temp.mon(registered_at) = $MONTH),
            'byChannel', (
                SELECT jsonb_agg(jsonb_build_object('code', channel, 'name', name, 'cases', n) ORDER BY n DESC, channel)
                FROM (SELECT channel, count(*) n FROM ledger.cases WHERE pg_temp.mon(registered_at) = $MONTH GROUP BY 1) q
                JOIN ledger.channels h ON h.code = channel),
            'byCategory', (
                SELECT jsonb_agg(jsonb_build_object('code', category, 'name', coalesce(name, '未分类'), 'cases', n) ORDER BY n DESC, category)
                FROM (SELECT category, count(*) n FROM ledger.cases WHERE pg_temp.mon(registered_at) = $MONTH GROUP BY 1) q
                LEFT JOIN ledger.categories g ON g.code = category),
            'byUrgency', (
                SELECT jsonb_agg(jsonb_build_object('code', urgency, 'name', urgency, 'cases', n) ORDER BY n DESC, urgency)
                FROM (SELECT urgency, count(*) n FROM ledger.cases WHERE pg_temp.mon(registered_at) = $MONTH GROUP BY 1) q),
            'byType', (
                SELECT jsonb_agg(jsonb_build_object('code', type, 'name', type, 'cases', n) ORDER BY n DESC, type)
                FROM (SELECT type, count(*) n FROM ledger.cases WHERE pg_temp.mon(registered_at) = $MONTH GROUP BY 1) q)),
        'followUps', (
            SELECT jsonb_build_object('satisfied', count(*) FILTER (WHERE satisfaction = 'satisfied'),
                'basicallySatisfied', count(*) FILTER (WHERE satisfaction = 'basicallySatisfied'),
                'dissatisfied', count(*) FILTER (WHERE satisfaction = 'dissatisfied'))
            FROM said
            JOIN ledger.cases r ON r.case_id = root
            WHERE pg_temp.mon(recorded_at) = $MONTH AND r.lead_unit_id IS NOT NULL),
        'lines', (
            SELECT jsonb_object_agg(unit_id, jsonb_strip_nulls(jsonb_build_object('counts', counts, 'bounds', bounds)))
            FROM (
                SELECT unit_id, jsonb_object_agg(measure, jsonb_build_array(round(s, 6), n)) AS counts,
                    jsonb_agg(jsonb_build_object('lower', round(pg_temp.wilson(s, n, -1), 4), 'upper', round(pg_temp.wilson(s, n, 1), 4)))
                        FILTER (WHERE measure = 'responseRate') -> 0 AS bounds
                FROM (
                    SELECT coalesce(unit_id, '') AS unit_id, measure, sum(value) AS s, count(*)::numeric AS n
                    FROM expected
                    WHERE month = $MONTH
                    GROUP BY GROUPING SETS ((measure), (measure, unit_id))
                    HAVING NOT (grouping(unit_id) = 0 AND coalesce(unit_id, '') = '')
                ) q
                GROUP BY unit_id
            ) q),
        'groups', (
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('level', level, 'from', band, 'units', units))
                ORDER BY array_position('{county,city,township}', level), band DESC NULLS LAST)
            FROM (
                SELECT level, band, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('rank', place, 'unitId', unit_id,
                        'name', '单位' || unit_id, 'cases', n)) ORDER BY place, n DESC, unit_id) AS units
                FROM (
                    SELECT *, CASE WHEN ranked THEN rank() OVER (PARTITION BY level, band ORDER BY s / nullif(n, 0) DESC, n DESC) END AS place
                    FROM standing
                    WHERE month = $MONTH
                ) q
                GROUP BY level, band
            ) q),
        'praise', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('unitId', unit_id, 'name', '单位' || unit_id, 'cases', n,
                'responseRate', round(s / n, 4), 'bound', round(low, 4)) ORDER BY low DESC, unit_id), '[]')
            FROM (
                SELECT * FROM standing WHERE month = $MONTH AND ranked AND s / nullif(n, 0) >= whole ORDER BY low DESC, unit_id LIMIT 3
            ) q),
        'criticism', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('unitId', unit_id, 'name', '单位' || unit_id, 'cases', n,
                'responseRate', round(s / n, 4), 'bound', round(high, 4), 'explanationDueOn', '2026-08-07') ORDER BY high, unit_id), '[]')
            FROM (
                SELECT * FROM standing WHERE month = $MONTH AND ranked AND s / nullif(n, 0) < whole ORDER BY high, unit_id LIMIT 3
            ) q),
        'overdue', (
            SELECT pg_temp.listed(array_agg(jsonb_strip_nulls(jsonb_build_object('caseNumber', pg_temp.cn(d.case_id), 'unitId', d.unit_id,
                    'unitName', '单位' || d.unit_id, 'dueAt', pg_temp.ts(d.due_at), 'filedAt', pg_temp.ts(f.filed_at),
                    'responsiblePerson', CASE WHEN d.present THEN c.responsible_person ELSE l.responsible END))
                ORDER BY coalesce(f.filed_at, d.watched_until) - d.due_at DESC, d.case_id, d.k))
            FROM measured d
            JOIN ledger.cases c USING (case_id)
            LEFT JOIN filed f ON f.case_id = d.case_id AND f.k = d.k AND f.is_last AND d.answered
            LEFT JOIN (SELECT u.case_id, u.k, l.responsible FROM under u JOIN assignment.claims l USING (case_id, seq) WHERE NOT u.gone) l
                ON l.case_id = d.case_id AND l.k = d.k
            WHERE d.month = $MONTH AND d.was_due AND (NOT d.answered OR NOT d.every_result_in_time)
                AND (d.case_id, 'overdueRate') NOT IN (SELECT case_id, measure FROM granted)),
        'clusters', (
            SELECT jsonb_agg(jsonb_strip_nulls(item) ORDER BY n DESC, root)
            FROM (
                SELECT root, n, jsonb_build_object('caseNumber', pg_temp.cn(root), 'category', g.name, 'unitId', m.lead_unit_id,
                    'unitName', '单位' || m.lead_unit_id, 'urgency', m.urgency, 'cases', n) AS item
                FROM (
                    SELECT coalesce(master, case_id) AS root, count(*) AS n, bool_or(pg_temp.mon(registered_at) = $MONTH) AS now
                    FROM ledger.cases
                    GROUP BY 1
                ) q
                JOIN ledger.cases m ON m.case_id = root
                LEFT JOIN ledger.categories g ON g.code = m.category
                WHERE now AND n >= 5
                ORDER BY n DESC, root
                LIMIT 20
            ) q),
        'oddities', (
            SELECT jsonb_object_agg(list, cases)
            FROM (
                SELECT list, pg_temp.listed(array_agg(jsonb_build_object('caseNumber', pg_temp.cn(d.case_id), 'unitId', d.unit_id)
                    ORDER BY d.case_id, d.k) FILTER (WHERE d.case_id IS NOT NULL)) AS cases
                FROM unnest(ARRAY['lastMinuteResults', 'lastMinuteExtensions', 'loweredUrgencies', 'contradicted', 'differingPublications']) list
                LEFT JOIN (odd JOIN measured d ON d.case_id = odd.case_id AND d.k = odd.k AND d.month = $MONTH) USING (list)
                GROUP BY list
                UNION ALL
                SELECT 'sameReplies', coalesce(jsonb_agg(jsonb_build_object('cases', n, 'caseNumbers', numbers) ORDER BY n DESC, numbers), '[]')
                FROM (
                    SELECT n, (SELECT array_agg(pg_temp.cn(x)) FROM unnest(ids[:20]) x) AS numbers
                    FROM (
                        SELECT count(DISTINCT f.case_id) AS n, array_agg(DISTINCT f.case_id ORDER BY f.case_id) AS ids
                        FROM filed f
                        JOIN measured d ON d.case_id = f.case_id AND d.k = f.k AND d.month = $MONTH
                        WHERE f.is_last
                        GROUP BY f.reply
                    ) q
                    WHERE n >= 3
                    ORDER BY n DESC, ids
                    LIMIT 20
                ) q
            ) q),
        'explained', (
            SELECT pg_temp.listed(array_agg(jsonb_strip_nulls(jsonb_build_object('caseNumber', pg_temp.cn(case_id), 'unitId', c.lead_unit_id,
                'at', pg_temp.ts(t.at), 'ground', CASE WHEN c.type <> 'report' AND NOT c.confidential THEN t.note END)) ORDER BY t.at, case_id))
            FROM ledger.timeline t
            JOIN ledger.cases c USING (case_id)
            WHERE t.action = 'ruleRound' AND t.status_to = 'closed' AND pg_temp.mon(t.at) = $MONTH),
        'exclusions', (
            SELECT pg_temp.listed(array_agg(jsonb_build_object('caseNumber', pg_temp.cn(case_id), 'rulingNumber', ruling_number,
                'measures', measures) ORDER BY case_id, exclusion_id))
            FROM supervision.exclusions
            WHERE decision = 'grant' AND case_id IN (SELECT case_id FROM measured WHERE month = $MONTH))
        )::text AS parts
        """#

    /// One row a unit: the appraisal of 2026.
    static let appraisal = #"""
        SELECT jsonb_build_object('unitId', unit_id, 'name', '单位' || unit_id, 'level', level,
            'score', greatest(0, round(100 - sum(points), 2)),
            'deductions', jsonb_object_agg(measure, jsonb_build_object('measure', measure, 'weight', weight, 'rate', rate, 'points', points,
                'counted', counted, 'of', n, 'cases', coalesce((SELECT array_agg(pg_temp.cn(x)) FROM unnest(ids[:50]) x), '{}'),
                'total', coalesce(cardinality(ids), 0))))::text AS item
        FROM (
            SELECT *, round((CASE WHEN good THEN 1 - rate ELSE rate END) * weight, 2) AS points
            FROM (
                SELECT unit_id, measure, weight, good, round(avg(value), 4) AS rate, round(sum(value), 6) AS counted, count(*) AS n,
                    array_agg(case_id ORDER BY case_id) FILTER (WHERE CASE WHEN good THEN value < 1 ELSE value > 0 END) AS ids
                FROM expected
                JOIN (VALUES ('replyRate', 20, true), ('responseRate', 25, true), ('claimRate', 10, true), ('resolutionRate', 15, true),
                    ('satisfactionRate', 15, true), ('reworkRate', 5, false), ('recurrenceRate', 5, false), ('returnRate', 5, false))
                    w (measure, weight, good) USING (measure)
                WHERE unit_id <> '' AND month BETWEEN '2026-01' AND '2026-12'
                GROUP BY unit_id, measure, weight, good
            ) q
        ) q
        JOIN ledger.units USING (unit_id)
        GROUP BY unit_id, level
        ORDER BY unit_id
        """#
}
