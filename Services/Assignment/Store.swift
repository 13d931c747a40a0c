import Domain
import Ledger
import Postgres

/// The only SQL for schema `assignment`, and the only that writes `ledger.units`.
enum Store {
    /// A due date as a letter states it.
    struct StageDue: Codable, Sendable, Hashable {
        var stage: Stage
        var dueAt: Instant
    }

    struct Letter: Sendable {
        var number: LetterNumber
        var caseNumber: CaseNumber
        var seq: Int
        var leadUnitId: UnitID
        var coOrders: [CoOrder]
        var instructions: Note?
        var conflictGround: Note?
        var urgency: Urgency
        var deliveredAt: Instant
        var stages: [StageDue]
        var issuedBy: Person?
    }

    static func nextLetter(_ prefix: String, on day: Day, _ db: Connection) throws -> LetterNumber {
        let running: Int64 = try db.value("SELECT assignment.next_letter(\(day.year)::int)")
        return LetterNumber(unchecked: "\(prefix)〔\(day.year)〕\(running)号")
    }

    static func insert(_ letter: Letter, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO assignment.letters (letter_number, case_id, seq, lead_unit_id, co_orders, instructions,
                conflict_ground, urgency, delivered_at, stages, issued_by)
            VALUES (\(letter.number), \(letter.caseNumber.id), \(letter.seq), \(letter.leadUnitId),
                \(JSONText(letter.coOrders)), \(letter.instructions), \(letter.conflictGround), \(letter.urgency),
                \(letter.deliveredAt), \(JSONText(letter.stages)), \(letter.issuedBy.map(JSONText.init)))
            """)
    }

    static func letter(_ number: LetterNumber, _ db: Connection) throws -> Letter? {
        try db.row(
            """
            SELECT letter_number, case_id, seq, lead_unit_id, co_orders, instructions, conflict_ground, urgency,
                delivered_at, stages, issued_by
            FROM assignment.letters
            WHERE letter_number = \(number)
            """
        ) { row in
            Letter(
                number: try row["letter_number"], caseNumber: CaseNumber(id: try row["case_id"]), seq: try row["seq"],
                leadUnitId: try row["lead_unit_id"], coOrders: (try row["co_orders"] as JSONText<[CoOrder]>).value,
                instructions: try row["instructions"], conflictGround: try row["conflict_ground"],
                urgency: try row["urgency"], deliveredAt: try row["delivered_at"],
                stages: (try row["stages"] as JSONText<[StageDue]>).value,
                issuedBy: (try row["issued_by"] as JSONText<Person>?)?.value)
        }
    }

    static func insertClaim(
        _ change: CaseChange, unit: UnitID, _ person: Claim.Responsible, isLate: Bool, at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.claims (case_id, seq, unit_id, responsible, phone, claimed_at, late)
            VALUES (\(change.caseNumber.id), \(change.version), \(unit), \(JSONText(person.person)), \(person.phone),
                \(now), \(isLate))
            """)
    }

    static func insertInstruction(
        _ change: CaseChange, text: Note, leader: Person, writtenOn: Day, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.instructions (case_id, seq, text, leader, written_on)
            VALUES (\(change.caseNumber.id), \(change.version), \(text), \(JSONText(leader)), \(writtenOn))
            """)
    }

    static func insertResponsible(
        _ change: CaseChange, unit: UnitID, _ person: Claim.Responsible, reason: Note, at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.responsibles (case_id, seq, unit_id, responsible, phone, reason, changed_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(unit), \(JSONText(person.person)), \(person.phone),
                \(reason), \(now))
            """)
    }

    static func insertUrgency(
        _ change: CaseChange, from: Urgency, to: Urgency, ground: Note, at now: Instant, _ db: Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment.urgency_changes (case_id, seq, from_urgency, to_urgency, ground, changed_at)
            VALUES (\(change.caseNumber.id), \(change.version), \(from), \(to), \(ground), \(now))
            """)
    }

    // MARK: Units

    /// Adds or changes a unit. Its path, and that of every unit beneath it, follows its parent.
    static func save(_ unit: SaveUnit.Params, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO ledger.units (unit_id, name, level, parent_id, line_parent_id, head, deputy_in_charge,
                liaison_name, liaison_phone, division_code, duties, abolished_on, successor_id, path)
            VALUES (\(unit.unitId), \(unit.name), \(unit.level), \(unit.parentId), \(unit.lineParentId), \(unit.head),
                \(unit.deputyInCharge), \(unit.liaison.name), \(unit.liaison.phone), \(unit.divisionCode),
                \((unit.duties ?? []).map(\.text)), \(unit.abolishedOn), \(unit.successorId),
                coalesce((SELECT path FROM ledger.units WHERE unit_id = \(unit.parentId)), '{}') || \(unit.unitId)::text)
            ON CONFLICT (unit_id) DO UPDATE
            SET name = excluded.name, level = excluded.level, parent_id = excluded.parent_id,
                line_parent_id = excluded.line_parent_id, head = excluded.head,
                deputy_in_charge = excluded.deputy_in_charge, liaison_name = excluded.liaison_name,
                liaison_phone = excluded.liaison_phone, division_code = excluded.division_code,
                duties = excluded.duties, abolished_on = excluded.abolished_on, successor_id = excluded.successor_id,
                path = excluded.path
            """)
        try db.execute(
            """
            WITH RECURSIVE beneath AS (
                SELECT unit_id, path FROM ledger.units WHERE unit_id = \(unit.unitId)
                UNION ALL
                SELECT u.unit_id, beneath.path || u.unit_id
                FROM ledger.units u
                JOIN beneath ON u.parent_id = beneath.unit_id
            )
            UPDATE ledger.units u
            SET path = beneath.path
            FROM beneath
            WHERE u.unit_id = beneath.unit_id AND u.path <> beneath.path
            """)
    }

    /// The units that take over after `unit`, one after the other, itself included.
    static func successors(of unit: UnitID, _ db: Connection) throws -> Set<UnitID> {
        Set(
            try db.rows(
                """
                WITH RECURSIVE chain AS (
                    SELECT unit_id, successor_id FROM ledger.units WHERE unit_id = \(unit)
                    UNION
                    SELECT u.unit_id, u.successor_id FROM ledger.units u JOIN chain ON u.unit_id = chain.successor_id
                )
                SELECT unit_id FROM chain LIMIT 20000
                """
            ) { try $0["unit_id"] })
    }

    /// Writers of the tree of units take turns, so that no two moves make a ring.
    static func lockUnits(_ db: Connection) throws {
        try db.execute("SELECT pg_advisory_xact_lock(hashtext('renling units'))")
    }

    static func units(
        level: UnitLevel?, parent: UnitID?, after last: UnitID?, limit: Int, _ db: Connection
    ) throws -> [SaveUnit.Params] {
        try db.rows(
            """
            SELECT unit_id, name, level, parent_id, line_parent_id, head, deputy_in_charge, liaison_name, liaison_phone,
                division_code, duties, abolished_on, successor_id
            FROM ledger.units
            WHERE (\(level)::text IS NULL OR level = \(level))
                AND (\(parent)::text IS NULL OR parent_id = \(parent))
                AND (\(last)::text IS NULL OR unit_id > \(last))
            ORDER BY unit_id
            LIMIT \(limit)
            """
        ) { row in
            SaveUnit.Params(
                unitId: try row["unit_id"], name: try row["name"], level: try row["level"],
                parentId: try row["parent_id"], lineParentId: try row["line_parent_id"], head: try row["head"],
                deputyInCharge: try row["deputy_in_charge"],
                liaison: .init(name: try row["liaison_name"], phone: try row["liaison_phone"]),
                divisionCode: try row["division_code"],
                duties: (try row["duties"] as [String]).map(Note.init(unchecked:)),
                abolishedOn: try row["abolished_on"], successorId: try row["successor_id"])
        }
    }
}
