import Domain

/// 退单、改派 — how a case leaves the unit that leads it.
extension Rules {
    /// What the office decides: the case goes to another unit by letter, back to the registry, or stays where it was.
    enum Ruling: Equatable {
        case toUnit(Redirection)
        case toRegistry
        case denied
    }

    /// The unit that gets a case which another one led, and the co-units that go on with it.
    struct Redirection: Equatable {
        var lead: UnitLine
        var coUnits: [UnitLine]
        var letter: LetterNumber
        /// Why a complained-of unit leads it all the same; never for a report.
        var conflictGround: Note?
    }

    /// 退单 — within the objection term of the letter's delivery, before any work, at most twice; the second is adjudicated.
    /// The unit's clocks run on meanwhile.
    ///
    /// - Throws: `.tooLate`; `.notAccepted` (`workBegun`); `.limitReached`.
    static func requestReturn(
        _ record: CaseRecord, ground: Note, dutyClause: Note, suggested: Name?, _ terms: Terms, _ limits: Limits,
        _ calendar: WorkCalendar, at now: Instant
    ) throws(Refusal) -> Step {
        guard record.proceedings.returns < limits.returnsMax else {
            throw Refusal(.limitReached, "limitReached", "该件已经会商裁定，不得再退")
        }
        if let delivered = record.clocks[.claim]?.startedAt, now > terms.objection.due(from: delivered, calendar) {
            throw .tooLate("退单须在收到交办函后的规定时限内提出")
        }
        guard !record.proceedings.hasBegun else { throw .notAccepted("workBegun", "已经开始办理的事项不得退单") }
        let proposal = suggested.map { "建议交：\($0.text)。" } ?? ""
        var step = Step(record).noting("退单理由：\(ground.text)。职责依据：\(dutyClause.text)。\(proposal)")
        step.record.status = .returning
        step.record.holder = .office
        step.record.proceedings.returns += 1
        step.record.proceedings.returningFrom = record.status
        step.clocks = [.start(.returning)]
        return step
    }

    /// 会商裁定 — a return beyond the first is ruled on by all concerned, and the ruling binds.
    static func isAdjudication(_ record: CaseRecord) -> Bool { record.proceedings.returns > 1 }

    /// 退单裁定.
    ///
    /// - Throws: what a dispatch throws, and `.notAccepted` (`sameUnit`).
    static func decideReturn(
        _ record: CaseRecord, _ ruling: Ruling, ground: Note, name: Name?, at now: Instant
    ) throws(Refusal) -> Step {
        let kind = isAdjudication(record) ? "会商裁定" : "裁定"
        switch ruling {
        case .toUnit(let redirection):
            let step = try redirect(record, redirection, at: now)
            return step.noting("\(kind)：改交\(name?.text ?? redirection.lead.id.text)。\(ground.text)")
        case .toRegistry:
            return giveToRegistry(record).noting("\(kind)：退回登记。\(ground.text)")
        case .denied:
            var step = Step(record).noting("\(kind)：不予退单。\(ground.text)")
            step.record.status = record.proceedings.returningFrom ?? .dispatched
            step.record.holder = .leadUnit
            step.record.proceedings.returningFrom = nil
            step.clocks = [.giveBack, .stop(.returning)]
            return step
        }
    }

    /// 改派 — the case goes to another unit; pauses, and what the unit before had asked for, end.
    static func reassign(
        _ record: CaseRecord, _ redirection: Redirection, _ ground: ReassignGround, _ note: Note, name: Name?,
        at now: Instant
    ) throws(Refusal) -> Step {
        try redirect(record, redirection, at: now)
            .noting("\(ground.chinese)，改派\(name?.text ?? redirection.lead.id.text)。\(note.text)")
    }

    /// Open co-orders stay, but for the new lead's own. Co-units were checked when they were ordered; what is said of whom
    /// the case complains may have changed since.
    private static func redirect(
        _ record: CaseRecord, _ redirection: Redirection, at now: Instant
    ) throws(Refusal) -> Step {
        let lead = redirection.lead
        guard lead.id != record.leadUnitId else { throw .notAccepted("sameUnit", "该件已由这一单位主办") }
        try checkStands(lead, at: now)
        let coUnits = redirection.coUnits.filter { $0.id != lead.id }
        let isOnGround = redirection.conflictGround != nil
        try checkConflict(record, [lead], onGround: isOnGround)
        try checkConflict(record, coUnits, onGround: isOnGround || record.hasConflictGround)
        var step = Step(record)
        step.record.withdrawCoOrders { $0 == lead.id }
        step.clocks = [.stop(.returning), .stop(.petitioner)]
        return try deliver(step, to: lead, helping: coUnits, letter: redirection.letter)
    }

    /// Nobody's duty: the registry has it as if it were new.
    private static func giveToRegistry(_ record: CaseRecord) -> Step {
        var step = Step(record)
        step.record.release()
        step.record.status = .registered
        step.record.holder = .registry
        step.record.isClassified = false
        step.record.isDeclineProposed = false
        step.record.hasConflictGround = false
        step.record.withdrawCoOrders { _ in true }
        step.record.beginsAnew()
        step.record.dropExclusion()
        step.clocks = [
            .stop(.returning), .stop(.claim), .stop(.opinion), .stop(.result), .stop(.reply), .start(.registration),
        ]
        return step
    }

    /// Whether the unit leads the case or has an open part in it.
    static func isHeld(_ record: CaseRecord, by unit: UnitID) -> Bool {
        record.leadUnitId == unit || record.coOrders.contains { $0.unitId == unit && $0.status == .open }
    }

    /// 承继 — a unit was abolished: what it leads or co-handles passes to its successor as it stands, its clocks with it.
    static func passOn(_ record: CaseRecord, from gone: UnitID, to heir: UnitID, name: Name) -> Step {
        var step = Step(record).noting("单位撤销，由\(name.text)承继")
        if record.leadUnitId == gone {
            if !record.formerLeads.contains(gone) { step.record.formerLeads.append(gone) }
            step.record.leadUnitId = heir
            step.record.withdrawCoOrders { $0 == heir }
        }
        let isTaken =
            step.record.leadUnitId == heir
            || step.record.coOrders.contains { $0.unitId == heir && $0.status == .open }
        if isTaken {
            step.record.withdrawCoOrders { $0 == gone }
        } else if let index = step.record.coOrders.firstIndex(where: { $0.unitId == gone && $0.status == .open }) {
            step.record.coOrders[index].unitId = heir
            step.record.coOrders.removeAll { $0.unitId == heir && $0.status != .open }
        }
        return step
    }
}

extension CaseRecord {
    /// Takes open co-orders back.
    mutating func withdrawCoOrders(of isConcerned: (UnitID) -> Bool) {
        for index in coOrders.indices where coOrders[index].status == .open && isConcerned(coOrders[index].unitId) {
            coOrders[index].status = .withdrawn
        }
    }
}
