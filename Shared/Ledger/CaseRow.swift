import Domain
import Postgres

/// The row of `ledger.cases`: reading it, locking it, adding and changing it.
enum CaseRow {
    /// Everything but what a list leaves out.
    static let columns: SQL = """
        c.case_id, c.version, c.status, c.round, c.channel, c.external_id, c.type, c.title, c.urgency, c.category,
        c.division_code, c.about, c.confidential, c.open, c.alias, c.registered_at, c.related_to, c.master,
        c.proposed_unit_id, c.proposal, c.is_classified, c.is_decline_proposed, c.lead_unit_id, c.letter_number,
        c.co_orders, c.has_conflict_ground, c.responsible_person, c.former_lead_ids, c.proceedings, c.draft_reply, c.approved_reply, c.approved_at,
        c.has_unseen_supplement, c.closed_at, c.dissatisfied_count, c.unreachable_count, c.was_reopened_by_rating,
        c.holder, c.clocks, c.emitted, c.changed_at, c.body, c.unit_text
        """

    static func read(_ row: borrowing Row) throws -> CaseRecord {
        var record = CaseRecord(
            id: try row["case_id"], version: try row["version"], status: try row["status"], channel: try row["channel"],
            externalId: try row["external_id"], type: try row["type"], title: try row["title"], body: try row["body"],
            urgency: try row["urgency"], alias: try row["alias"], registeredAt: try row["registered_at"],
            holder: try row["holder"])
        record.round = try row["round"]
        record.category = try row["category"]
        record.divisionCode = try row["division_code"]
        record.about = try row["about"]
        record.confidential = try row["confidential"]
        record.open = try row["open"]
        record.relatedTo = (try row["related_to"] as Int64?).map(CaseNumber.init(id:))
        record.master = (try row["master"] as Int64?).map(CaseNumber.init(id:))
        record.unitText = try row["unit_text"]
        record.proposedUnitId = try row["proposed_unit_id"]
        record.proposal = try row["proposal"]
        record.isClassified = try row["is_classified"]
        record.isDeclineProposed = try row["is_decline_proposed"]
        record.leadUnitId = try row["lead_unit_id"]
        record.letterNumber = try row["letter_number"]
        record.coOrders = (try row["co_orders"] as JSONText<[CoOrder]>).value
        record.hasConflictGround = try row["has_conflict_ground"]
        record.responsiblePerson = (try row["responsible_person"] as JSONText<Person>?)?.value
        record.formerLeads = try row["former_lead_ids"]
        record.proceedings = (try row["proceedings"] as JSONText<Proceedings>).value
        record.draftReply = try row["draft_reply"]
        record.approvedReply = try row["approved_reply"]
        record.approvedAt = try row["approved_at"]
        record.hasUnseenSupplement = try row["has_unseen_supplement"]
        record.closedAt = try row["closed_at"]
        record.dissatisfiedCount = try row["dissatisfied_count"]
        record.unreachableCount = try row["unreachable_count"]
        record.wasReopenedByRating = try row["was_reopened_by_rating"]
        record.clocks = (try row["clocks"] as JSONText<Clocks>).value
        record.lastEvents = (try row["emitted"] as JSONText<[String: EventPosition]>).value
        record.changedAt = try row["changed_at"]
        return record
    }

    static func find(_ id: Int64, _ db: Connection) throws -> CaseRecord? { try db.row(query(id), read) }

    /// Locks the case and reads it.
    static func lock(_ id: Int64) -> SQL { query(id) + " FOR UPDATE" }

    private static func query(_ id: Int64) -> SQL {
        """
        SELECT \(sql: columns)
        FROM ledger.cases c
        WHERE c.case_id = \(id)
        """
    }

    /// New cases, in one statement.
    static func insert(_ records: [CaseRecord]) -> SQL {
        """
        INSERT INTO ledger.cases (
            case_id, version, status, round, channel, external_id, type, title, body, urgency, category, division_code,
            about, confidential, open, alias, registered_at, related_to, unit_text, is_classified, is_decline_proposed,
            holder, clocks, due_at, warn_at, look_at, proceedings, changed_at, feed_position, co_orders, co_unit_ids,
            has_conflict_ground, has_unseen_supplement, dissatisfied_count, unreachable_count, was_reopened_by_rating,
            former_lead_ids, emitted)
        SELECT new.case_id, new.version, new.status, new.round, new.channel, new.external_id, new.type, new.title,
            new.body, new.urgency, new.category, new.division_code, new.about::text[], new.confidential, new.open,
            new.alias, new.registered_at, new.related_to, new.unit_text, new.is_classified, new.is_decline_proposed,
            new.holder, new.clocks, new.due_at, new.warn_at, new.look_at, new.proceedings, new.changed_at,
            \(sql: Feed.position(after: 0)), '[]', '{}', false, false, 0, 0, false, '{}', '{}'
        FROM unnest(
            \(column: records.map(\.id))::bigint[], \(column: records.map(\.version))::int[],
            \(column: records.map(\.status))::text[], \(column: records.map(\.round))::int[],
            \(column: records.map(\.channel))::text[], \(column: records.map(\.externalId))::text[],
            \(column: records.map(\.type))::text[], \(column: records.map(\.title))::text[],
            \(column: records.map(\.body))::text[], \(column: records.map(\.urgency))::text[],
            \(column: records.map(\.category))::text[], \(column: records.map(\.divisionCode))::text[],
            \(column: records.map(\.about))::text[], \(column: records.map(\.confidential))::boolean[],
            \(column: records.map(\.open))::boolean[], \(column: records.map(\.alias))::text[],
            \(column: records.map(\.registeredAt))::timestamptz[], \(column: records.map { $0.relatedTo?.id })::bigint[],
            \(column: records.map(\.unitText))::text[], \(column: records.map(\.isClassified))::boolean[],
            \(column: records.map(\.isDeclineProposed))::boolean[], \(column: records.map(\.holder))::text[],
            \(column: records.map { JSONText($0.clocks) })::jsonb[],
            \(column: records.map { $0.holderClock?.dueAt })::timestamptz[],
            \(column: records.map { $0.holderClock?.warnAt })::timestamptz[],
            \(column: records.map(\.watched.firstLook))::timestamptz[],
            \(column: records.map { JSONText($0.proceedings) })::jsonb[],
            \(column: records.map(\.changedAt))::timestamptz[]
        ) AS new (case_id, version, status, round, channel, external_id, type, title, body, urgency, category,
            division_code, about, confidential, open, alias, registered_at, related_to, unit_text, is_classified,
            is_decline_proposed, holder, clocks, due_at, warn_at, look_at, proceedings, changed_at)
        """
    }

    /// When supervision looks at the case next. A look that is due stays due: what it would find must still be judged.
    private static func look(_ record: CaseRecord, over before: CaseRecord) -> SQL {
        if record.status == .archived { return "NULL" }
        switch record.nextLook(after: before) {
        case .asPlanned: return "look_at"
        case .at(let next):
            return "least(\(next)::timestamptz, CASE WHEN look_at <= \(record.changedAt) THEN look_at END)"
        }
    }

    /// Guarded by the version that was read: no row is changed if it is not the same any more.
    static func update(_ record: CaseRecord, over before: CaseRecord) -> SQL {
        let coUnits = record.coOrders.filter { $0.status != .withdrawn }.map(\.unitId)
        return """
            UPDATE ledger.cases
            SET version = \(record.version), status = \(record.status), round = \(record.round), type = \(record.type),
                urgency = \(record.urgency), category = \(record.category), division_code = \(record.divisionCode),
                about = \(record.about), confidential = \(record.confidential), master = \(record.master?.id),
                unit_text = \(record.unitText), proposed_unit_id = \(record.proposedUnitId),
                proposal = \(record.proposal), is_classified = \(record.isClassified),
                is_decline_proposed = \(record.isDeclineProposed), lead_unit_id = \(record.leadUnitId),
                letter_number = \(record.letterNumber), co_orders = \(JSONText(record.coOrders)),
                co_unit_ids = \(coUnits), has_conflict_ground = \(record.hasConflictGround),
                responsible_person = \(record.responsiblePerson.map(JSONText.init)), draft_reply = \(record.draftReply),
                approved_reply = \(record.approvedReply), approved_at = \(record.approvedAt),
                has_unseen_supplement = \(record.hasUnseenSupplement), closed_at = \(record.closedAt),
                dissatisfied_count = \(record.dissatisfiedCount), unreachable_count = \(record.unreachableCount),
                was_reopened_by_rating = \(record.wasReopenedByRating), holder = \(record.holder),
                clocks = \(JSONText(record.clocks)), due_at = \(record.holderClock?.dueAt),
                warn_at = \(record.holderClock?.warnAt), lapses_at = \(record.lapsesAt),
                look_at = \(sql: look(record, over: before)),
                former_lead_ids = \(record.formerLeads), proceedings = \(JSONText(record.proceedings)), emitted = \(JSONText(record.lastEvents)),
                feed_position = \(sql: Feed.positionOfRow), changed_at = \(record.changedAt)
            WHERE case_id = \(record.id)
                AND version = \(before.version)
            """
    }
}

/// The position of an entry in the feed of changes (`intake.changes`), so that a reader that remembers how far it came
/// misses nothing and sees each case's entries in order.
///
/// It is the greater of the writing transaction's id and the position of the case's entry before. A transaction's id
/// alone would not do: of two that change one case, the one that began first may get the row lock last. A reader takes
/// only positions below `pg_snapshot_xmin`, the oldest transaction still running: whoever is yet to write has an id at or
/// above it, and so a position at or above it.
enum Feed {
    static let positionOfRow: SQL = "greatest(pg_current_xact_id()::text::bigint, feed_position)"
    static func position(after last: Int64) -> SQL { "greatest(pg_current_xact_id()::text::bigint, \(last))" }
    static let readableBelow: SQL = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
}
