import Domain

/// Assignment's decisions. Pure: no clock, no database, no network.
enum Rules {
    /// A unit, and every unit above it by 块 or 条, itself included.
    struct UnitLine: Equatable {
        var id: UnitID
        var superiors: Set<UnitID>
        var abolishedOn: Day?
    }

    struct Order: Equatable {
        var lead: UnitLine
        var coUnits: [(line: UnitLine, task: Note, required: Bool)]
        var conflictGround: Note?

        static func == (a: Order, b: Order) -> Bool {
            a.lead == b.lead && a.conflictGround == b.conflictGround && a.coUnits.map(\.line) == b.coUnits.map(\.line)
                && a.coUnits.map(\.task) == b.coUnits.map(\.task)
                && a.coUnits.map(\.required) == b.coUnits.map(\.required)
        }
    }

    /// 交办 — all clocks of the unit start with the delivery of the letter, which is now.
    ///
    /// - Throws: `.conflictOfInterest`; `.notAccepted` (`unitTextMissing`, `unitAbolished`).
    static func dispatch(
        _ record: CaseRecord, _ order: Order, letter: LetterNumber, at now: Instant
    ) throws(Refusal) -> Step {
        let coLines = order.coUnits.map(\.line)
        for line in [order.lead] + coLines { try checkStands(line, at: now) }
        try checkConflict(record, [order.lead] + coLines, onGround: order.conflictGround != nil)
        var step = Step(record)
        step.record.coOrders = order.coUnits.map {
            CoOrder(unitId: $0.line.id, task: $0.task, required: $0.required, orderedAt: now)
        }
        step.record.isDeclineProposed = false
        step.record.isClassified = true
        step.clocks = [.stop(.registration), .stop(.dispatch)]
        return try deliver(step, to: order.lead, helping: coLines, letter: letter)
    }

    /// The letter reaches `lead`: whoever led before reads its own part from now on, and the clocks of the unit start.
    static func deliver(
        _ before: Step, to lead: UnitLine, helping coUnits: [UnitLine], letter: LetterNumber
    ) throws(Refusal) -> Step {
        var step = before
        if step.record.isWithheldFromUnits, step.record.unitText == nil {
            throw .notAccepted("unitTextMissing", "密件、保密件交办单位前须有摘编件")
        }
        step.record.release()
        step.record.status = .dispatched
        step.record.holder = .leadUnit
        step.record.leadUnitId = lead.id
        step.record.letterNumber = letter
        step.record.hasConflictGround = ([lead] + coUnits).contains { isComplainedOf($0, in: before.record) }
        step.record.beginsAnew()
        step.clocks += [.start(.claim), .start(.result)]
        if step.record.urgency == .critical { step.clocks.append(.start(.opinion)) }
        step.events = [.caseDispatched]
        return step
    }

    static func checkStands(_ line: UnitLine, at now: Instant) throws(Refusal) {
        if let day = line.abolishedOn, day <= now.day { throw .notAccepted("unitAbolished", "该单位已撤销，请交办承继单位") }
    }

    /// A report never goes to those it complains of, nor beneath them, in any part. Anything else goes to them only where
    /// nobody else has the duty, on a recorded ground.
    static func checkConflict(_ record: CaseRecord, _ lines: [UnitLine], onGround: Bool) throws(Refusal) {
        let isHard = record.type == .report || !onGround
        if isHard, lines.contains(where: { isComplainedOf($0, in: record) }) {
            throw Refusal(.conflictOfInterest, "conflictOfInterest", "不得交由被反映的单位或其下级办理")
        }
    }

    static func isComplainedOf(_ line: UnitLine, in record: CaseRecord) -> Bool {
        !line.superiors.isDisjoint(with: record.about)
    }

    /// 认领 — names the one person who answers for the case. A late claim wins nothing: the clocks run from the letter.
    static func claim(_ record: CaseRecord, by person: Person) -> Step {
        var step = Step(record).noting("责任人：\(person.name.text)（\(person.title.text)）")
        step.record.status = .claimed
        step.record.responsiblePerson = person
        step.clocks = [.stop(.claim)]
        return step
    }

    static func isLate(_ record: CaseRecord, at now: Instant) -> Bool {
        record.clocks[.claim].map { now > $0.dueAt } ?? false
    }

    /// 变更责任人 — from now on another person answers for the case.
    static func changeResponsible(_ record: CaseRecord, to person: Person, _ reason: Note) -> Step {
        var step = Step(record).noting("责任人：\(person.name.text)（\(person.title.text)）。\(reason.text)")
        step.record.responsiblePerson = person
        return step
    }

    /// 批示 — is on file and moves nothing. The file is kept for good.
    static func instruct(_ record: CaseRecord, text: Note, leader: Person) -> Step {
        var step = Step(record).noting("\(leader.name.text)（\(leader.title.text)）批示：\(text.text)")
        step.record.proceedings.isPermanent = true
        return step
    }

    static func writtenOn(_ day: Day?, at now: Instant) throws(Refusal) -> Day {
        guard let day else { return now.day }
        guard day <= now.day else { throw .field("writtenOn", "lies in the future") }
        return day
    }
}
