import Domain

/// The archive's decisions. Pure: no clock, no database, no network.
enum Rules {
    /// A case that is over may be sealed when so many days have passed.
    static func sealableFrom(_ record: CaseRecord, _ limits: Limits) -> Day? {
        record.closedAt.map { $0.day.advanced(by: limits.reopenDays) }
    }

    static func isSealable(_ record: CaseRecord) -> Bool {
        [.closed, .declined, .withdrawn].contains(record.status)
    }

    /// 归档 — final: nothing changes any more.
    static func seal(_ record: CaseRecord) -> Step {
        var step = Step(record)
        step.record.status = .archived
        step.record.holder = .archive
        return step
    }

    /// Sealed files are internal papers: sources do not read them, units not those of withheld cases, and a former lead
    /// not what came after its release.
    static func mayRead(_ caller: Caller, _ record: CaseRecord) -> Bool {
        caller.role != .source && !(caller.role == .unit && record.isWithheldFromUnits)
            && !caller.isFormerLead(of: record)
    }
}
