import Domain

/// Supervision's decisions. Pure: no clock, no database, no network.
enum Rules {
    /// What a petitioner said, or a visit found.
    struct Finding: Equatable {
        var satisfaction: Satisfaction
        /// The work was reported as done and is not.
        var falseCompletion = false
        var note: String?
    }

    // MARK: 回访

    /// - Throws: `.badParams` for what a follow-up must say and does not.
    static func check(
        _ finding: Finding, _ method: FollowUpMethod, resolution: Resolution?, of type: CaseType
    ) throws(Refusal) {
        if finding.falseCompletion, !method.isVisit { throw .field("falseCompletion", "only with a visit") }
        if resolution == nil, finding.satisfaction != .unreachable, type.asksResolution {
            throw .field("resolution", "required")
        }
    }

    /// 回访 — accepted closes the case; the first time it is not accepted the unit works again, the second time the office
    /// must rule; the third attempt that reaches nobody closes it unrated. A visit that finds a false completion counts as
    /// not accepted, and reopens a closed case. Other visits to closed cases are on file and change nothing.
    static func followUp(
        _ record: CaseRecord, _ finding: Finding, _ method: FollowUpMethod, _ limits: Limits, at now: Instant
    ) throws(Refusal) -> Step {
        guard record.status == .closed else { return try answer(record, finding, limits, at: now) }
        guard method.isVisit else { throw .wrongStatus(.closed, for: .supervisor) }
        return finding.falseCompletion
            ? workAgain(Step(record).noting(finding.note)) : Step(record).noting(finding.note)
    }

    // MARK: 评价

    /// What stands between a rating and its effect: it came through the unit's own channel, or the office dispatched in
    /// spite of a conflict of interest and only supervision may ask.
    static func counts(_ record: CaseRecord, isOwnChannel: Bool) -> Bool { !isOwnChannel && !record.hasConflictGround }

    /// 评价 — the same, said through a channel. A dissatisfied rating reopens a closed case, once and within the limit.
    static func rate(
        _ record: CaseRecord, _ finding: Finding, counts: Bool, _ limits: Limits, at now: Instant
    ) throws(Refusal) -> Step {
        guard counts else { return Step(record).noting(finding.note) }
        guard record.status == .closed else { return try answer(record, finding, limits, at: now) }
        guard finding.satisfaction == .dissatisfied, !record.wasReopenedByRating else {
            return Step(record).noting(finding.note)
        }
        if let closed = record.closedAt, now > closed.adding(seconds: limits.reopenDays * 86_400) {
            throw .tooLate("办结已超过\(limits.reopenDays)日，不再因评价重办")
        }
        var step = workAgain(Step(record).noting(finding.note))
        step.record.wasReopenedByRating = true
        return step
    }

    private static func answer(
        _ record: CaseRecord, _ finding: Finding, _ limits: Limits, at now: Instant
    ) throws(Refusal) -> Step {
        guard !record.awaitsRuling else { throw .notAccepted("awaitsRuling", "第二次不满意后须由两办裁定") }
        var step = Step(record).noting(finding.note)
        if finding.falseCompletion { return notAccepted(step, limits) }
        switch finding.satisfaction {
        case .satisfied, .basicallySatisfied:
            return close(step, at: now)
        case .dissatisfied:
            return notAccepted(step, limits)
        case .unreachable:
            step.record.unreachableCount += 1
            return step.record.unreachableCount >= limits.unreachableMax ? close(step, at: now) : step
        }
    }

    /// 裁定 — after the second reply that was not accepted: a further round under a named leader, or closed as explained.
    static func rule(
        _ record: CaseRecord, anotherRoundUnder leader: Person?, ground: Note, at now: Instant
    ) throws(Refusal) -> Step {
        guard record.awaitsRuling else { throw .notAccepted("noRulingDue", "该件不在两办裁定之中") }
        let under = leader.map { "包案领导：\($0.name.text)（\($0.title.text)）。" } ?? "作解释说明后办结。"
        let step = Step(record).noting(under + ground.text)
        return leader == nil ? close(step, at: now) : workAgain(step)
    }

    private static func close(_ step: Step, at now: Instant) -> Step {
        var step = step
        step.record.status = .closed
        step.record.holder = .archive
        step.record.closedAt = now
        step.clocks = [.stop(.followUp), .stop(.ruling)]
        step.events = [.caseClosed]
        return step
    }

    private static func notAccepted(_ step: Step, _ limits: Limits) -> Step {
        var step = step
        step.record.dissatisfiedCount += 1
        guard step.record.dissatisfiedCount >= limits.dissatisfiedMax else { return workAgain(step) }
        step.record.holder = .office
        step.clocks = [.stop(.followUp), .start(.ruling)]
        return step
    }

    static func workAgain(_ step: Step) -> Step {
        var step = step
        step.record.status = .claimed
        step.record.holder = .leadUnit
        step.record.round += 1
        step.record.unreachableCount = 0
        step.record.closedAt = nil
        step.clocks = [.stop(.followUp), .stop(.ruling), .rework]
        return step
    }

    // MARK: 超时自动流转

    /// - Parameter head: the first responsible person (一把手) of the lead unit.
    /// - Throws: `.wrongStatus` for a case that no clock moves.
    static func lapse(_ record: CaseRecord, head: Name?, at now: Instant) throws(Refusal) -> Step {
        switch record.status {
        case .dispatched:
            var step = Step(record).noting("逾期未认领，由单位主要负责人负责")
            step.record.status = .claimed
            step.record.responsiblePerson = head.map { Person(name: $0, title: Name(unchecked: "主要负责人")) }
            step.clocks = [.stop(.claim)]
            return step
        case .awaitingPetitioner:
            var step = Step(record).noting("来信人逾期未补充，继续办理", publicly: true)
            step.record.status = .claimed
            step.record.holder = .leadUnit
            step.clocks = [.stop(.petitioner), .resume]
            return step
        case .replied where !record.awaitsRuling:
            return close(Step(record).noting("回访期满，未评价办结", publicly: true), at: now)
        default:
            throw .wrongStatus(record.status, for: .system)
        }
    }

    // MARK: 催办

    static func urge(_ record: CaseRecord, _ text: Note) -> Step { Step(record).noting(text.text) }

    // MARK: 时限

    /// Whether a recount by a changed calendar moves a running clock: later always, earlier only where the date was
    /// provisional and lies two or more working days ahead.
    static func moves(_ old: Clock, to new: Clock, _ calendar: WorkCalendar, at now: Instant) -> Bool {
        guard old.isRunning, new.dueAt != old.dueAt else { return false }
        if new.dueAt > old.dueAt { return true }
        return old.provisional && calendar.workingDays(after: now.day, through: new.dueAt.day) >= 2
    }

    /// The dates that a version of the calendar moves.
    static func move(_ record: CaseRecord, _ moves: [CalendarChange.Move], version: Int) -> Step {
        var step = Step(record).noting("放假安排调整（第\(version)版），时限相应变动")
        step.clocks = moves.map { .calendar($0.stage, $0.to) }
        return step
    }

    /// A day between the letter and the due date, and why it counts or does not.
    struct CountedDay: Equatable, Codable, Sendable {
        var day: Day
        var counts: Bool
        var why: String
    }

    static func days(of clock: Clock, _ urgency: Urgency, _ calendar: WorkCalendar) -> [CountedDay] {
        (clock.startedAt.day.number...max(clock.startedAt.day.number, clock.dueAt.day.number)).map { number in
            let day = Day(number: number)
            if urgency == .critical { return CountedDay(day: day, counts: true, why: "自然日，按小时连续计算") }
            if day == clock.startedAt.day { return CountedDay(day: day, counts: false, why: "起算当日不计") }
            if clock.pausedDays?.contains(day) ?? false {
                return CountedDay(day: day, counts: false, why: "当日终了时等待来信人补充，不计")
            }
            let (counts, why) = calendar.reason(day)
            return CountedDay(day: day, counts: counts, why: why)
        }
    }
}
