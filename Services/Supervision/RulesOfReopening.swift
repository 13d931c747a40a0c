import Domain

/// 重新办理、撤件核实 — a closed case is taken up again; one whose petitioner takes it back ends.
extension Rules {
    /// 重新办理 — a round more, within the policy's days after closing.
    ///
    /// - Parameter instruction: the leader's instruction on which the office acts.
    /// - Throws: `.tooLate`.
    static func reopen(
        _ record: CaseRecord, reason: Note, instruction: Int?, _ limits: Limits, at now: Instant
    ) throws(Refusal) -> Step {
        if let closed = record.closedAt, now > closed.adding(seconds: limits.reopenDays * 86_400) {
            throw .tooLate("办结已超过\(limits.reopenDays)日，不得重新办理")
        }
        let ground = instruction.map { "依据时间线第\($0)条批示。" } ?? ""
        return workAgain(Step(record).noting(ground + reason.text))
    }

    /// - Returns: the entry of the instruction; `nil` where none was named.
    /// - Throws: `.notAccepted` (`notAnInstruction`) for another entry, or none.
    static func instruction(_ seq: Int?, among timeline: [(seq: Int, action: CaseAction)]) throws(Refusal) -> Int? {
        guard let seq else { return nil }
        guard timeline.contains(where: { $0.seq == seq && $0.action == .instruct }) else {
            throw .notAccepted("notAnInstruction", "所引条目不是该件的领导批示")
        }
        return seq
    }

    /// 撤件核实 — the petitioner has said by phone that it is their own will.
    ///
    /// - Throws: `.notAccepted` (`noWithdrawalAsked`, `notWithdrawable`, `hasMembers`).
    static func confirmWithdrawal(
        _ record: CaseRecord, note: Note, hasMembers: Bool, at now: Instant
    ) throws(Refusal) -> Step {
        guard record.proceedings.isWithdrawalAsked else { throw .notAccepted("noWithdrawalAsked", "没有待核实的撤件申请") }
        guard record.type != .report, record.urgency != .critical else {
            throw .notAccepted("notWithdrawable", "举报件、重大敏感件不得撤回")
        }
        guard !hasMembers else { throw .notAccepted("hasMembers", "该件有并入件，须先移出") }
        var step = Step(record).noting(note.text)
        step.record.status = .withdrawn
        step.record.holder = .archive
        step.record.closedAt = now
        step.record.proceedings.isWithdrawalAsked = false
        step.record.dropExclusion()
        step.clocks = Stage.allCases.map(ClockStep.stop)
        step.events = [.caseClosed]
        return step
    }
}
