import Domain
import Foundation
import Testing

/// Changes of urgency, and dates that are provisional.
struct ClockChangeTests {
    @Test func aRaisedUrgencyMakesDueAtTheEarlierOfTheOldDateAndTheNewTermFromNow() throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        history.urgency = .important
        try history.add(.urgency, nil, "2026-11-25T12:00:00")
        #expect(history.due(.claim) == "2026-11-25T23:59:59")
        #expect(history.due(.result) == "2026-11-30T23:59:59" && history.due(.reply) == "2026-12-03T23:59:59")
        history.urgency = .critical
        try history.add(.urgency, nil, "2026-11-25T12:00:00")
        #expect(history.due(.claim) == "2026-11-25T23:59:59")
        #expect(history.due(.result) == "2026-11-30T00:00:00" && history.due(.reply) == "2026-11-30T12:00:00")
        #expect(history.clocks[.result]?.startedAt.description == "2026-11-24T10:30:00+08:00")
    }

    @Test func aRaisedUrgencyNeverPostponesADate() throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        let before = history.clocks
        history.urgency = .critical
        try history.add(.urgency, nil, "2026-12-03T12:00:00")
        #expect(history.clocks[.result] == before[.result] && history.clocks[.claim] == before[.claim])
        #expect(history.due(.reply) == "2026-12-04T11:59:59", "the desks hurry too")
    }

    @Test func aLoweredUrgencyLeavesEarlierDatesAndEndsTheOpinion() throws {
        var history = try ClockHistory(.critical)
        try history.deliver("2026-11-27T10:30:00")
        let before = history.clocks
        history.urgency = .ordinary
        try history.add(.urgency, nil, "2026-11-27T12:00:00")
        #expect(history.clocks[.claim] == before[.claim] && history.clocks[.result] == before[.result])
        #expect(history.clocks[.reply] == before[.reply])
        #expect(history.clocks[.opinion] == nil)
    }

    @Test func whatIsPassedStaysPassed() throws {
        var history = try ClockHistory(.critical)
        try history.deliver("2026-11-24T10:30:00")
        try history.add(.stop, .claim, "2026-11-24T11:00:00")
        try history.add(.stop, .opinion, "2026-11-24T12:00:00")
        let before = history.clocks
        for urgency in [Urgency.important, .critical] {
            history.urgency = urgency
            try history.add(.urgency, nil, "2026-11-24T13:00:00")
            #expect(history.clocks[.claim] == before[.claim] && history.clocks[.opinion] == before[.opinion])
        }
    }

    @Test func aDesksClockFollowsTheUrgencyToo() throws {
        var history = try ClockHistory(.ordinary)
        try history.add(.start, .dispatch, "2026-11-24T10:30:00")
        history.urgency = .critical
        try history.add(.urgency, nil, "2026-11-24T12:00:00")
        #expect(history.due(.dispatch) == "2026-11-24T13:00:00")
        #expect(history.warn(.dispatch) == "2026-11-24T12:30:00")
        #expect(history.clocks.all.count == 1)
    }

    @Test func aDatePastThePublishedYearsIsProvisional() throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-12-22T10:30:00")
        #expect(history.due(.result) == "2026-12-31T23:59:59" && history.clocks[.result]?.provisional == false)
        #expect(history.due(.reply) == "2027-01-05T23:59:59" && history.clocks[.reply]?.provisional == true)
        try history.deliver("2026-12-23T10:30:00")
        #expect(history.due(.result) == "2027-01-01T23:59:59" && history.clocks[.result]?.provisional == true)
        #expect(history.clocks[.claim]?.provisional == false)
    }

    @Test func hoursByTheClockAreNeverProvisional() throws {
        var history = try ClockHistory(.critical)
        try history.deliver("2026-12-30T10:30:00")
        #expect(history.clocks.all.count == 4 && history.clocks.all.allSatisfy { !$0.provisional })
    }

    @Test func aProvisionalDateThatAChangeLeavesStandingStaysProvisional() throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-12-28T10:30:00")
        let result = history.clocks[.result]
        #expect(history.due(.result) == "2027-01-06T23:59:59" && result?.provisional == true)
        history.urgency = .critical
        try history.add(.urgency, nil, "2027-01-05T12:00:00")
        #expect(history.clocks[.result] == result)
        #expect(history.clocks[.reply]?.provisional == true, "it follows a date that may move")
        try history.add(.urgency, nil, "2026-12-29T12:00:00")
        #expect(history.due(.result) == "2027-01-03T00:00:00" && history.clocks[.result]?.provisional == false)
        #expect(history.due(.reply) == "2027-01-03T12:00:00" && history.clocks[.reply]?.provisional == false)
    }

    @Test func aClustersDateOnlyComesForwardAndAFollowersIsItsMasters() throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        let at = try Instant("2026-11-25T10:30:00+08:00").unwrapped
        func apply(_ kind: ClockFact.Kind, _ stage: Stage, until: String) throws -> Clocks {
            var clocks = history.clocks
            let fact = ClockFact(
                kind, stage, at: at, urgency: .ordinary, calendarVersion: 1,
                until: try Instant("\(until)+08:00").unwrapped)
            clocks.apply(fact, Policies.book, history.calendar)
            return clocks
        }
        #expect(try apply(.cluster, .result, until: "2026-12-20T23:59:59") == history.clocks)
        let earlier = try apply(.cluster, .result, until: "2026-11-30T23:59:59")
        #expect(earlier[.result]?.dueAt.description == "2026-11-30T23:59:59+08:00")
        #expect(earlier[.reply]?.dueAt.description == "2026-12-03T23:59:59+08:00")
        // A date that has passed is one too.
        for due in ["2026-12-01T23:59:59", "2026-11-20T23:59:59"] {
            let clock = try apply(.start, .reply, until: due)[.reply]
            #expect(clock?.dueAt.description == "\(due)+08:00" && clock?.isRunning == true)
        }
    }

    @Test func theStateOnTheCaseRowReadsBackAndGoesOn() throws {
        var history = try ClockHistory(.critical)
        try history.deliver("2026-11-24T10:30:00")
        try history.add(.stop, .claim, "2026-11-24T11:00:00.250")
        var kept = try JSONDecoder().decode(Clocks.self, from: JSONEncoder().encode(history.clocks))
        #expect(kept == history.clocks)
        let fact = ClockFact(.stop, .result, at: Instant(Day(2026, 11, 26)), urgency: .critical, calendarVersion: 1)
        kept.apply(fact, Policies.book, history.calendar)
        history.add(.stop, .result, at: fact.at)
        #expect(kept == history.clocks)
        #expect(try JSONDecoder().decode(ClockFact.self, from: JSONEncoder().encode(fact)) == fact)
    }
}
