import Domain

/// 撤件、恢复受理 — a petitioner takes a message back; the office takes a decline back.
extension Rules {
    /// 撤件 — before dispatch at once; afterwards supervision must first ask the petitioner whether it is their own will.
    ///
    /// - Throws: `.notAccepted` (`notWithdrawable`, `hasMembers`, `withdrawalAsked`).
    static func withdraw(
        _ record: CaseRecord, reason: Note, hasMembers: Bool, at now: Instant
    ) throws(Refusal) -> Step {
        guard record.type != .report, record.urgency != .critical else {
            throw .notAccepted("notWithdrawable", "举报件、重大敏感件不得撤回")
        }
        guard !hasMembers else { throw .notAccepted("hasMembers", "该件有并入件，须先移出") }
        var step = Step(record).noting(reason.text)
        guard record.status == .registered else {
            guard !record.proceedings.isWithdrawalAsked else {
                throw .notAccepted("withdrawalAsked", "已申请撤件，待督查部门核实")
            }
            step.record.proceedings.isWithdrawalAsked = true
            return step
        }
        // Asked for before it came back to the registry, and done now.
        step.record.proceedings.isWithdrawalAsked = false
        step.record.status = .withdrawn
        step.record.holder = .archive
        step.record.closedAt = now
        step.clocks = Stage.allCases.map(ClockStep.stop)
        step.events = [.caseClosed]
        return step
    }

    /// 恢复受理 — a declined case is the registry's again, as if it were new.
    ///
    /// - Throws: `.tooLate` when the policy's days since the decline have passed.
    static func recall(_ record: CaseRecord, reason: Note, _ limits: Limits, at now: Instant) throws(Refusal) -> Step {
        if let declined = record.closedAt, now > declined.adding(seconds: limits.recallDays * 86_400) {
            throw .tooLate("不予受理已超过\(limits.recallDays)日，不得恢复受理")
        }
        var step = Step(record).noting(reason.text)
        step.record.status = .registered
        step.record.holder = .registry
        step.record.isClassified = false
        step.record.isDeclineProposed = false
        step.record.approvedReply = nil
        step.record.closedAt = nil
        step.clocks = [.start(.registration)]
        return step
    }
}
