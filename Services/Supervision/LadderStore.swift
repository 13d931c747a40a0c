import Domain
import Ledger
import Postgres

/// The SQL for the ladder's steps and cards, and for the explanations that units file.
enum LadderStore {
    /// All steps of these cases.
    static func steps(of cases: [Int64], _ db: Connection) throws -> [Int64: [Rules.StepOnFile]] {
        let rows = try db.rows(
            """
            SELECT s.step_id, s.case_id, s.step, s.stage, s.started_at, s.ordinal, s.due_at, s.taken_at,
                m.step_id IS NOT NULL AS is_wrong
            FROM supervision.steps s
            LEFT JOIN supervision.step_marks m ON m.step_id = s.step_id
            WHERE s.case_id = ANY (\(cases)::bigint[])
            """
        ) { row in
            (
                id: try row["case_id"] as Int64,
                step: Rules.StepOnFile(
                    id: try row["step_id"], step: try row["step"], stage: try row["stage"],
                    startedAt: try row["started_at"], ordinal: try row["ordinal"], dueAt: try row["due_at"],
                    takenAt: try row["taken_at"], isWrong: try row["is_wrong"])
            )
        }
        return Dictionary(grouping: rows, by: \.id).mapValues { $0.map(\.step) }
    }

    private struct NewStep: Codable, Sendable {
        var caseId: Int64
        var round: Int
        var stage: Stage
        var step: SupervisionStep
        var startedAt: Instant
        var ordinal: Int
        var holder: Party
        var unitId: UnitID?
        var dueAt: Instant
        var card: CardColour?
        var explainBy: Instant?
    }

    /// Takes steps, each of which is taken once whoever tries it again.
    static func insert(
        _ steps: [(record: WatchedCase, step: Rules.DueStep)], at now: Instant, _ db: Connection
    ) throws {
        guard !steps.isEmpty else { return }
        let rows = steps.map { record, step in
            NewStep(
                caseId: record.id, round: record.round, stage: step.stage, step: step.step,
                startedAt: step.startedAt, ordinal: step.ordinal, holder: step.holder, unitId: step.unitId,
                dueAt: step.dueAt, card: step.explainBy == nil ? nil : step.step.card, explainBy: step.explainBy)
        }
        try db.execute(
            """
            INSERT INTO supervision.steps (case_id, round, stage, step, started_at, ordinal, holder, unit_id, addressee,
                due_at, taken_at, card, explain_by)
            SELECT n."caseId", n.round, n.stage, n.step, n."startedAt", n.ordinal, n.holder, n."unitId",
                CASE n.step
                    WHEN 'notice' THEN u.deputy_in_charge
                    WHEN 'supervisionLetter' THEN u.head
                    WHEN 'interview' THEN u.head
                    WHEN 'accountability' THEN u.head
                END,
                n."dueAt", \(now), n.card, n."explainBy"
            FROM ROWS FROM (
                jsonb_to_recordset(\(JSONText(rows))::jsonb) AS ("caseId" bigint, round int, stage text, step text,
                    "startedAt" timestamptz, ordinal int, holder text, "unitId" text, "dueAt" timestamptz, card text,
                    "explainBy" timestamptz)
            ) WITH ORDINALITY AS n ("caseId", round, stage, step, "startedAt", ordinal, holder, "unitId", "dueAt", card,
                "explainBy", place)
            LEFT JOIN ledger.units u ON u.unit_id = n."unitId"
            ORDER BY n.place
            ON CONFLICT ON CONSTRAINT steps_once DO NOTHING
            """)
    }

    static func mark(_ steps: [Rules.WrongStep], at now: Instant, _ db: Connection) throws {
        guard !steps.isEmpty else { return }
        try db.execute(
            """
            INSERT INTO supervision.step_marks (step_id, due_at, marked_at)
            SELECT wrong.step_id, wrong.due_at::timestamptz, \(now)
            FROM unnest(\(steps.map(\.id))::bigint[], \(steps.map(\.dueAt.description))::text[]) AS wrong (step_id, due_at)
            ON CONFLICT (step_id) DO NOTHING
            """)
    }

    // MARK: Lists

    /// What the caller may see of them, newest first; a unit those against itself and against units beneath it.
    static func list(
        _ params: Steps.Params, for caller: Caller, limit: Int, _ db: Connection
    ) throws -> [Steps.Item] {
        try db.rows(try listing(params, for: caller, limit: limit), item)
    }

    static func listing(_ params: Steps.Params, for caller: Caller, limit: Int) throws -> SQL {
        var conditions: [SQL] = []
        if caller.role == .unit {
            conditions.append("s.unit_id = ANY (\(Array(caller.subtree))::text[])")
        } else if caller.role == .leader {
            conditions.append(
                """
                EXISTS (SELECT FROM ledger.cases c WHERE c.case_id = s.case_id AND \(sql: CaseSearch.sight(of: caller)))
                """)
        }
        if let id = params.caseNumber?.id { conditions.append("s.case_id = \(id)") }
        if let unit = params.unitId { conditions.append("s.unit_id = \(unit)") }
        if let step = params.step { conditions.append("s.step = \(step)") }
        if let card = params.card { conditions.append("s.card = \(card)") }
        if let from = params.from { conditions.append("s.taken_at >= \(from.start)") }
        if let to = params.to { conditions.append("s.taken_at < \(to.advanced(by: 1).start)") }
        if let last = try params.cursor?.places(2) {
            guard last[0] <= Day(9999, 12, 31).end.milliseconds else {
                throw Refusal.field("cursor", "not a cursor of this list")
            }
            conditions.append(
                "(s.taken_at, s.step_id) < (\(Instant(milliseconds: last[0])), \(last[1])::bigint)")
        }
        let sight = conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
        return """
            SELECT s.step_id, s.case_id, s.step, s.stage, s.round, s.holder, s.unit_id, s.addressee, s.due_at, s.taken_at,
                s.card, s.explain_by, m.due_at AS wrong_due_at, m.marked_at, e.filed_at,
                \(sql: params.caseNumber == nil ? "NULL" : "e.text") AS explanation
            FROM supervision.steps s
            LEFT JOIN supervision.step_marks m ON m.step_id = s.step_id
            LEFT JOIN supervision.explanations e ON e.card_id = s.step_id
            WHERE \(sql: sight)
            ORDER BY s.taken_at DESC, s.step_id DESC
            LIMIT \(limit)
            """
    }

    private static func item(_ row: borrowing Row) throws -> Steps.Item {
        let id = MatterID(try row["step_id"] as Int64)
        var item = Steps.Item(
            stepId: id, caseNumber: CaseNumber(id: try row["case_id"]), step: try row["step"],
            stage: try row["stage"], round: try row["round"], holder: try row["holder"], unitId: try row["unit_id"],
            addressee: try row["addressee"], dueAt: try row["due_at"], at: try row["taken_at"])
        if let colour: CardColour = try row["card"], let explainBy: Instant = try row["explain_by"] {
            item.card = Steps.Card(
                cardId: id, colour: colour, explainBy: explainBy, explainedAt: try row["filed_at"],
                explanation: try row["explanation"])
        }
        if let since: Instant = try row["marked_at"], let dueAt: Instant = try row["wrong_due_at"] {
            item.wrong = Steps.Wrong(since: since, dueAt: dueAt)
        }
        return item
    }

    // MARK: 情况说明

    /// The unit that a card was given to, and until when it owes its explanation; `nil` when there is no such card.
    static func card(
        _ id: Int64, _ db: Connection
    ) throws -> (caseNumber: CaseNumber, unit: UnitID, explainBy: Instant)? {
        try db.row(
            "SELECT case_id, unit_id, explain_by FROM supervision.steps WHERE step_id = \(id) AND card IS NOT NULL"
        ) { (CaseNumber(id: try $0["case_id"]), try $0["unit_id"], try $0["explain_by"]) }
    }

    /// - Returns: whether it is the first for that card, or of that unit for that month.
    static func insert(
        _ params: FileExplanation.Params, by person: Person?, at now: Instant, _ db: Connection
    ) throws -> Bool {
        let added = try db.execute(
            """
            INSERT INTO supervision.explanations (unit_id, card_id, month, text, person, filed_at)
            VALUES (\(params.unitId), \(params.cardId?.id), \(params.month?.text), \(params.text),
                \(person.map(JSONText.init)), \(now))
            ON CONFLICT DO NOTHING
            """)
        return added == 1
    }
}
