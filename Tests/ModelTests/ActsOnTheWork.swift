import TestKit

// MARK: - The work and its review: 办理、审定、反馈

extension ModelCase {
    mutating func performAtWork(_ act: Act, at now: Moment) throws(Verdict) {
        switch act {
        case .fileOpinion:
            (hasBegun, hasOpinion) = (true, true)
            stop(.opinion)
        case .addProgress: hasBegun = true
        case .askPetitioner:
            guard questions < 2 else { throw .limitReached }
            ask(at: now)
        case .resume: endWait(at: now)
        case .fileResult(let named, let promise, let naming):
            try fileResult(without: named, promise, at: now)
            isReplyNaming = naming
        case .approve:
            if isReplyNaming { throw .notAccepted("identityInReply") }
            (status, hasUnseenSupplement) = (.approved, false)
            stop(.review)
            start(.publication, at: now)
            hold(.publisher, at: now)
        case .sendBack(let units):
            for index in coOrders.indices where units.contains(coOrders[index].unit) { coOrders[index].state = .open }
            hasUnseenSupplement = false
            sendBack(at: now)
        case .withdrawApproval:
            status = .reported
            stop(.publication)
            start(.review, at: now)
            hold(.office, at: now)
        default:
            guard case .confirmPublication(let onBoard) = act else { return }
            var faults: [Verdict] = []
            if hasUnseenSupplement { faults.append(.notAccepted("supplementUnseen")) }
            if onBoard, isWithheld || !isForBoard { faults.append(.notAccepted("notForBoard")) }
            try Verdict.throwOnly(faults)
            (status, unreached) = (.replied, 0)
            stop(.publication, .reply)
            start(.followUp, at: now)
            hold(.supervision, at: now)
        }
    }

    private mutating func fileResult(without named: [String], _ promise: Int?, at now: Moment) throws(Verdict) {
        if let due = dates[.result], coOrders.contains(where: { isMissing($0, named, due, at: now) }) {
            throw .refused(1008, "coOrdersOpen")
        }
        (status, hasBegun, extensionUntil, filedPromise) = (.reported, true, nil, promise)
        hasFollowed = false
        stop(.result, .opinion)
        start(.review, at: now)
        hold(.office, at: now)
    }

    /// The result waits for a required part, unless it is past its date and the result names its unit.
    private func isMissing(_ order: CoOrder, _ named: [String], _ due: Moment, at now: Moment) -> Bool {
        order.isRequired && order.state == .open
            && !(named.contains(order.unit) && now > Term.coOrder(before: due, urgency))
    }
}

// MARK: - What the petitioner says, and what follows: 回访、评价、重办

extension ModelCase {
    mutating func performAfterwards(_ act: Act, by who: Who, at now: Moment) throws(Verdict) {
        switch act {
        case .recordFollowUp(let asked, let visit, let isFalse):
            if isFalse, !visit { throw .open }
            try hear(isFalse ? .dissatisfied : asked, falseVisit: isFalse, isRating: false, visit: visit, at: now)
        case .rate(let asked):
            if asked == .unreachable { throw .open }
            try hear(asked, falseVisit: false, isRating: true, visit: false, at: now)
        case .ruleRound(let another):
            guard awaitsRuling else { throw .open }
            if another { rework(at: now) } else { close(at: now) }
        default:
            guard case .reopen(let entry) = act else { return }
            var faults: [Verdict] = try isWithin30Days(at: now) ? [] : [.tooLate]
            if who == .office {
                guard let entry else { throw .open }
                let isInstruction = timeline.indices.contains(entry - 1) && timeline[entry - 1].verb == "instruct"
                if !isInstruction { faults.append(.notAccepted("notAnInstruction")) }
            }
            try Verdict.throwOnly(faults)
            rework(at: now)
        }
    }

    private mutating func hear(
        _ asked: Act.Asked, falseVisit: Bool, isRating: Bool, visit: Bool, at now: Moment
    ) throws(Verdict) {
        if status == .closed {
            if !isRating, !visit { throw .open }
            if falseVisit { return rework(at: now) }
            guard isRating, asked == .dissatisfied, isHeard else { return }
            guard try isWithin30Days(at: now) else { throw .tooLate }
            if hasReopeningRating { throw .open }
            hasReopeningRating = true
            return rework(at: now)
        }
        if awaitsRuling { throw isRating && !isHeard ? .open : .notAccepted("awaitsRuling") }
        if isRating, !isHeard { return }
        switch asked {
        case .satisfied, .basicallySatisfied: close(at: now)
        case .unreachable:
            unreached += 1
            if unreached == 3 { close(at: now) }
        case .dissatisfied:
            refusals += 1
            if refusals == 1 { return rework(at: now) }
            stop(.followUp)
            start(.ruling, at: now)
            hold(.office, at: now)
        }
    }

    mutating func close(at now: Moment) {
        end(.closed, at: now)
        if let day = filedPromise { promises.append(Promise(dueOn: day)) }
        promises.sort { $0.dueOn < $1.dueOn }
        filedPromise = nil
    }

    /// What comes through the unit's own channel closes nothing and counts nothing; nor does a rating where the unit
    /// complained of has the case: there supervision asks itself.
    private var isHeard: Bool { !hasConflictGround && !isOwnersChannel }

    private var isOwnersChannel: Bool {
        guard channel == "housing-box", let lead else { return false }
        return Units.isAtOrAbove("housing", lead) || Units.isAtOrAbove(lead, "housing")
    }
}

// MARK: - 剔除、问责、挂账、归档

extension ModelCase {
    mutating func performOnMatters(_ act: Act, at now: Moment) throws(Verdict) {
        switch act {
        case .requestExclusion:
            if isExclusionAsked { throw .notAccepted("exclusionAsked") }
            isExclusionAsked = true
        case .decideExclusion:
            guard isExclusionAsked else { throw .notAccepted("noExclusionAsked") }
            isExclusionAsked = false
        case .openAccountability: openAccountabilities += 1
        case .recordAccountability: openAccountabilities -= 1
        case .settlePromise(let outcome):
            guard let promise = promises.first else { throw .open }
            switch outcome {
            case .kept: promises.removeFirst()
            case .moved(let day):
                if promise.wasMoved { throw .limitReached }
                if day <= promise.dueOn { throw .badParams }
                promises[0] = Promise(dueOn: day, wasMoved: true)
                promises.sort { $0.dueOn < $1.dueOn }
            case .broken:
                promises.removeFirst()
                if status == .closed { rework(at: now) }
            }
        default:  // seal
            // Whether an administrator may seal what has something open is not said.
            if hasOpenMatters { throw .open }
            status = .archived
        }
    }

    var hasOpenMatters: Bool { isExclusionAsked || openAccountabilities > 0 || !promises.isEmpty }
}

// MARK: - What the clock does

extension ModelCase {
    /// When the clock acts on this case next, if nobody does before.
    var lapsesAfter: Moment? {
        switch status {
        case .dispatched: dates[.claim]
        case .awaitingPetitioner: dates[.petitioner]
        case .replied: awaitsRuling ? nil : dates[.followUp]
        default: nil
        }
    }

    mutating func lapse(at now: Moment) {
        let from = status
        switch status {
        case .dispatched:
            (status, isClaimed, responsible) = (.claimed, true, "钱一把")
            stop(.claim)
        case .awaitingPetitioner: endWait(at: now)
        default: close(at: now)
        }
        timeline.append(Entry(at: now, actor: "system", verb: "lapse", from: from, to: status))
    }
}
