import Domain

/// 督办的步骤 — the ladder's in their order, then what leads to a card without being a rung of it.
enum SupervisionStep: String, Word {
    /// 预警, 催办, 催办通知书, 督办函, 约谈, 问责建议
    case warning, urge, notice, supervisionLetter, interview, accountability
    /// 逾期未认领, 第二次申请延期, 第二次回访不满意
    case claimLapsed, secondExtension, secondDissatisfied

    /// 蓝牌, 黄牌, 红牌 — what a unit is given with the step.
    var card: CardColour? {
        switch self {
        case .warning, .urge, .interview, .accountability: nil
        case .claimLapsed: .blue
        case .notice: .yellow
        case .supervisionLetter, .secondExtension, .secondDissatisfied: .red
        }
    }
}

/// 牌
enum CardColour: String, Word { case blue, yellow, red }

/// 督办阶梯 — which steps are due against whom, and which of those on file a later change has made wrong.
extension Rules {
    /// A step that was taken.
    struct StepOnFile: Equatable {
        var id: Int64
        var step: SupervisionStep
        var stage: Stage
        /// The start of the clock whose step it is.
        var startedAt: Instant
        var ordinal: Int
        /// The due date by which it was taken.
        var dueAt: Instant
        var takenAt: Instant
        var isWrong: Bool
    }

    /// A step to take now.
    struct DueStep: Equatable {
        var step: SupervisionStep
        var stage: Stage
        var startedAt: Instant
        var ordinal: Int
        var holder: Party
        var unitId: UnitID?
        var dueAt: Instant
        /// With a card.
        var explainBy: Instant?
    }

    /// What one look at a case finds.
    struct Look: Equatable {
        var due: [DueStep] = []
        var wrong: [WrongStep] = []
        /// `nil` for never, until something changes.
        var next: Instant?
    }

    struct WrongStep: Equatable {
        var id: Int64
        /// The due date that made it so.
        var dueAt: Instant
    }

    /// A sealed case stays as it is, also when the news of its dispatch comes late.
    ///
    /// - Parameter onFile: all steps of the case.
    static func look(
        at record: WatchedCase, _ onFile: [StepOnFile], _ ladders: PolicyHistory<LadderPolicy>,
        _ calendar: WorkCalendar, at now: Instant
    ) -> Look {
        guard record.status != .archived else { return Look() }
        var look = Look(wrong: wrong(record, onFile, ladders, calendar))
        let wrong = Set(look.wrong.map(\.id))
        var moments: [Instant] = []
        for clock in record.running {
            for rung in rungs(of: clock, record.urgency, ladders.value(at: clock.startedAt), calendar) {
                let same = onFile.filter {
                    $0.step == rung.step && $0.stage == clock.stage && $0.startedAt == clock.startedAt
                }
                if same.contains(where: { !$0.isWrong && !wrong.contains($0.id) }) { continue }
                if rung.at > now {
                    moments.append(rung.at)
                } else {
                    look.due.append(
                        step(rung.step, of: clock, record, ordinal: same.count, ladders, calendar, at: now))
                }
            }
        }
        look.due += cards(record, onFile, ladders, calendar, at: now)
        look.next = next(moments, record, at: now)
        return look
    }

    /// A changed calendar may bring a paper forward without moving a due date, so what is overdue and counts in working days
    /// is looked at every day.
    private static func next(_ moments: [Instant], _ record: WatchedCase, at now: Instant) -> Instant? {
        guard let first = moments.min() else { return nil }
        let isOverdue = record.running.contains { $0.dueAt <= now }
        return isOverdue && record.urgency != .critical ? min(first, now.day.advanced(by: 1).start) : first
    }

    /// A step is wrong when it came too early by the due date as an extension or the calendar has left it, and a paper also
    /// when its working day is one no more. What has stopped is judged too; a changed urgency makes nothing wrong.
    private static func wrong(
        _ record: WatchedCase, _ onFile: [StepOnFile], _ ladders: PolicyHistory<LadderPolicy>, _ calendar: WorkCalendar
    ) -> [WrongStep] {
        onFile.compactMap { file in
            guard !file.isWrong, let clock = record.clocks[file.stage], clock.startedAt == file.startedAt else {
                return nil
            }
            let rungs = rungs(of: clock, record.urgency, ladders.value(at: clock.startedAt), calendar)
            guard let rung = rungs.first(where: { $0.step == file.step }), rung.at > file.takenAt else { return nil }
            let isPaper = ![.warning, .urge].contains(file.step)
            guard clock.dueAt > file.dueAt || isPaper && record.urgency != .critical else { return nil }
            return WrongStep(id: file.id, dueAt: clock.dueAt)
        }
    }

    /// The steps of a clock and when each is due: a warning when the lamp turns yellow, an urge at the due date, and then the
    /// papers. The claim and the opinion have two steps, the desks three.
    static func rungs(
        of clock: Clock, _ urgency: Urgency, _ ladder: LadderPolicy, _ calendar: WorkCalendar
    ) -> [(step: SupervisionStep, at: Instant)] {
        let steps: [(step: SupervisionStep, at: Instant)] = [(.warning, clock.warnAt), (.urge, clock.dueAt)]
        let notice = paper(ladder.noticeDays, after: clock.dueAt, urgency, ladder, calendar)
        switch clock.stage {
        case .petitioner, .reply:
            return []
        case .claim, .opinion:
            return steps
        case .registration, .dispatch, .returning, .review, .publication, .followUp, .ruling:
            return steps + [(.notice, notice)]
        case .result:
            let papers: [(SupervisionStep, Int)] = [
                (.supervisionLetter, ladder.letterDays), (.interview, ladder.interviewDays),
                (.accountability, ladder.accountabilityDays),
            ]
            return steps + [(.notice, notice)]
                + papers.map { (step: $0, at: paper($1, after: notice, urgency, ladder, calendar)) }
        }
    }

    /// When a paper goes out: in the office hours of a working day; where the case is critical, so many times 24 hours on.
    private static func paper(
        _ days: Int, after start: Instant, _ urgency: Urgency, _ ladder: LadderPolicy, _ calendar: WorkCalendar
    ) -> Instant {
        urgency == .critical
            ? start.adding(seconds: days * 86_400)
            : Instant(calendar.day(days, after: start.day), second: ladder.paperHour * 3600)
    }

    // MARK: 亮牌

    /// 蓝牌 — the unit let the claim lapse.
    static func claimLapsed(
        _ record: WatchedCase, _ ladders: PolicyHistory<LadderPolicy>, _ calendar: WorkCalendar, at now: Instant
    ) -> DueStep? {
        guard record.status == .dispatched, let claim = record.clocks[.claim] else { return nil }
        return step(.claimLapsed, of: claim, record, ordinal: 0, ladders, calendar, at: now)
    }

    /// 红牌 — a second extension asked for, a second follow-up that did not accept the reply; each once per case.
    private static func cards(
        _ record: WatchedCase, _ onFile: [StepOnFile], _ ladders: PolicyHistory<LadderPolicy>,
        _ calendar: WorkCalendar, at now: Instant
    ) -> [DueStep] {
        guard record.leadUnitId != nil, let result = record.clocks[.result] else { return [] }
        let earned: [(SupervisionStep, Bool)] = [
            (.secondExtension, record.extensions >= 2), (.secondDissatisfied, record.dissatisfied >= 2),
        ]
        return earned.filter { step, isEarned in isEarned && !onFile.contains { $0.step == step } }
            .map { step($0.0, of: result, record, ordinal: 0, ladders, calendar, at: now) }
    }

    private static func step(
        _ step: SupervisionStep, of clock: Clock, _ record: WatchedCase, ordinal: Int,
        _ ladders: PolicyHistory<LadderPolicy>, _ calendar: WorkCalendar, at now: Instant
    ) -> DueStep {
        let isUnits = [.claim, .opinion, .result].contains(clock.stage)
        let days = ladders.value(at: clock.startedAt).explanationDays
        let explainBy =
            record.urgency == .critical ? now.adding(seconds: days * 86_400) : calendar.day(days, after: now.day).end
        return DueStep(
            step: step, stage: clock.stage, startedAt: clock.startedAt, ordinal: ordinal, holder: clock.stage.party,
            unitId: isUnits ? record.leadUnitId : nil, dueAt: clock.dueAt,
            explainBy: isUnits && step.card != nil ? explainBy : nil)
    }
}

extension Stage {
    /// Whose clock it is.
    var party: Party {
        switch self {
        case .registration: .registry
        case .dispatch, .returning, .review, .ruling: .office
        case .claim, .opinion, .result: .leadUnit
        case .petitioner: .petitioner
        case .publication, .reply: .publisher
        case .followUp: .supervision
        }
    }
}
