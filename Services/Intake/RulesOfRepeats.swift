import Domain

/// 重复件、反弹 — another message on a matter that is known.
extension Rules {
    /// A case on the same matter.
    struct Match: Equatable {
        var number: CaseNumber
        var status: CaseStatus
        var closedAt: Instant?
        var master: CaseNumber?
        /// Its petitioner is the one who writes now.
        var isOwn: Bool
    }

    /// What a message has to do with others on its matter.
    struct Relation: Equatable {
        /// The open case, or the master of the one, that the same petitioner wrote.
        var open: CaseNumber?
        /// The last one that is over: of the same petitioner whenever it was, of anybody within the policy's days.
        var related: CaseNumber?
    }

    /// - Parameter matches: the newest first.
    static func relation(to matches: [Match], _ limits: Limits, at now: Instant) -> Relation {
        let since = now.adding(seconds: -limits.recurrenceDays * 86_400)
        let open = matches.first { $0.isOwn && ($0.status.isOpen || $0.status == .merged) }
        let related = matches.first { match in
            switch match.status {
            case .closed, .archived: match.isOwn || match.closedAt.map { $0 >= since } ?? false
            case .declined, .withdrawn: match.isOwn
            case .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied,
                .merged:
                false
            }
        }
        return Relation(
            open: open.map { $0.status == .merged ? $0.master ?? $0.number : $0.number }, related: related?.number)
    }

    /// 催办 — who writes again a day or more later also urges.
    ///
    /// - Returns: `nil` before that, and where nobody can be urged.
    static func urge(_ master: CaseRecord, by repeated: CaseNumber, _ limits: Limits, at now: Instant) -> Step? {
        guard now >= master.registeredAt.adding(seconds: limits.repeatUrgesAfterHours * 3600),
            StatusTable.row(.urge, in: master.status, by: .source) != nil
        else { return nil }
        return Step(master).noting("来信人再次来信催办（\(repeated.text)）")
    }
}
