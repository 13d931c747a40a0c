import TestKit

/// CONTRACT's order of checks, up to the status.
extension ModelCase {
    func check(_ act: Act, by who: Who, expecting version: Int?) throws(Verdict) {
        let row = Table.rows[act.method] ?? [:]
        let isUnits = row["lead"] != nil || row["coUnit"] != nil
        guard who.word == "unit" ? isUnits : row[who.word] != nil else { throw .refused(-32003, "roleNotAllowed") }
        if act != .seal { guard try isSeen(by: who) else { throw .notFound } }
        if status == .archived { throw .refused(1010, "sealed") }
        let part = try part(of: who)
        guard let statuses = row[part] else { throw .notLeadUnit }
        if let version, version != self.version { throw .refused(1003, "staleVersion") }
        if act == .claim, isClaimed { throw .refused(1004, "alreadyClaimed") }
        guard statuses.contains(status) else { throw .refused(1002, "wrongStatus") }
    }

    func isSeen(by who: Who) throws(Verdict) -> Bool {
        switch who {
        case .registrar, .office, .supervisor, .auditor, .leader: return true
        case .source: return ["board", "hotline", "housing-box"].contains(channel)
        case .otherSource: return channel == "other-board"
        case .northLeader: return division?.hasPrefix("439901") == true
        case .unit(let unit):
            // What a unit sees of a case that runs with another is tried elsewhere.
            if status == .merged { throw .open }
            let own = [lead].compactMap { $0 } + coOrders.filter { $0.state != .withdrawn }.map(\.unit)
            if own.contains(where: { Units.isAtOrAbove(unit, $0) }) || formerLeads.contains(unit) { return true }
            let former = formerLeads.union(coOrders.map(\.unit))
            if former.contains(where: { Units.isAtOrAbove(unit, $0) }) { throw .open }
            return false
        case .observer, .admin, .service, .nobody: return false
        }
    }

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
