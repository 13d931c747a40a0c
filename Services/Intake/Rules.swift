import Domain

/// Intake's decisions. Pure: no clock, no database, no network.
enum Rules {
    /// Sources post to the channels they are bound to, and to no others.
    static func admit(_ channel: ChannelCode, by caller: Caller) throws(Refusal) {
        guard caller.role != .source || caller.channels.contains(channel) else {
            throw Refusal(.notAllowed, "notYourChannel", "来源未绑定这一渠道")
        }
    }

    /// Nothing was posted or captured in the future; five minutes are left for clocks that differ.
    static func notInFuture(_ time: Instant?, _ path: String, at now: Instant) throws(Refusal) {
        guard let time, time > now.adding(seconds: 300) else { return }
        throw .field(path, "lies in the future")
    }

    /// 登记 — the registry holds the case and its clock starts.
    static func register(_ record: CaseRecord) -> Step {
        var step = Step(record)
        step.clocks = [.start(.registration)]
        return step
    }

    /// 分类 — what the registry makes of a case. The first classification hands it to the office.
    struct Classification: Equatable {
        var category: CategoryCode?
        var urgency: Urgency?
        var divisionCode: DivisionCode?
        var type: CaseType?
        var about: [UnitID]?
        var confidential: Bool?
        var unitText: Essay?
        var proposedUnitId: UnitID?
        var proposal: Note?
    }

    /// - Throws: `.notAccepted`: after dispatch the urgency is changed by `changeUrgency` only, and a case that units may
    ///   not read as filed needs its `unitText`.
    static func classify(_ record: CaseRecord, as found: Classification) throws(Refusal) -> Step {
        var step = Step(record)
        if let urgency = found.urgency, urgency != record.urgency {
            guard record.status == .registered else {
                throw .notAccepted("useChangeUrgency", "交办之后只能通过变更紧急程度办理")
            }
            step.record.urgency = urgency
            if record.isClassified { step.clocks.append(.urgency) }
        }
        step.record.category = found.category ?? record.category
        step.record.divisionCode = found.divisionCode ?? record.divisionCode
        step.record.type = found.type ?? record.type
        step.record.about = found.about ?? record.about
        step.record.confidential = found.confidential ?? record.confidential
        step.record.unitText = found.unitText ?? record.unitText
        step.record.proposedUnitId = found.proposedUnitId ?? record.proposedUnitId
        step.record.proposal = found.proposal ?? record.proposal
        if record.status != .registered, step.record.isWithheldFromUnits, step.record.unitText == nil {
            throw .notAccepted("unitTextMissing", "密件、保密件交办单位前须有摘编件")
        }
        step.note = found.proposal?.text
        return handToOffice(step)
    }

    /// After dispatch the unit must still be one that may have the case: a report never stays with those it complains of,
    /// anything else only where the office dispatched on a recorded ground.
    ///
    /// - Parameter superiors: of the lead and the co-units, themselves included.
    static func checkConflict(_ record: CaseRecord, superiors: Set<UnitID>) throws(Refusal) {
        guard record.type == .report || !record.hasConflictGround else { return }
        guard superiors.isDisjoint(with: record.about) else {
            throw Refusal(.conflictOfInterest, "conflictOfInterest", "被反映的单位或其下级正在办理该件，须先改派")
        }
    }

    /// 拟不予受理 — the office decides.
    static func proposeDecline(_ record: CaseRecord, explanation: Essay) -> Step {
        var step = Step(record).noting(explanation.text)
        step.record.isDeclineProposed = true
        return handToOffice(step)
    }

    /// What hands a message over to somebody else is on file: to whom, under which receipt, when.
    static func checkHandOver(_ ground: DeclineGround, isTransferred: Bool) throws(Refusal) {
        if ground == .emergencyLine, !isTransferred { throw .field("transferredTo", "required") }
    }

    /// 不予受理 — the petitioner is told the ground and the right channel.
    static func confirmDecline(_ record: CaseRecord, answer: Essay, at now: Instant) throws(Refusal) -> Step {
        guard record.isDeclineProposed else { throw .notAccepted("noProposal", "尚无不予受理的建议") }
        var step = Step(record).noting(answer.text, publicly: true)
        step.record.status = .declined
        step.record.holder = .archive
        step.record.approvedReply = answer
        step.record.closedAt = now
        step.clocks = [.stop(.registration), .stop(.dispatch)]
        step.events = [.caseClosed]
        return step
    }

    static func declineAnswer(_ ground: DeclineGround, _ explanation: Essay, rightChannel: Note?) -> Essay {
        let channel = rightChannel.map { "请通过以下渠道反映：\($0.text)" } ?? ""
        return Essay(unchecked: "不予受理。理由：\(ground.chinese)。\(explanation.text)\(channel)")
    }

    /// 补充 — ends the waiting for the petitioner; after the approval the office must see it before publication.
    static func supplement(_ record: CaseRecord, _ text: String) -> Step {
        var step = Step(record).noting(text)
        if record.status == .awaitingPetitioner {
            step.record.status = .claimed
            step.record.holder = .leadUnit
            step.clocks = [.stop(.petitioner), .resume]
        }
        if record.status == .approved { step.record.hasUnseenSupplement = true }
        return step
    }

    /// The desks and the unit that claimed the case may learn who wrote; of reports and confidential cases no unit may.
    static func reveal(_ record: CaseRecord, to caller: Caller) throws(Refusal) {
        guard caller.role == .unit else { return }
        guard caller.leads(record) else { throw .notLeadUnit }
        guard !record.isWithheldFromUnits else { throw Refusal(.notAllowed, "withheld", "密件、保密件不向单位提供来信人身份") }
        guard record.responsiblePerson != nil else { throw Refusal(.notAllowed, "notClaimingUnit", "认领之后方可查看来信人身份") }
    }

    private static func handToOffice(_ step: Step) -> Step {
        var step = step
        guard step.record.status == .registered, !step.record.isClassified else { return step }
        step.record.isClassified = true
        step.record.holder = .office
        step.clocks = [.stop(.registration), .start(.dispatch)]
        return step
    }
}
