import Domain

/// Handling's decisions. Pure: no clock, no database, no network.
enum Rules {
    /// 办理意见 — within the opinion clock of critical cases; allowed in all.
    static func fileOpinion(_ record: CaseRecord, _ opinion: Essay) -> Step {
        var step = Step(record).noting(opinion.text)
        step.record.proceedings.hasBegun = true
        step.record.proceedings.hasOpinion = true
        step.clocks = [.stop(.opinion)]
        return step
    }

    /// 进展 — a public one is an interim reply (阶段性答复), and must keep the petitioner's identity out as a reply must.
    static func addProgress(
        _ record: CaseRecord, _ note: Note, isPublic: Bool, _ identity: KnownIdentity?
    ) throws(Refusal) -> Step {
        if isPublic { try keepOut(identity, of: note.text) }
        var step = Step(record).noting(note.text, publicly: isPublic)
        step.record.proceedings.hasBegun = true
        return step
    }

    /// 协办情况 — the co-unit's part is done.
    static func fileCoResult(_ record: CaseRecord, by unit: UnitID, _ account: Essay) throws(Refusal) -> Step {
        guard let index = record.coOrders.firstIndex(where: { $0.unitId == unit && $0.status != .withdrawn }) else {
            throw Refusal(.notAllowed, "notCoUnit", "只有协办单位可以填报协办情况")
        }
        guard record.coOrders[index].status == .open else { throw .notAccepted("coResultFiled", "协办情况已经填报") }
        var step = Step(record).noting(account.text)
        step.record.coOrders[index].status = .done
        step.record.coOrders[index].objection = nil
        return step
    }

    /// 办理结果 — goes to the two offices for review.
    ///
    /// - Parameter overdueNamed: the co-units that the result says are past their date.
    /// - Throws: `.unknownReference` for one that is no co-unit of the case; `.coOrdersOpen` naming the units;
    ///   `.notAccepted` (`notAResult`) for interim words.
    static func fileResult(
        _ record: CaseRecord, reply: Essay, overdueNamed: [UnitID], _ calendar: WorkCalendar, at now: Instant
    ) throws(Refusal) -> Step {
        for (place, unit) in overdueNamed.enumerated() where !record.coOrders.contains(where: { $0.unitId == unit }) {
            throw .unknown("overdueCoUnits[\(place)]")
        }
        let due = record.clocks[.result].map { CoOrder.due(before: $0.dueAt, record.urgency, calendar) }
        let waitedFor = record.coOrders.filter { order in
            order.required && order.status == .open
                && !(overdueNamed.contains(order.unitId) && due.map { now > $0 } ?? false)
        }
        guard waitedFor.isEmpty else {
            throw Refusal(.coOrdersOpen, "coOrdersOpen", "尚有协办单位未办结", .units(waitedFor.map(\.unitId)))
        }
        guard !InterimWords.isAllOf(reply.text) else {
            throw .notAccepted("notAResult", "“已收悉”“已转办”“正在调查”等只是阶段性答复，“不属于本单位职责”不能作为办理结果")
        }
        var step = Step(record)
        step.record.status = .reported
        step.record.holder = .office
        step.record.draftReply = reply
        step.record.proceedings.hasBegun = true
        step.record.proceedings.extensionUntil = nil
        step.clocks = [.stop(.opinion), .stop(.result), .start(.review)]
        return step
    }

    /// 审定同意 — the reply may be published.
    static func approve(
        _ record: CaseRecord, _ identity: KnownIdentity?, comment: Note, at now: Instant
    ) throws(Refusal) -> Step {
        guard let reply = record.draftReply else { throw .notAccepted("noReply", "没有待审定的答复") }
        try keepOut(identity, of: reply.text)
        var step = Step(record).noting(comment.text)
        step.record.status = .approved
        step.record.holder = .publisher
        step.record.approvedReply = reply
        step.record.approvedAt = now
        step.record.hasUnseenSupplement = false
        step.clocks = [.stop(.review), .start(.publication)]
        return step
    }

    /// 发回重办 — a round more; due is the later of the old due date and the rework term. Only the co-orders that the office
    /// names are open again.
    static func sendBack(_ record: CaseRecord, comment: Note, reopen: [UnitID]) throws(Refusal) -> Step {
        var step = Step(record).noting(comment.text)
        for (place, unit) in reopen.enumerated() {
            guard let index = record.coOrders.firstIndex(where: { $0.unitId == unit && $0.status != .withdrawn }) else {
                throw .unknown("reopenCoOrders[\(place)]")
            }
            step.record.coOrders[index].status = .open
        }
        step.record.status = .claimed
        step.record.holder = .leadUnit
        step.record.round += 1
        step.record.unreachableCount = 0
        step.clocks = [.stop(.review), .sendBack]
        return step
    }

    /// 撤回审定 — the office has the result again, with its review term. What was published in an earlier round stands.
    static func withdrawApproval(_ record: CaseRecord, published: String?, reason: Note) -> Step {
        var step = Step(record).noting(reason.text)
        step.record.status = .reported
        step.record.holder = .office
        step.record.approvedReply = published.map(Essay.init(unchecked:))
        step.record.approvedAt = nil
        step.record.hasUnseenSupplement = false
        step.clocks = [.stop(.publication), .start(.review)]
        return step
    }

    /// 反馈 — the reply has reached the petitioner; supervision asks them next.
    ///
    /// - Throws: `.badParams` for a time before the approval or after now; `.notAccepted` (`notForBoard`,
    ///   `supplementUnseen`).
    static func confirmPublication(
        _ record: CaseRecord, _ way: PublicationWay, at published: Instant, now: Instant
    ) throws(Refusal) -> Step {
        // Callers' clocks show whole seconds.
        if let approved = record.approvedAt, published < approved.wholeSecond {
            throw .field("at", "lies before the approval")
        }
        guard published <= now else { throw .field("at", "lies in the future") }
        if way == .board, record.isWithheldFromUnits || !record.open {
            throw .notAccepted("notForBoard", "举报、保密或不公开的事项，答复不得在网上公布")
        }
        guard !record.hasUnseenSupplement else { throw .notAccepted("supplementUnseen", "审定后有补充内容，须由两办重新审定") }
        var step = Step(record).noting(record.approvedReply?.text, publicly: true)
        step.record.status = .replied
        step.record.holder = .supervision
        step.clocks = [.stop(.publication), .stop(.reply), .start(.followUp)]
        step.events = [.replyPublished]
        return step
    }

    /// - Throws: `.notAccepted` (`identityInReply`); see `KnownIdentity`.
    static func keepOut(_ identity: KnownIdentity?, of text: String) throws(Refusal) {
        try Domain.KnownIdentity.keepOut(identity, of: text)
    }

    typealias KnownIdentity = Domain.KnownIdentity
}
