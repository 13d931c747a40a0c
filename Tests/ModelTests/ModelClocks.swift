/// The unit's clocks. Due dates are found by walking the days, one at a time.
extension ModelCase {
    /// A letter is delivered, and everything is counted from it.
    mutating func deliver(to unit: String, at now: Moment) {
        countWait(until: now)
        if let lead { formerLeads.insert(lead) }
        formerLeads.remove(unit)
        (status, lead, responsible, letterAt) = (.dispatched, unit, nil, now)
        isClassified = true
        (isClaimed, hasBegun, hasOpinion, extensionUntil, askedAt, pausedSince) = (false, false, false, nil, nil, nil)
        running = []
        hold(.unit(unit), at: now)
        start(.claim, at: now)
        if urgency.isCritical { start(.opinion, at: now) }
        setResult(Term.of(.result, urgency).due(from: now), from: now)
    }

    /// The reply's date follows the result's.
    mutating func setResult(_ due: Moment, from start: Moment? = nil) {
        dates[.result] = due
        dates[.reply] = Term.reply(after: due, urgency)
        running.formUnion([.result, .reply])
        guard let start else { return }
        (dayZero, fixedOn) = (start.day, nil)
    }

    /// Another round for the unit, by the rework term.
    mutating func rework(at now: Moment) {
        let due = Term.rework(urgency).due(from: now)
        backToWork(at: now)
        setResult(due, from: now)
    }

    /// 发回重办: the later of the old date and the rework term.
    mutating func sendBack(at now: Moment) {
        let (old, due) = (dates[.result] ?? now, Term.rework(urgency).due(from: now))
        backToWork(at: now)
        // The old date stays, and with it the count that led to it.
        if due > old { setResult(due, from: now) } else { setResult(old) }
    }

    private mutating func backToWork(at now: Moment) {
        status = .claimed
        (round, hasBegun, hasFollowed) = (round + 1, true, false)
        running = []
        hold(lead.map(Holder.unit) ?? .registry, at: now)
    }

    /// Day by day: a working day at whose end the case waits for its petitioner does not count, and the date moves by
    /// one.
    mutating func settlePause(at now: Moment) {
        guard let start = pausedSince, let old = dates[.result] else { return }
        var due = old
        for day in start.day..<now.day where WorkDays.isOne(day) && day > dayZero && start <= old && day <= due.day {
            due = .end(of: WorkDays.day(1, after: due.day))
        }
        if due != old { setResult(due) }
        pausedSince = urgency.isCritical ? nil : now
    }

    /// 不予退单 — each working day that the office took beyond its own time is the unit's again.
    mutating func giveBack(from due: Moment, until now: Moment) {
        let stages = [Stage.claim, .opinion, .result].filter { running.contains($0) }
        for stage in stages where urgency.isCritical {
            dates[stage] = dates[stage]?.adding(seconds: now.seconds - due.seconds)
        }
        for day in due.day..<now.day where !urgency.isCritical && WorkDays.isOne(day + 1) {
            for stage in stages { dates[stage] = dates[stage].map { .end(of: WorkDays.day(1, after: $0.day)) } }
        }
        setResult(dates[.result] ?? now)
    }

    /// Whether the result's date has passed; a clock that pauses does not run out.
    func isResultPast(at now: Moment) -> Bool { dates[.result].map { (pausedSince ?? now) > $0 } ?? false }

    mutating func ask(at now: Moment) {
        (status, askedAt, questions) = (.awaitingPetitioner, now, questions + 1)
        pausedSince = urgency.isCritical ? nil : now
        hold(.petitioner, at: now)
        dates[.petitioner] = timeForQuestions(from: now, urgency)
        running.insert(.petitioner)
    }

    /// What is left of the time for questions, which is one for all of them.
    private func timeForQuestions(from now: Moment, _ urgency: Urgency) -> Moment {
        if urgency.isCritical { return now.adding(seconds: max(0, 12 * 3_600 - waitedSeconds)) }
        return waitedDays >= 5 ? now : Term.workDays(5 - waitedDays).due(from: now)
    }

    /// The petitioner has answered, or time is up, or the unit goes on without.
    mutating func endWait(at now: Moment) {
        countWait(until: now)
        stop(.petitioner)
        status = .claimed
        hold(lead.map(Holder.unit) ?? .registry, at: now)
        settlePause(at: now)
        pausedSince = nil
    }

    /// What a question took of the time for all questions.
    private mutating func countWait(until now: Moment) {
        guard let asked = askedAt else { return }
        for day in asked.day..<now.day where day > asked.day && WorkDays.isOne(day) { waitedDays += 1 }
        waitedSeconds += now.seconds - asked.seconds
        askedAt = nil
    }

    /// The earlier of the old due date and the new policy counted from now, for every clock that runs.
    mutating func change(to urgency: Urgency, at now: Moment) {
        settlePause(at: now)
        self.urgency = urgency
        if askedAt != nil { pausedSince = urgency.isCritical ? nil : now }
        for stage in [Stage.registration, .dispatch, .claim, .returning, .petitioner] where running.contains(stage) {
            dates[stage] = dates[stage].map { min($0, Term.of(stage, urgency).due(from: now)) }
        }
        guard let old = dates[.result], let reply = dates[.reply], running.contains(.result) else { return }
        let due = Term.of(.result, urgency).due(from: now)
        if due < old { setResult(due, from: now) } else { setResult(old) }
        dates[.reply] = dates[.reply].map { min($0, reply) }
        // Passed stages stay passed: an opinion is owed once, in the first round.
        if !urgency.isCritical {
            stop(.opinion)
        } else if !hasOpinion, round == 1 {
            start(.opinion, at: now)
        }
    }
}
