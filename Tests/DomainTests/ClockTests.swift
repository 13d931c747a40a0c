import Domain
import Testing

/// What happens to clocks after they have started.
struct ClockTests {
    /// Yellow at 20% of the span from start to due, in the time that counts.
    @Test(
        arguments: [
            // One working day: 4.8 hours. Seven: 33.6 hours. Three: 14.4 hours.
            (.ordinary, .claim, "2026-11-24T10:30:00", "2026-11-25T19:11:59"),
            (.ordinary, .result, "2026-11-24T10:30:00", "2026-12-02T14:23:59"),
            (.important, .result, "2026-11-24T10:30:00", "2026-11-27T09:35:59"),
            // Due on Monday the 30th, after a weekend; on 8 October, after the holidays; on a make-up Saturday.
            (.ordinary, .result, "2026-11-19T10:30:00", "2026-11-27T14:23:59"),
            (.ordinary, .result, "2026-09-21T10:30:00", "2026-09-30T14:23:59"),
            (.ordinary, .claim, "2026-10-09T10:30:00", "2026-10-10T19:11:59"),
            // By the clock: 24 hours, 96, 108, 120.
            (.critical, .claim, "2026-11-27T10:30:00", "2026-11-28T05:42:00"),
            (.critical, .opinion, "2026-11-24T10:30:00", "2026-11-27T15:18:00"),
            (.critical, .result, "2026-11-24T10:30:00", "2026-11-28T00:54:00"),
            (.critical, .reply, "2026-11-24T10:30:00", "2026-11-28T10:30:00"),
        ] as [(Urgency, Stage, String, String)])
    func aClockWarnsWhenAFifthOfItsTimeIsLeft(urgency: Urgency, stage: Stage, start: String, warn: String) throws {
        var history = try ClockHistory(urgency)
        try history.deliver(start)
        #expect(history.warn(stage) == warn)
    }

    @Test func aRulingIsCountedInWorkingDaysWhateverTheUrgency() throws {
        for urgency in Urgency.allCases {
            var history = try ClockHistory(urgency)
            try history.add(.start, .ruling, "2026-11-20T10:30:00")
            #expect(history.due(.ruling) == "2026-11-27T23:59:59")
            #expect(history.warn(.ruling) == "2026-11-26T23:59:59")
            try history.add(.start, .ruling, "2026-12-30T10:30:00")
            #expect(history.clocks[.ruling]?.provisional == true)
        }
    }

    @Test(arguments: ["2026-11-24T10:30:01", "2026-11-25T23:59:59", "2026-11-30T08:00:00"])
    func anEarlyClaimLosesNothingAndALateOneWinsNothing(claimed: String) throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        let before = history.clocks
        try history.add(.stop, .claim, claimed)
        #expect(history.clocks[.claim]?.stoppedAt?.description == claimed + "+08:00")
        #expect(history.clocks[.claim]?.isRunning == false)
        #expect(history.clocks[.result] == before[.result] && history.clocks[.reply] == before[.reply])
    }

    @Test func aStopTouchesItsClockOnlyAndOnce() throws {
        var history = try ClockHistory(.critical)
        try history.deliver("2026-11-24T10:30:00")
        try history.add(.stop, .opinion, "2026-11-24T12:00:00")
        let once = history.clocks
        try history.add(.stop, .opinion, "2026-11-24T13:00:00")
        try history.add(.stop, .review, "2026-11-24T13:00:00")
        #expect(history.clocks == once)
        #expect(history.clocks.all.filter(\.isRunning).map(\.stage) == [.claim, .result, .reply])
    }

    @Test(arguments: [
        // The rework term ends before the old date, on it, after it.
        ("2026-11-26T10:00:00", "2026-12-03T23:59:59", "2026-12-08T23:59:59"),
        ("2026-11-30T10:00:00", "2026-12-03T23:59:59", "2026-12-08T23:59:59"),
        ("2026-12-02T10:00:00", "2026-12-07T23:59:59", "2026-12-10T23:59:59"),
        // After the old date.
        ("2026-12-10T10:00:00", "2026-12-15T23:59:59", "2026-12-18T23:59:59"),
    ])
    func aResultSentBackIsDueAtTheLaterOfItsDateAndTheReworkTerm(at: String, result: String, reply: String) throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        try history.add(.stop, .result, "2026-11-25T10:00:00")
        try history.add(.sendBack, .result, at)
        #expect(history.due(.result) == result && history.due(.reply) == reply)
        #expect(
            history.clocks[.result]?.isRunning == true
                && history.clocks[.result]?.startedAt.day == Instant(at + "+08:00")?.day)
        #expect(history.clocks[.reply]?.startedAt.description == "2026-11-24T10:30:00+08:00")
    }

    @Test(arguments: [
        ("2026-11-26T10:00:00", "2026-12-01T23:59:59", "2026-12-04T23:59:59"),
        ("2026-12-10T10:00:00", "2026-12-15T23:59:59", "2026-12-18T23:59:59"),
    ])
    func aReworkAfterTheReplyIsDueWhenItsTermEnds(at: String, result: String, reply: String) throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        try history.add(.stop, .result, "2026-11-24T12:00:00")
        try history.add(.stop, .reply, "2026-11-24T15:00:00")
        try history.add(.rework, .result, at)
        #expect(history.due(.result) == result && history.due(.reply) == reply)
        #expect(
            history.clocks[.reply]?.startedAt.description == at + "+08:00" && history.clocks[.reply]?.isRunning == true)
    }

    @Test func aNewLetterStartsTheReplysClockAnew() throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        try history.deliver("2026-11-26T09:00:00")
        #expect(history.due(.result) == "2026-12-07T23:59:59" && history.due(.reply) == "2026-12-10T23:59:59")
        #expect(history.clocks[.reply]?.startedAt.description == "2026-11-26T09:00:00+08:00")
        #expect(history.clocks.all.map(\.stage) == [.claim, .result, .reply])
    }

    @Test func theFactsFoldToWhatTheyMadeOneByOne() throws {
        var numbers = SeededNumbers(7)
        for _ in 0..<300 {
            var history = try ClockHistory(.allCases.randomElement(using: &numbers).unwrapped)
            var at = Instant(Day(2026, 8, 1))
            for _ in 0..<Int.random(in: 1...15, using: &numbers) {
                at = at.adding(seconds: Int.random(in: 0...400_000, using: &numbers))
                let kind = try ClockFact.Kind.allCases.randomElement(using: &numbers).unwrapped
                if kind == .urgency { history.urgency = try Urgency.allCases.randomElement(using: &numbers).unwrapped }
                history.add(
                    kind, kind == .urgency ? nil : try Stage.allCases.randomElement(using: &numbers).unwrapped, at: at)
                #expect(history.clocks.all.allSatisfy { $0.startedAt <= $0.warnAt && $0.warnAt <= $0.dueAt })
                #expect(Set(history.clocks.all.map(\.stage)).count == history.clocks.all.count)
            }
            let calendar = history.calendar
            #expect(Clocks(history.facts, history.policies) { _ in calendar } == history.clocks)
        }
    }

    @Test func aFactIsCountedWithTheCalendarItNames() throws {
        let published = try Calendars.published()
        let facts = [0, 1].map {
            ClockFact(
                .start, [.claim, .review][$0], at: Instant(Day(2026, 9, 30)), urgency: .ordinary, calendarVersion: $0)
        }
        let clocks = Clocks(facts, Policies.book) { $0 == 0 ? Calendars.weekdays : published }
        #expect(clocks[.claim]?.dueAt.day == Day(2026, 10, 1) && clocks[.claim]?.provisional == true)
        #expect(clocks[.review]?.dueAt.day == Day(2026, 10, 9) && clocks[.review]?.provisional == false)
    }
}
