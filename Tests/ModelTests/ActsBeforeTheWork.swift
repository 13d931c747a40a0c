import TestKit

extension ModelCase {
    /// What an act on this case alone does, after the checks: a refusal by a rule, or the new state.
    mutating func perform(_ act: Act, by who: Who, at now: Moment) throws(Verdict) {
        let from = status
        switch act {
        case .classify, .sort, .proposeDecline, .confirmDecline, .recall, .withdraw, .supplement, .confirmWithdrawal:
            try performAtTheDesk(act, by: who, at: now)
        case .dispatch, .claim, .changeResponsible, .requestReturn, .decideReturn, .reassign, .requestExtension,
            .decideExtension, .changeUrgency:
            try performOnTheLetter(act, at: now)
        case .addCoOrder, .withdrawCoOrder, .objectCoOrder, .decideCoObjection, .fileCoResult:
            try performOnCoOrders(act, by: who, at: now)
        case .fileOpinion, .addProgress, .askPetitioner, .resume, .fileResult, .approve, .sendBack, .withdrawApproval,
            .confirmPublication:
            try performAtWork(act, at: now)
        case .recordFollowUp, .rate, .ruleRound, .reopen:
            try performAfterwards(act, by: who, at: now)
        case .requestExclusion, .decideExclusion, .openAccountability, .recordAccountability, .settlePromise, .seal:
            try performOnMatters(act, at: now)
        case .instruct, .urge: break
        case .merge, .unmerge: preconditionFailure("an act on two cases")
        }
        timeline.append(Entry(at: now, actor: who.word, verb: act.verb, from: from, to: status))
    }
}

// MARK: - The desks: 登记、不予受理、撤件

extension ModelCase {
    private mutating func performAtTheDesk(_ act: Act, by who: Who, at now: Moment) throws(Verdict) {
        switch act {
        case .classify(let urgency, let unitText):
            if status != .registered, urgency != nil { throw .open }
            if let urgency { self.urgency = urgency }
            hasUnitText = hasUnitText || unitText
            if status == .registered { passToOffice(at: now) }
        case .sort(let about, let confidential):
            try sort(about, confidential)
            if status == .registered { passToOffice(at: now) }
        case .proposeDecline:
            isDeclineProposed = true
            passToOffice(at: now)
        case .confirmDecline:
            guard isDeclineProposed else { throw .notAccepted("noProposal") }
            end(.declined, at: now)
        case .recall:
            guard try isWithin30Days(at: now) else { throw .tooLate }
            beginAnew(at: now)
        case .withdraw:
            guard !isReport, !urgency.isCritical else { throw .notAccepted("notWithdrawable") }
            if status != .registered, isWithdrawalAsked { throw .notAccepted("withdrawalAsked") }
            isWithdrawalAsked = status != .registered
            if status == .registered { end(.withdrawn, at: now) }
        case .confirmWithdrawal:
            guard isWithdrawalAsked else { throw .notAccepted("noWithdrawalAsked") }
            if urgency.isCritical { throw .notAccepted("notWithdrawable") }
            (isWithdrawalAsked, isExclusionAsked) = (false, false)
            end(.withdrawn, at: now)
        default:  // supplement
            if status == .awaitingPetitioner { endWait(at: now) }
            if status == .reported || status == .approved { hasUnseenSupplement = true }
        }
    }

    /// With a unit, the case must still be one that its unit may have, and read.
    private mutating func sort(_ about: [String]?, _ confidential: Bool?) throws(Verdict) {
        var sorted = self
        if let about { sorted.about = Set(about) }
        if let confidential { sorted.isConfidential = confidential }
        var faults: [Verdict] = []
        if status != .registered {
            if sorted.isWithheld, !hasUnitText { faults.append(.notAccepted("unitTextMissing")) }
            let isOnGround = !isReport && hasConflictGround
            if sorted.about != self.about, !isOnGround, handlers.contains(where: sorted.complains) {
                faults.append(.conflictOfInterest)
            }
        }
        try Verdict.throwOnly(faults)
        self = sorted
    }

    /// The registry has sorted it: from now on it is the office's.
    private mutating func passToOffice(at now: Moment) {
        guard !isClassified else { return }
        isClassified = true
        stop(.registration)
        start(.dispatch, at: now)
        hold(.office, at: now)
    }

    /// On the last day itself the text leaves the hour open.
    func isWithin30Days(at now: Moment) throws(Verdict) -> Bool {
        let days = now.day - overAt.day
        if days == 30 { throw .open }
        return days < 30
    }
}

// MARK: - The letter: 交办、认领、退单、改派、延期

extension ModelCase {
    private mutating func performOnTheLetter(_ act: Act, at now: Moment) throws(Verdict) {
        switch act {
        case .dispatch(let unit, let parts, let onGround):
            let units = [unit] + parts.map(\.unit)
            try Verdict.throwOnly(textFaults + conflictFaults(units, onGround: onGround))
            deliver(to: unit, at: now)
            hasConflictGround = units.contains(where: complains)
            coOrders = parts.map { CoOrder(unit: $0.unit, isRequired: $0.isRequired, orderedAt: now) }
        case .claim:
            (status, isClaimed, responsible) = (.claimed, true, "王主任")
            stop(.claim)
        case .changeResponsible: responsible = "周主任"
        case .requestReturn: try requestReturn(at: now)
        case .decideReturn(let ruling, let onGround): try decide(ruling, onGround: onGround, at: now)
        case .reassign(let unit, let onGround): try redirect(to: unit, onGround: onGround, at: now)
        case .requestExtension(let until, let byStatute):
            try requestExtension(until: until, byStatute: byStatute, at: now)
        case .decideExtension(let grant): try decideExtension(grant, at: now)
        default:
            guard case .changeUrgency(let urgency) = act else { return }
            if urgency == self.urgency { throw .notAccepted("sameUrgency") }
            if urgency.rank < self.urgency.rank, isResultPast(at: now) { throw .tooLate }
            change(to: urgency, at: now)
        }
    }

    private mutating func requestReturn(at now: Moment) throws(Verdict) {
        guard returns < 2 else { throw .limitReached }
        let isLate = now > Term.objection(urgency).due(from: letterAt)
        if isLate && hasBegun { throw .open }
        if isLate { throw .tooLate }
        if hasBegun { throw .notAccepted("workBegun") }
        (statusBeforeReturn, status, returns) = (status, .returning, returns + 1)
        start(.returning, at: now)
        hold(.office, at: now)
    }

    private var textFaults: [Verdict] { isWithheld && !hasUnitText ? [.notAccepted("unitTextMissing")] : [] }

    /// A report never goes to those it complains of; anything else on a ground only.
    private func conflictFaults(_ units: [String], onGround: Bool) -> [Verdict] {
        (isReport || !onGround) && units.contains(where: complains) ? [.conflictOfInterest] : []
    }

    /// To another unit, by letter. Its own part as a co-unit is over; the other co-units go on.
    private mutating func redirect(to unit: String, onGround: Bool, at now: Moment) throws(Verdict) {
        let others = coOrders.filter { $0.state == .open && $0.unit != unit }.map(\.unit)
        var faults = textFaults
        if unit == lead { faults.append(.notAccepted("sameUnit")) }
        faults += Set(
            conflictFaults([unit], onGround: onGround)
                + conflictFaults(others, onGround: onGround || hasConflictGround))
        try Verdict.throwOnly(faults)
        for index in coOrders.indices where coOrders[index].unit == unit && coOrders[index].state == .open {
            coOrders[index].state = .withdrawn
        }
        deliver(to: unit, at: now)
        hasConflictGround = ([unit] + others).contains(where: complains)
    }

    private mutating func decide(_ ruling: Act.Ruling, onGround: Bool, at now: Moment) throws(Verdict) {
        switch ruling {
        case .toUnit(let unit): try redirect(to: unit, onGround: onGround, at: now)
        case .toRegistry: beginAnew(at: now)
        case .deny:
            status = statusBeforeReturn
            stop(.returning)
            hold(lead.map(Holder.unit) ?? .registry, at: now)
            guard let due = dates[.returning], now > due else { return }
            giveBack(from: due, until: now)
        }
    }

    private mutating func requestExtension(until: Int, byStatute: Bool, at now: Moment) throws(Verdict) {
        if urgency.isCritical { throw .notAccepted("critical") }
        let due = dates[.result] ?? now
        var faults: [Verdict] = []
        if extensionUntil != nil { faults.append(.notAccepted("extensionPending")) }
        if extensions == 2 { faults.append(.limitReached) }
        if isResultPast(at: now) { faults.append(.tooLate) }
        // No longer than the reply term again, or a statutory period with its basis.
        let longest = WorkDays.day(urgency == .ordinary ? 7 : 3, after: due.day)
        if until <= max(due.day, now.day) || (until > longest && !byStatute) { faults.append(.badParams) }
        try Verdict.throwOnly(faults)
        (extensionUntil, extensions, hasBegun) = (until, extensions + 1, true)
    }

    private mutating func decideExtension(_ grant: Bool, at now: Moment) throws(Verdict) {
        guard let until = extensionUntil, let due = dates[.result] else { throw .notAccepted("noExtensionPending") }
        if grant, urgency.isCritical { throw .notAccepted("critical") }
        extensionUntil = nil
        // Asked in time, decided late: the unit does not answer for the office's delay.
        let isLate = isResultPast(at: now)
        let next = isLate ? Moment.end(of: WorkDays.day(1, after: now.day)) : due
        let decided = grant ? max(.end(of: until), next) : next
        guard decided > due else { return }
        // The days of waiting so far belong to the old date.
        settlePause(at: now)
        fixedOn = decided.day
        setResult(decided)
    }
}

// MARK: - Co-units: 协办、转办

extension ModelCase {
    private mutating func performOnCoOrders(_ act: Act, by who: Who, at now: Moment) throws(Verdict) {
        switch act {
        case .addCoOrder(let part):
            var faults = faultsBeneath(part.unit, by: who)
            if part.unit == lead { faults.append(.notAccepted("isLeadUnit")) }
            faults += conflictFaults([part.unit], onGround: hasConflictGround)
            if coOrders.contains(where: { $0.unit == part.unit && $0.state == .open }) {
                faults.append(.notAccepted("alreadyCoUnit"))
            }
            try Verdict.throwOnly(faults)
            coOrders.removeAll { $0.unit == part.unit }
            coOrders.append(CoOrder(unit: part.unit, isRequired: part.isRequired, orderedAt: now))
        case .withdrawCoOrder(let unit):
            var faults = faultsBeneath(unit, by: who)
            let index = coOrders.lastIndex { $0.unit == unit && $0.state != .withdrawn }
            if index == nil { faults.append(.notAccepted("notCoUnit")) }
            try Verdict.throwOnly(faults)
            guard let index, coOrders[index].state == .open else { throw .open }
            (coOrders[index].state, coOrders[index].isContested) = (.withdrawn, false)
        case .objectCoOrder:
            guard case .unit(let unit) = who else { return }
            let index = try order(of: unit)
            if coOrders[index].state != .open { throw .open }
            let isLate = now > Term.objection(urgency).due(from: coOrders[index].orderedAt)
            if coOrders[index].hasObjected { throw isLate ? .open : .limitReached }
            if isLate { throw .tooLate }
            (coOrders[index].isContested, coOrders[index].hasObjected) = (true, true)
        case .decideCoObjection(let unit, let accept):
            guard let index = coOrders.lastIndex(where: { $0.unit == unit }), coOrders[index].isContested else {
                throw .notAccepted("noObjection")
            }
            coOrders[index].isContested = false
            if accept { coOrders[index].state = .withdrawn }
        default:  // fileCoResult
            guard case .unit(let unit) = who else { return }
            let index = try order(of: unit)
            if coOrders[index].state == .done { throw .notAccepted("coResultFiled") }
            (coOrders[index].state, coOrders[index].isContested) = (.done, false)
        }
    }

    private func order(of unit: String) throws(Verdict) -> Int {
        guard let index = coOrders.lastIndex(where: { $0.unit == unit }), coOrders[index].state != .withdrawn else {
            throw .notAccepted("notCoUnit")
        }
        return index
    }

    /// 转办 — a lead unit orders only those beneath it.
    private func faultsBeneath(_ unit: String, by who: Who) -> [Verdict] {
        guard case .unit(let lead) = who, unit == lead || !Units.isAtOrAbove(lead, unit) else { return [] }
        return [.notAccepted("notBeneath")]
    }
}
