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
        for line in [order.lead] + order.coUnits.map(\.line) {
            if let day = line.abolishedOn, day <= now.day { throw .notAccepted("unitAbolished", "该单位已撤销，请交办承继单位") }
        }
        try checkConflict(record, order)
        if record.isWithheldFromUnits, record.unitText == nil {
            throw .notAccepted("unitTextMissing", "密件、保密件交办单位前须有摘编件")
        }
        var step = Step(record)
        step.record.status = .dispatched
        step.record.holder = .leadUnit
        step.record.leadUnitId = order.lead.id
        step.record.letterNumber = letter
        step.record.coOrders = order.coUnits.map { CoOrder(unitId: $0.line.id, task: $0.task, required: $0.required) }
        step.record.hasConflictGround = touchesThoseComplainedOf(record, order)
        step.record.responsiblePerson = nil
        step.record.isDeclineProposed = false
        step.record.isClassified = true
        step.clocks = [.stop(.registration), .stop(.dispatch), .start(.claim), .start(.result)]
        if record.urgency == .critical { step.clocks.append(.start(.opinion)) }
        step.events = [.caseDispatched]
        return step
    }

    /// A report never goes to those it complains of, nor beneath them, in any part. Anything else goes to them only where
    /// nobody else has the duty, on a recorded ground.
    private static func checkConflict(_ record: CaseRecord, _ order: Order) throws(Refusal) {
        let isHard = record.type == .report || order.conflictGround == nil
        if isHard, touchesThoseComplainedOf(record, order) {
            throw Refusal(.conflictOfInterest, "conflictOfInterest", "不得交由被反映的单位或其下级办理")
        }
    }

    private static func touchesThoseComplainedOf(_ record: CaseRecord, _ order: Order) -> Bool {
        ([order.lead] + order.coUnits.map(\.line)).contains { !$0.superiors.isDisjoint(with: record.about) }
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

    /// 批示 — is on file and moves nothing.
    static func instruct(_ record: CaseRecord, text: Note, leader: Person) -> Step {
        Step(record).noting("\(leader.name.text)（\(leader.title.text)）批示：\(text.text)")
    }

    static func writtenOn(_ day: Day?, at now: Instant) throws(Refusal) -> Day {
        guard let day else { return now.day }
        guard day <= now.day else { throw .field("writtenOn", "lies in the future") }
        return day
    }
}
