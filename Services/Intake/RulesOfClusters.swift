import Domain

/// 并件 — one matter, several messages: members run on their master's clocks until its reply is approved, and on their own
/// from then on.
extension Rules {
    /// - Parameters:
    ///   - superiors: of the master's lead and co-units, themselves included.
    /// - Throws: `.notAccepted` (`sameCase`, `masterNotOpen`, `hasMembers`, `reportsOnly`); `.conflictOfInterest` when the
    ///   member complains of those who handle the master.
    static func merge(
        _ member: CaseRecord, into master: CaseRecord, hasMembers: Bool, superiors: Set<UnitID>
    ) throws(Refusal) -> (member: Step, master: Step) {
        try checkMerge(member, into: master, hasMembers: hasMembers, superiors: superiors)
        return joined(member, to: master)
    }

    /// Whether one may be merged into the other; throws as `merge` does.
    static func checkMerge(
        _ member: CaseRecord, into master: CaseRecord, hasMembers: Bool, superiors: Set<UnitID>
    ) throws(Refusal) {
        guard member.id != master.id else { throw .notAccepted("sameCase", "不能并入自身") }
        guard master.status.isOpen else { throw .notAccepted("masterNotOpen", "主件已办结或已并入他件") }
        guard !hasMembers else { throw .notAccepted("hasMembers", "该件有并入件，不得再并入他件") }
        guard (member.type == .report) == (master.type == .report) else {
            throw .notAccepted("reportsOnly", "举报件只能与举报件合并")
        }
        guard superiors.isDisjoint(with: member.about) || (member.type != .report && master.hasConflictGround) else {
            throw Refusal(.conflictOfInterest, "conflictOfInterest", "主件正由该件所反映的单位或其下级办理")
        }
    }

    /// The merge of two cases that may be merged.
    static func joined(_ member: CaseRecord, to master: CaseRecord) -> (member: Step, master: Step) {
        (join(member, master), take(member, master))
    }

    private static func join(_ member: CaseRecord, _ master: CaseRecord) -> Step {
        var step = Step(member).noting("并入\(master.number.text)")
        step.record.release()
        for index in step.record.coOrders.indices where step.record.coOrders[index].status == .open {
            step.record.coOrders[index].status = .withdrawn
        }
        step.record.beginsAnew()
        step.record.dropExclusion()
        step.record.isDeclineProposed = false
        step.record.status = .merged
        step.record.holder = master.holder
        step.record.master = master.number
        step.record.proceedings.masters.append(master.number)
        step.clocks = Stage.allCases.map(ClockStep.stop)
        return step
    }

    /// The master takes the highest urgency, the earliest date of the result, and whom the member complains of.
    private static func take(_ member: CaseRecord, _ master: CaseRecord) -> Step {
        var step = Step(master).noting("并入件\(member.number.text)")
        step.record.about += member.about.filter { !master.about.contains($0) }
        if member.urgency > master.urgency, isUnanswered(master) {
            step = raise(step, to: member.urgency)
        }
        if let due = member.clocks[.result], due.isRunning { step.clocks.append(.cluster(due.dueAt)) }
        return step
    }

    /// So many petitioners of one matter raise it from ordinary to important, and never further.
    ///
    /// - Returns: `nil` when nothing changes.
    static func raise(_ master: CaseRecord, petitioners: Int, _ limits: Limits) -> Step? {
        guard petitioners >= limits.clusterRaisesAt, master.urgency == .ordinary, isUnanswered(master) else {
            return nil
        }
        return raise(Step(master).noting("已有\(petitioners)人反映同一事项，一般改为重要"), to: .important)
    }

    private static func raise(_ step: Step, to urgency: Urgency) -> Step {
        var step = step
        step.record.urgency = urgency
        step.clocks.append(.urgency)
        let owesOpinion = step.record.status.isWithUnit || step.record.status == .returning
        if urgency == .critical, owesOpinion, step.record.round == 1, !step.record.proceedings.hasOpinion {
            step.clocks.append(.start(.opinion))
        }
        return step
    }

    /// Whether the answer is still to be given.
    private static func isUnanswered(_ record: CaseRecord) -> Bool {
        record.status == .registered || record.status.isWithUnit || record.status == .returning
    }

    /// Who wrote a case, as far as keyed indexes tell.
    struct Mark: Hashable {
        var phone: [UInt8]?
        /// An account is somebody on its channel only.
        var account: [UInt8]?
        var channel: ChannelCode
    }

    /// How many different petitioners wrote: those who share a phone or an account are one, who left neither counts by
    /// themselves.
    static func petitioners(_ marks: [Mark]) -> Int {
        var (known, unknown) = ([Set<[UInt8]>](), 0)
        for mark in marks {
            let account = mark.account.map { Array(mark.channel.text.utf8) + [0] + $0 }
            let own = Set([mark.phone, account].compactMap { $0 })
            if own.isEmpty { unknown += 1 }
            guard !own.isEmpty else { continue }
            let same = known.filter { !$0.isDisjoint(with: own) }
            known.removeAll { !$0.isDisjoint(with: own) }
            known.append(same.reduce(own) { $0.union($1) })
        }
        return known.count + unknown
    }

    /// 移出并件 — the case is by itself again; what it was classified as stays.
    ///
    /// - Throws: `.notAccepted` (`masterApproved`).
    static func unmerge(
        _ member: CaseRecord, from master: CaseRecord, reason: Note, _ calendar: WorkCalendar, at now: Instant
    ) throws(Refusal) -> Step {
        guard !hasAnswer(master) else { throw .notAccepted("masterApproved", "主件已经审定，不得移出") }
        let days = calendar.workingDays(after: member.registeredAt.day, through: now.day)
        var step = Step(member).noting("移出并件。自登记起已过\(days)个工作日。\(reason.text)")
        step.record.status = .registered
        step.record.holder = member.isClassified ? .office : .registry
        step.record.master = nil
        step.record.proceedings.isWithdrawalAsked = false
        step.clocks = [.start(member.isClassified ? .dispatch : .registration)]
        return step
    }

    /// Whether the reply of a master is approved, so that its members follow.
    static func hasAnswer(_ master: CaseRecord) -> Bool {
        switch master.status {
        case .approved, .replied, .closed, .archived: true
        case .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .declined, .merged,
            .withdrawn:
            false
        }
    }

    /// 随主件审定 — the member has its master's unit and reply, and goes on by itself.
    ///
    /// - Parameter isSupplemented: something was added to it after the approval, which the office must see first.
    static func follow(_ member: CaseRecord, _ master: CaseRecord, isSupplemented: Bool) -> Step {
        var step = Step(member).noting("随主件\(master.number.text)一并审定")
        step.record.status = .approved
        step.record.holder = .publisher
        step.record.leadUnitId = master.leadUnitId
        step.record.letterNumber = master.letterNumber
        step.record.responsiblePerson = master.responsiblePerson
        step.record.hasConflictGround = master.hasConflictGround
        step.record.draftReply = master.approvedReply
        step.record.approvedReply = master.approvedReply
        step.record.approvedAt = master.approvedAt
        step.record.hasUnseenSupplement = isSupplemented
        if member.unitText == nil, member.isWithheldFromUnits {
            // What the unit has read so far, should the case come back to it.
            step.record.unitText = master.unitText ?? Essay(unchecked: master.body.text)
        }
        step.clocks = [.start(.publication)]
        if let reply = master.clocks[.reply] { step.clocks.append(.startDue(.reply, reply.dueAt)) }
        return step
    }
}
