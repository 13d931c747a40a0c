import Domain

/// The archive's decisions. Pure: no clock, no database, no network.
enum Rules {
    /// The last moment at which a case that is over may still be taken up again; it may be sealed once that has passed.
    /// A decline is recalled, a closed case reopened, each within its own days of 24 hours.
    static func sealableAfter(_ record: CaseRecord, _ limits: Limits) -> Instant? {
        let days = record.status == .declined ? limits.recallDays : limits.reopenDays
        return record.closedAt?.adding(seconds: days * 86_400)
    }

    static func isSealable(_ record: CaseRecord) -> Bool {
        [.closed, .declined, .withdrawn].contains(record.status)
    }

    /// 归档 — final: nothing changes any more.
    ///
    /// - Throws: `.notAccepted` (`mattersOpen`) while a promise, accountability or an exclusion is open.
    static func seal(_ record: CaseRecord) throws(Refusal) -> Step {
        guard record.proceedings.openMatters == 0 else {
            throw .notAccepted("mattersOpen", "尚有未销号的承诺、未办结的问责或待裁定的剔除，不得归档")
        }
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

    static let daysMax = 400

    /// Both days included.
    ///
    /// - Throws: `.badParams` for days in the wrong order, or more than `daysMax`.
    static func checkRange(_ from: Day, _ to: Day) throws(Refusal) {
        guard from <= to else { throw .field("to", "lies before from") }
        guard to.number - from.number < daysMax else {
            throw .field("to", "the range has more than \(daysMax) days")
        }
    }
}
