import Domain

extension Caller {
    /// The methods that this caller may use on a case that it sees, of those this version serves; sorted: what its role
    /// may do in the status, without what is another unit's to do, and a decision only where one
    /// is due.
    func methods(on record: CaseRecord) -> [String] {
        CaseAction.allCases
            .filter { CaseAction.served.contains($0) && StatusTable.row($0, in: record.status, by: role) != nil }
            .filter { isConcerned(by: $0, record) }
            .compactMap(\.method).sorted()
    }

    private func isConcerned(by action: CaseAction, _ record: CaseRecord) -> Bool {
        switch action {
        case .fileCoResult, .objectCoOrder: isCoUnit(of: record)
        case .ruleRound: record.awaitsRuling
        case .decideExtension: record.proceedings.extensionUntil != nil
        case .decideCoObjection: record.coOrders.contains(where: \.isContested)
        case .confirmWithdrawal: record.proceedings.isWithdrawalAsked
        case .decideExclusion: record.proceedings.isExclusionAsked
        case .recordFollowUp, .rate: !record.awaitsRuling
        default: role != .unit || leads(record)
        }
    }

    /// Whether the caller is a unit that handles a part of the case.
    func isCoUnit(of record: CaseRecord) -> Bool {
        record.coOrders.contains { $0.unitId == unit && $0.status != .withdrawn }
    }
}
