import Domain

/// 待来信人补充 — the lead unit asks the petitioner, and goes on when it has the answer or needs none.
extension Rules {
    /// The question is read by the petitioner, so it must keep identities out as a reply must. The unit's clocks pause;
    /// those of critical cases go on.
    ///
    /// - Throws: `.limitReached`; `.notAccepted` (`identityInReply`).
    static func askPetitioner(
        _ record: CaseRecord, _ question: Note, _ identity: KnownIdentity?, _ limits: Limits
    ) throws(Refusal) -> Step {
        guard record.proceedings.questions < limits.questionsMax else {
            throw Refusal(.limitReached, "limitReached", "向来信人提问已达\(limits.questionsMax)次")
        }
        try keepOut(identity, of: question.text)
        var step = Step(record).noting(question.text, publicly: true)
        step.record.status = .awaitingPetitioner
        step.record.holder = .petitioner
        step.record.proceedings.questions += 1
        step.clocks = [.pause, .start(.petitioner)]
        return step
    }

    /// 继续办理 — the unit waits no longer.
    static func resume(_ record: CaseRecord, _ note: Note) -> Step {
        var step = Step(record).noting(note.text)
        step.record.status = .claimed
        step.record.holder = .leadUnit
        step.clocks = [.stop(.petitioner), .resume]
        return step
    }
}
