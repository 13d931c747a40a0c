import Domain

/// 延期、紧急程度 — what moves the result's due date while the unit works.
extension Rules {
    struct ExtensionRequest: Equatable {
        var until: Day
        var legalBasis: Note
        /// What the petitioner is told meanwhile (阶段性答复).
        var interimReply: Essay
    }

    /// 申请延期 — before the due date, at most twice, never for a critical case. The interim reply counts as progress.
    ///
    /// - Throws: `.tooLate`; `.notAccepted` (`critical`, `extensionPending`, `identityInReply`); `.limitReached`;
    ///   `.badParams` on `until`.
    static func requestExtension(
        _ record: CaseRecord, _ request: ExtensionRequest, _ identity: KnownIdentity?, _ terms: Terms, _ limits: Limits,
        _ calendar: WorkCalendar, at now: Instant
    ) throws(Refusal) -> Step {
        guard record.urgency != .critical else { throw .notAccepted("critical", "重大敏感事项不得延期") }
        guard let result = record.clocks[.result] else { throw .notAccepted("notDue", "该件没有办理时限") }
        guard !result.isPast(at: now) else { throw .tooLate("延期须在办理期限届满前提出") }
        guard record.proceedings.extensions < limits.extensionsMax else {
            throw Refusal(.limitReached, "limitReached", "一件事项最多延期\(limits.extensionsMax)次")
        }
        guard record.proceedings.extensionUntil == nil else {
            throw .notAccepted("extensionPending", "上一次延期申请尚未审批")
        }
        guard request.until > max(result.dueAt.day, now.day) else {
            throw .field("until", "must lie after the present due date")
        }
        let longest = terms.result.due(from: result.dueAt, calendar)
        guard request.until.end <= longest || request.legalBasis.text.contains("《") else {
            throw .field("until", "must not lie beyond the term counted again, unless a statute gives a longer one")
        }
        try KnownIdentity.keepOut(identity, of: request.interimReply.text)
        var step = Step(record).noting(request.interimReply.text, publicly: true)
        step.record.proceedings.extensions += 1
        step.record.proceedings.extensionUntil = request.until
        step.record.proceedings.hasBegun = true
        return step
    }

    /// 延期审批 — granted, the result is due at the end of the day asked for, and never earlier than it is. Asked in time
    /// and decided late, it is due at the end of the next working day at the earliest.
    ///
    /// - Throws: `.notAccepted` (`noExtensionPending`; `critical` for a grant).
    static func decideExtension(
        _ record: CaseRecord, _ decision: ExtensionDecision, ground: Note, _ calendar: WorkCalendar, at now: Instant
    ) throws(Refusal) -> Step {
        guard let until = record.proceedings.extensionUntil, let result = record.clocks[.result] else {
            throw .notAccepted("noExtensionPending", "没有待审批的延期申请")
        }
        if decision == .grant, record.urgency == .critical { throw .notAccepted("critical", "重大敏感事项不得延期") }
        let words = decision == .grant ? "同意延期至\(until)" : "不同意延期"
        var step = Step(record).noting("\(words)。\(ground.text)")
        step.record.proceedings.extensionUntil = nil
        var due = result.dueAt
        if decision == .grant { due = max(due, until.end) }
        // What was asked for in time and is decided late does not make the unit late.
        if result.isPast(at: now) { due = max(due, calendar.day(1, after: now.day).end) }
        if due > result.dueAt { step.clocks = [.extend(due)] }
        return step
    }

    /// 调整紧急程度 — from now on the earlier of the old due date and the new term counted from now. Lowering only before the
    /// result is due. A case that becomes critical owes an opinion, unless it has given one or was already answered.
    ///
    /// - Throws: `.notAccepted` (`sameUrgency`); `.tooLate`.
    static func changeUrgency(
        _ record: CaseRecord, to urgency: Urgency, ground: Note, at now: Instant
    ) throws(Refusal) -> Step {
        guard urgency != record.urgency else { throw .notAccepted("sameUrgency", "紧急程度没有变化") }
        if urgency < record.urgency, record.clocks[.result]?.isPast(at: now) ?? false {
            throw .tooLate("办理期限届满后不得降低紧急程度")
        }
        var step = Step(record)
            .noting("\(record.urgency.chinese)改为\(urgency.chinese)。\(ground.text)")
        step.record.urgency = urgency
        step.clocks = [.urgency]
        if urgency == .critical, record.round == 1, !record.proceedings.hasOpinion {
            step.clocks.append(.start(.opinion))
        }
        return step
    }
}

extension Clock {
    /// Whether it has run out; a clock that pauses does not.
    func isPast(at now: Instant) -> Bool { (isPaused ? pausedAt ?? now : now) > dueAt }
}
