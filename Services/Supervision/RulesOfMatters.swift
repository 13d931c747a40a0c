import Domain

/// 剔除、问责、挂账 — what stays open beside a case and holds its sealing up.
extension Rules {
    // MARK: 剔除

    /// 申请剔除 — one at a time.
    ///
    /// - Throws: `.notAccepted` (`exclusionAsked`).
    static func requestExclusion(_ record: CaseRecord, isAsked: Bool, ground: Note) throws(Refusal) -> Step {
        guard !isAsked else { throw .notAccepted("exclusionAsked", "已有待审批的剔除申请") }
        var step = opening(Step(record).noting(ground.text))
        step.record.proceedings.isExclusionAsked = true
        return step
    }

    static func decideExclusion(_ record: CaseRecord, isGranted: Bool, ground: Note) -> Step {
        var step = Step(record).noting((isGranted ? "同意剔除。" : "不予剔除。") + ground.text)
        step.record.dropExclusion()
        return step
    }

    static func check(_ measures: [Measure]) throws(Refusal) {
        guard (1...Measure.allCases.count).contains(measures.count) else {
            throw .field("measures", "must have 1 to \(Measure.allCases.count) items")
        }
        guard Set(measures).count == measures.count else { throw .field("measures", "names a measure twice") }
    }

    // MARK: 问责

    /// 启动问责 — the file is kept for good.
    static func openAccountability(_ record: CaseRecord, accountable: Person, ground: Note) -> Step {
        let who = "\(accountable.name.text)（\(accountable.title.text)）"
        var step = opening(Step(record).noting("建议对\(who)问责。\(ground.text)"))
        step.record.proceedings.isPermanent = true
        return step
    }

    static func recordAccountability(
        _ record: CaseRecord, outcome: Note, decidedBy: Name, documentNumber: Name
    ) -> Step {
        settling(Step(record).noting("\(decidedBy.text)（\(documentNumber.text)）：\(outcome.text)"))
    }

    // MARK: 挂账

    /// What became of a promise when it was due, or before.
    enum Settlement: Equatable {
        case kept, broken
        case moved(to: Day)
    }

    struct Promise: Equatable {
        var commitment: Note
        var dueOn: Day
        var isOpen: Bool
        var wasMoved: Bool
    }

    /// 销号 — kept; broken, which reopens the case however long ago it was closed; or moved, once.
    ///
    /// - Throws: `.notAccepted` (`promiseSettled`); `.limitReached`; `.badParams` for a new date that is not later.
    static func settle(
        _ record: CaseRecord, _ promise: Promise, _ settlement: Settlement, evidence: Note
    ) throws(Refusal) -> Step {
        guard promise.isOpen else { throw .notAccepted("promiseSettled", "该承诺已经销号") }
        let about = "承诺“\(promise.commitment.text)”"
        switch settlement {
        case .kept:
            return settling(Step(record).noting("\(about)已兑现。\(evidence.text)"))
        case .broken:
            let step = settling(Step(record).noting("\(about)未兑现。\(evidence.text)"))
            return record.status == .closed ? workAgain(step) : step
        case .moved(let day):
            guard !promise.wasMoved else { throw Refusal(.limitReached, "limitReached", "承诺期限只能变更一次") }
            guard day > promise.dueOn else { throw .field("newDueOn", "must be later than the date promised") }
            return Step(record).noting("\(about)改为\(day)前兑现。\(evidence.text)")
        }
    }

    private static func opening(_ step: Step) -> Step {
        var step = step
        step.record.proceedings.openMatters += 1
        return step
    }

    private static func settling(_ step: Step) -> Step {
        var step = step
        step.record.proceedings.openMatters = max(0, step.record.proceedings.openMatters - 1)
        return step
    }
}
