-- Every entry in the order in which it became known: those of the feed, and those that only move a case's clocks. Whoever
-- keeps a summary of open cases follows all of them.
CREATE INDEX timeline_in_order ON ledger.timeline (feed_position, case_id, seq);
DROP INDEX ledger.timeline_feed;

-- A dispatched case lapses when its claim runs out: the claim list goes by that, a unit's own and everybody's.
DROP INDEX ledger.cases_unclaimed;
CREATE INDEX cases_unclaimed ON ledger.cases (lead_unit_id, lapses_at, case_id) WHERE status = 'dispatched';
CREATE INDEX cases_unclaimed_by_due ON ledger.cases (lapses_at, case_id) WHERE status = 'dispatched';

-- Lists of what is overdue, or of a lamp, newest first, would otherwise read through years of closed cases for the few that
-- are open.
CREATE INDEX cases_open ON ledger.cases (case_id) WHERE due_at IS NOT NULL;
