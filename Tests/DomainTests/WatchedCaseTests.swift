@testable import Domain
import Testing

/// Which clocks the ladder goes by, and when a change has supervision look again.
struct WatchedCaseTests {
    /// The holder's, in each status; all of a case's clocks run.
    static let stages: [(CaseStatus, [Stage])] = [
        (.registered, [.registration]), (.dispatched, [.claim, .result]), (.returning, [.returning]),
        (.claimed, [.claim, .result]), (.awaitingPetitioner, [.claim, .result]), (.reported, [.review]),
        (.approved, [.publication]), (.replied, [.followUp]), (.closed, []), (.declined, []), (.merged, []),
        (.withdrawn, []), (.archived, []),
    ]

    @Test(arguments: stages) func theHoldersClocksLeadToSteps(_ status: CaseStatus, _ stages: [Stage]) throws {
        let record = try Records.withClocks(status, holder: .supervision)
        #expect(Set(record.watched.running.map(\.stage)) == Set(stages))
        #expect(record.watched.firstLook == record.watched.running.map(\.warnAt).min())
    }

    @Test func theHolderTellsDispatchFromRegistrationAndRulingFromFollowUp() throws {
        var record = try Records.withClocks(.registered)
        record.isClassified = true
        #expect(record.watched.running.map(\.stage) == [.dispatch])
        #expect(try Records.withClocks(.replied, holder: .office).watched.running.map(\.stage) == [.ruling])
    }

    @Test func theOpinionIsACriticalCases() throws {
        let record = try Records.withClocks(.claimed, .critical)
        #expect(Set(record.watched.running.map(\.stage)) == [.claim, .opinion, .result])
    }

    private static func changed(
        _ record: CaseRecord, _ steps: [ClockStep], at now: String, _ change: (inout CaseRecord) -> Void = { _ in }
    ) throws -> CaseRecord {
        var after = record
        after.changedAt = try Instant("\(now)+08:00").unwrapped
        change(&after)
        for step in steps {
            let fact = ClockFact(
                step.kind, step.stage, at: after.changedAt, urgency: after.urgency, calendarVersion: 1,
                until: step.until)
            after.clocks.apply(fact, Policies.book, try Calendars.published())
        }
        return after
    }

    /// Registered on Tuesday 24 November 2026 at 10:00, due on 3 December, warned of from the 2nd on.
    private static func claimed() throws -> CaseRecord {
        var record = Records.record(.claimed)
        var history = try ClockHistory(.ordinary)
        try history.add(.start, .result, "2026-11-24T10:00:00")
        record.clocks = history.clocks
        return record
    }

    @Test func whatDoesNotConcernTheClocksLeavesThePlan() throws {
        let before = try Self.claimed()
        let after = try Self.changed(before, [], at: "2026-12-03T10:00:00") {
            $0.version += 1
            $0.proceedings.hasBegun = true
            $0.responsiblePerson = nil
        }
        #expect(after.nextLook(after: before) == .asPlanned)
    }

    @Test func anotherStatusIsLookedAtWhenItsFirstClockWarns() throws {
        let before = try Self.claimed()
        let reported = try Self.changed(before, [.stop(.result), .start(.review)], at: "2026-11-25T10:00:00") {
            $0.status = .reported
        }
        #expect(reported.nextLook(after: before) == .at(reported.clocks[.review]?.warnAt))
        let merged = try Self.changed(before, [.stop(.result), .stop(.reply)], at: "2026-11-25T10:00:00") {
            $0.status = .merged
        }
        #expect(merged.nextLook(after: before) == .at(nil))
    }

    @Test func aDateThatMovesAwayAfterTheWarningIsJudgedAtOnce() throws {
        let before = try Self.claimed()
        let until = Day(2026, 12, 10).end
        let early = try Self.changed(before, [.extend(until)], at: "2026-11-30T10:00:00")
        #expect(early.nextLook(after: before) == .at(early.clocks[.result]?.warnAt))
        let late = try Self.changed(before, [.extend(until)], at: "2026-12-03T10:00:00")
        #expect(late.nextLook(after: before) == .at(late.changedAt))
        let calendar = try Self.changed(before, [.calendar(.result, until)], at: "2026-12-03T10:00:00")
        #expect(calendar.nextLook(after: before) == .at(calendar.changedAt))
    }

    @Test(arguments: [0, 1, 2]) func theSecondExtensionAskedForIsSeenAtOnce(_ asked: Int) throws {
        var before = try Self.claimed()
        before.proceedings.extensions = asked
        let after = try Self.changed(before, [], at: "2026-11-25T10:00:00") { $0.proceedings.extensions += 1 }
        #expect(after.nextLook(after: before) == .at(asked == 1 ? after.changedAt : after.watched.firstLook))
    }
}
