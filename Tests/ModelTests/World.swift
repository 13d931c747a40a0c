import TestKit

/// The cases of one history: one that is followed all the way, and those that are merged with it.
struct World: Sendable {
    var cases: [ModelCase] = []
    var numbers: [String] = []
    /// Masters whose reply was approved, and whose members have not followed yet.
    private var answered: Set<Int> = []
    var abolition: Abolition?

    /// An act: a refusal, or the new state of every case that it concerns.
    mutating func take(_ act: Act, on index: Int, by who: Who, expecting version: Int?, at now: Moment) throws(Verdict)
    {
        try cases[index].check(act, by: who, expecting: version, master: cases[index].master.map { cases[$0] }, at: now)
        let members = members(of: index)
        if act.units.contains(where: { isGone($0, at: now) }) {
            var trial = cases[index]
            do throws(Verdict) { try trial.perform(act, by: who, at: now) } catch { throw .open }
            throw .notAccepted("unitAbolished")
        }
        switch act {
        case .merge(let master): try merge(index, into: master, at: now)
        case .unmerge: try unmerge(index, at: now)
        case .confirmDecline where !members.isEmpty && cases[index].isDeclineProposed,
            .withdraw where !members.isEmpty && !cases[index].isReport && !cases[index].urgency.isCritical:
            throw .notAccepted("hasMembers")
        case .sendBack where cases[index].hasFollowed:
            // Which old date it goes by, its own or its master's, is not said.
            throw .open
        case .confirmWithdrawal where !members.isEmpty, .changeUrgency where !members.isEmpty: throw .open
        default:
            try cases[index].perform(act, by: who, at: now)
            if act == .approve, !members.isEmpty { answered.insert(index) }
        }
    }

    /// The same; `nil` when it was done.
    mutating func verdict(_ act: Act, on index: Int, by who: Who, expecting version: Int?, at now: Moment) -> Verdict? {
        do throws(Verdict) {
            try take(act, on: index, by: who, expecting: version, at: now)
            return nil
        } catch {
            return error
        }
    }

    func members(of master: Int) -> [Int] {
        cases.indices.filter { cases[$0].master == master && cases[$0].status == .merged }
    }

    /// 并件 — the case runs with the master, which takes the higher urgency and the earlier due date.
    private mutating func merge(_ index: Int, into master: Int, at now: Moment) throws(Verdict) {
        let (member, into) = (cases[index], cases[master])
        var faults: [Verdict] = []
        if index == master || into.status.isOver || into.status == .merged {
            faults.append(.notAccepted("masterNotOpen"))
        }
        if !members(of: index).isEmpty { faults.append(.notAccepted("hasMembers")) }
        if member.isReport != into.isReport { faults.append(.notAccepted("reportsOnly")) }
        // Whoever is complained of does not get it through a master.
        let isOnGround = !member.isReport && into.hasConflictGround
        if !isOnGround, into.handlers.contains(where: member.complains) { faults.append(.conflictOfInterest) }
        try Verdict.throwOnly(faults)
        if [.approved, .replied].contains(into.status) { throw .open }
        let from = member.status
        cases[index].runWith(master, at: now)
        cases[index].timeline.append(.init(at: now, actor: "registrar", verb: "merge", from: from, to: .merged))
        cases[master].timeline.append(
            .init(at: now, actor: "registrar", verb: "merge", from: into.status, to: into.status))
        cases[master].takeOver(from: member, at: now)
        guard cases[master].urgency == .ordinary, cases[master].status != .reported, petitioners(of: master) >= 5
        else { return }
        cases[master].change(to: .important, at: now)
        cases[master].timeline.append(
            .init(at: now, actor: "system", verb: "changeUrgency", from: into.status, to: into.status))
    }

    /// Whoever has one account on one channel is one petitioner.
    private func petitioners(of master: Int) -> Int {
        let cluster = cases.indices.filter { $0 == master || cases[$0].master == master }
        return Set(cluster.map { "\(cases[$0].channel) \(cases[$0].account)" }).count
    }

    private mutating func unmerge(_ index: Int, at now: Moment) throws(Verdict) {
        guard let master = cases[index].master else { throw .open }
        if answered.contains(master) || cases[master].status == .approved { throw .notAccepted("masterApproved") }
        cases[index].beginAnew(isClassified: cases[index].isClassified, at: now)
        // 撤件 that was asked for before it ran with another is forgotten.
        cases[index].isWithdrawalAsked = false
        cases[index].timeline.append(
            .init(at: now, actor: "registrar", verb: "unmerge", from: .merged, to: .registered))
        let status = cases[master].status
        cases[master].timeline.append(.init(at: now, actor: "registrar", verb: "unmerge", from: status, to: status))
    }

    // MARK: The clock

    /// When the clock acts next.
    var systemActsAt: Moment? {
        if !answered.isEmpty { return Moment(0) }
        return (cases.map { $0.lapsesAfter?.adding(seconds: 1) } + [passesOnAt]).compactMap { $0 }.min()
    }

    /// What the clock has made due by now.
    mutating func letTimePass(to now: Moment) {
        passOn(at: now)
        for index in cases.indices {
            if let due = cases[index].lapsesAfter, now > due { cases[index].lapse(at: now) }
        }
        for master in answered.sorted() {
            for member in members(of: master) { cases[member].follow(cases[master], at: now) }
        }
        answered = []
    }

    /// 归档 — on the second day after 30 days at the latest; on which of the two the text leaves open.
    mutating func seal(at now: Moment) {
        for index in cases.indices where [.closed, .declined, .withdrawn].contains(cases[index].status) {
            guard !cases[index].hasOpenMatters, now.day > cases[index].overAt.day + 30 else { continue }
            let from = cases[index].status
            cases[index].status = .archived
            cases[index].timeline.append(.init(at: now, actor: "system", verb: "seal", from: from, to: .archived))
        }
    }

    /// The holders in time, those of a merged case its master's.
    func custody(of index: Int) -> [ModelCase.Interval] { custody(of: index, from: Moment(0), to: nil) }

    private func custody(of index: Int, from: Moment, to: Moment?) -> [ModelCase.Interval] {
        cases[index].custody.flatMap { own -> [ModelCase.Interval] in
            let from = max(from, own.from)
            let end = [to, own.to].compactMap { $0 }.min()
            if let end, end <= from { return [] }
            guard case .master(let master) = own.holder else { return [.init(holder: own.holder, from: from, to: end)] }
            return custody(of: master, from: from, to: end)
        }.reduce(into: []) { intervals, next in
            if intervals.last?.holder == next.holder {
                intervals[intervals.count - 1].to = next.to
            } else {
                intervals.append(next)
            }
        }
    }

    func holder(of index: Int) -> Holder {
        if case .master(let master) = cases[index].holder { return holder(of: master) }
        return cases[index].holder
    }
}

extension ModelCase {
    fileprivate mutating func runWith(_ master: Int, at now: Moment) {
        if let lead { formerLeads.insert(lead) }
        (status, self.master, isExclusionAsked, running) = (.merged, master, false, [])
        (lead, responsible, isClaimed, extensionUntil) = (nil, nil, false, nil)
        for index in coOrders.indices where coOrders[index].state == .open { coOrders[index].state = .withdrawn }
        hold(.master(master), at: now)
    }

    /// What a master takes from a new member, while its answer is still to be given.
    fileprivate mutating func takeOver(from member: ModelCase, at now: Moment) {
        about.formUnion(member.about)
        let earlier = member.running.contains(.result) ? member.dates[.result] : nil
        guard status != .reported else { return }
        if member.urgency.rank > urgency.rank {
            change(to: member.urgency, at: now)
        }
        guard running.contains(.result), let earlier else { return }
        settlePause(at: now)
        guard let due = dates[.result], earlier < due else { return }
        fixedOn = earlier.day
        setResult(earlier)
    }

    /// From here it is published, followed up, rated and reworked on its own, by the master's lead unit.
    fileprivate mutating func follow(_ master: ModelCase, at now: Moment) {
        (status, lead, responsible) = (.approved, master.lead, master.responsible)
        (isClaimed, self.master) = (true, master.status == .merged ? nil : self.master)
        dates[.reply] = master.dates[.reply]
        (hasFollowed, hasConflictGround) = (true, master.hasConflictGround)
        (isReplyNaming, filedPromise) = (master.isReplyNaming, nil)
        running = [.reply]
        start(.publication, at: now)
        hold(.publisher, at: now)
        timeline.append(Entry(at: now, actor: "system", verb: "follow", from: .merged, to: .approved))
    }
}
