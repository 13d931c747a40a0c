import Domain

/// 协办、转办 — what other units do for a part of the case.
extension Rules {
    /// Who orders or withdraws: the office any unit, the lead those beneath it (转办).
    enum Orderer: Equatable {
        case office
        case lead(UnitID)
    }

    struct CoUnit: Equatable {
        var line: UnitLine
        /// Every unit above it by 块, itself included.
        var path: Set<UnitID>
        var name: Name
    }

    /// The most co-orders of a case, as of a letter.
    static let coOrdersMax = 50

    /// 加派协办 — a unit that was withdrawn, or is done, may be ordered anew.
    ///
    /// - Throws: `.notAccepted` (`isLeadUnit`, `alreadyCoUnit`, `notBeneath`, `unitAbolished`, `tooManyCoUnits`);
    ///   `.conflictOfInterest`.
    static func addCoOrder(
        _ record: CaseRecord, _ unit: CoUnit, task: Note, required: Bool, by orderer: Orderer, at now: Instant
    ) throws(Refusal) -> Step {
        let id = unit.line.id
        guard id != record.leadUnitId else { throw .notAccepted("isLeadUnit", "主办单位不能同时协办") }
        try checkBeneath(unit, orderer)
        guard !record.coOrders.contains(where: { $0.unitId == id && $0.status == .open }) else {
            throw .notAccepted("alreadyCoUnit", "该单位已在协办")
        }
        try checkStands(unit.line, at: now)
        try checkConflict(record, [unit.line], onGround: record.hasConflictGround)
        var step = Step(record).noting("协办：\(unit.name.text)。任务：\(task.text)")
        step.record.coOrders.removeAll { $0.unitId == id }
        guard step.record.coOrders.count < coOrdersMax else {
            throw .notAccepted("tooManyCoUnits", "协办单位最多\(coOrdersMax)个")
        }
        step.record.coOrders.append(CoOrder(unitId: id, task: task, required: required, orderedAt: now))
        return step
    }

    /// 撤销协办.
    ///
    /// - Throws: `.notAccepted` (`notCoUnit`, `coResultFiled`, `notBeneath`).
    static func withdrawCoOrder(
        _ record: CaseRecord, _ unit: CoUnit, reason: Note, by orderer: Orderer
    ) throws(Refusal) -> Step {
        try checkBeneath(unit, orderer)
        let index = try place(of: unit.line.id, in: record)
        guard record.coOrders[index].status == .open else { throw .notAccepted("coResultFiled", "协办情况已经填报") }
        var step = Step(record).noting("撤销协办：\(unit.name.text)。\(reason.text)")
        step.record.coOrders[index].status = .withdrawn
        step.record.coOrders[index].objection = nil
        return step
    }

    /// 协办异议 — once, within the objection term of the order.
    ///
    /// - Throws: `.notAccepted` (`coResultFiled`); `.limitReached`; `.tooLate`.
    static func objectCoOrder(
        _ record: CaseRecord, by unit: UnitID, ground: Note, _ terms: Terms, _ calendar: WorkCalendar, at now: Instant
    ) throws(Refusal) -> Step {
        let index = try place(of: unit, in: record)
        let order = record.coOrders[index]
        guard order.status == .open else { throw .notAccepted("coResultFiled", "协办情况已经填报") }
        guard !order.hasObjected else { throw Refusal(.limitReached, "limitReached", "协办异议只能提出一次") }
        guard let orderedAt = order.orderedAt, now <= terms.objection.due(from: orderedAt, calendar) else {
            throw .tooLate("协办异议须在规定时限内提出")
        }
        var step = Step(record).noting(ground.text)
        step.record.coOrders[index].hasObjected = true
        step.record.coOrders[index].objection = ground
        return step
    }

    /// 协办异议裁定 — accepted, the co-order is withdrawn; denied, it stays.
    ///
    /// - Throws: `.notAccepted` (`noObjection`).
    static func decideCoObjection(
        _ record: CaseRecord, _ unit: UnitID, name: Name, _ decision: ObjectionDecision
    ) throws(Refusal) -> Step {
        guard let index = record.coOrders.firstIndex(where: { $0.unitId == unit && $0.isContested }) else {
            throw .notAccepted("noObjection", "没有待裁定的协办异议")
        }
        var step = Step(record).noting("协办异议\(decision == .accept ? "成立，撤销协办" : "不成立")：\(name.text)")
        step.record.coOrders[index].objection = nil
        if decision == .accept { step.record.coOrders[index].status = .withdrawn }
        return step
    }

    private static func checkBeneath(_ unit: CoUnit, _ orderer: Orderer) throws(Refusal) {
        guard case .lead(let lead) = orderer, !unit.path.contains(lead) else { return }
        throw .notAccepted("notBeneath", "主办单位只能转办下级单位")
    }

    private static func place(of unit: UnitID, in record: CaseRecord) throws(Refusal) -> Int {
        guard let index = record.coOrders.firstIndex(where: { $0.unitId == unit && $0.status != .withdrawn }) else {
            throw .notAccepted("notCoUnit", "该单位不是协办单位")
        }
        return index
    }
}
