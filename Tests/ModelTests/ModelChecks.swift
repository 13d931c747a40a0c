import TestKit

/// CONTRACT's order of checks, up to the status.
extension ModelCase {
    /// - Parameter master: that with which the case runs.
    func check(_ act: Act, by who: Who, expecting version: Int?, master: ModelCase?, at now: Moment) throws(Verdict) {
        let row = Table.rows[act.method] ?? [:]
        let isUnits = row["lead"] != nil || row["coUnit"] != nil
        guard who.word == "unit" ? isUnits : row[who.word] != nil else { throw .refused(-32003, "roleNotAllowed") }
        // Conditional params are params.
        if case .reopen(entry: nil) = act, who == .office { throw .badParams }
        if case .settlePromise(.moved(let day)) = act, day < now.day { throw .badParams }
        if act != .seal { guard try isSeen(by: who, master: master) else { throw .notFound } }
        if status == .archived { throw .refused(1010, "sealed") }
        let part = try part(of: who)
        guard let statuses = row[part] else { throw .notLeadUnit }
        if let version, version != self.version { throw .refused(1003, "staleVersion") }
        if act == .claim, isClaimed { throw .refused(1004, "alreadyClaimed") }
        guard statuses.contains(status) else { throw .refused(1002, "wrongStatus") }
    }

    func isSeen(by who: Who, master: ModelCase?) throws(Verdict) -> Bool {
        switch who {
        case .registrar, .office, .supervisor, .auditor, .leader: return true
        case .source: return ["board", "hotline", "housing-box"].contains(channel)
        case .otherSource: return channel == "other-board"
        case .northLeader: return division?.hasPrefix("439901") == true
        case .unit(let unit):
            if isAnswered(by: unit) || formerLeads.contains(unit) { return true }
            // Whoever answers the matter reads what all its petitioners wrote.
            if status == .merged, let master, master.isAnswered(by: unit) { return true }
            let former = formerLeads.union(coOrders.map(\.unit))
            if former.contains(where: { Units.isAtOrAbove(unit, $0) }) { throw .open }
            return false
        case .observer, .admin, .service, .nobody: return false
        }
    }

    /// Whether it, or one beneath it, leads or co-handles the case.
    func isAnswered(by unit: String) -> Bool { handlers.contains { Units.isAtOrAbove(unit, $0) } }

    /// The word for the caller in the table's row.
    private func part(of who: Who) throws(Verdict) -> String {
        guard case .unit(let unit) = who else { return who.word }
        let order = coOrders.last { $0.unit == unit }
        if unit == lead {
            // A lead that was a co-unit before it got the letter.
            if order != nil { throw .open }
            return "lead"
        }
        guard let order else { return "other" }
        if order.state == .withdrawn { throw .open }
        return "coUnit"
    }
}
