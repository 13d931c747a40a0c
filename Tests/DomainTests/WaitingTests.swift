import Domain
import Testing

/// Days of waiting for the petitioner, beside everything else that sets a due date. A working day at whose end the case
/// waits does not count; the days in these tables are found by walking the calendar by hand.
struct WaitingTests {
    /// A letter of Tuesday 24 November 2026, due on Thursday 3 December.
    private static func asked(_ at: String, _ urgency: Urgency = .ordinary) throws -> ClockHistory {
        var history = try ClockHistory(urgency)
        try history.deliver("2026-11-24T10:30:00")
        try history.add(.stop, .claim, "2026-11-24T11:00:00")
        try history.add(.pause, nil, at)
        try history.add(.start, .petitioner, at)
        return history
    }

    private static func answer(_ history: inout ClockHistory, _ at: String) throws {
        try history.add(.stop, .petitioner, at)
        try history.add(.resume, nil, at)
    }

    @Test func anOldDateThatAReworkKeepsIsStillCountedFromTheLetter() throws {
        var history = try ClockHistory(.ordinary)
        try history.deliver("2026-11-24T10:30:00")
        try history.add(.stop, .result, "2026-11-25T09:00:00")
        try history.add(.sendBack, .result, "2026-11-25T10:00:00")
        try history.add(.pause, nil, "2026-11-25T11:00:00")
        try history.add(.start, .petitioner, "2026-11-25T11:00:00")
        try Self.answer(&history, "2026-11-26T09:00:00")
        #expect(history.due(.result) == "2026-12-04T23:59:59", "25 November is day 1 of the letter, and does not count")
    }

    @Test func theOldDateOfAnUrgencyIsThatOfNow() throws {
        var history = try Self.asked("2026-11-25T10:00:00")
        history.urgency = .important
        try history.add(.urgency, nil, "2026-11-30T10:00:00")
        #expect(history.due(.result) == "2026-12-03T23:59:59", "three working days from now, before 8 December")
        try Self.answer(&history, "2026-11-30T12:00:00")
        #expect(history.due(.result) == "2026-12-03T23:59:59", "what passed before the new count moves nothing in it")
    }

    @Test func theDayOnWhichAnUrgencyCountsAnewIsDay0() throws {
        var history = try Self.asked("2026-11-25T10:00:00")
        history.urgency = .important
        try history.add(.urgency, nil, "2026-11-25T12:00:00")
        try Self.answer(&history, "2026-11-26T09:00:00")
        #expect(history.due(.result) == "2026-11-30T23:59:59")
    }

    @Test func anExtensionWhileWaitingIsADateAndNotACount() throws {
        var history = try Self.asked("2026-11-25T10:00:00")
        try history.extend(to: "2026-12-08T23:59:59", at: "2026-11-27T10:00:00")
        try Self.answer(&history, "2026-11-28T10:00:00")
        #expect(history.due(.result) == "2026-12-09T23:59:59", "27 November only, at whose end it still waited")
    }

    @Test func aDateThatIsPastBeforeTheQuestionStaysPast() throws {
        var history = try ClockHistory(.critical)
        try history.deliver("2026-11-24T10:30:00")
        history.urgency = .ordinary
        try history.add(.urgency, nil, "2026-11-24T12:00:00")
        try history.add(.pause, nil, "2026-11-30T09:00:00")
        try history.add(.start, .petitioner, "2026-11-30T09:00:00")
        try Self.answer(&history, "2026-12-01T09:00:00")
        #expect(history.due(.result) == "2026-11-28T22:30:00")
    }

    @Test(arguments: ["2026-12-02T00:00:00", "2026-12-02T09:00:00", "2026-12-09T09:00:00"])
    func theWaitEndsWithThePetitionersTimeHoweverLateItIsNoticed(lapsed: String) throws {
        var history = try Self.asked("2026-11-24T12:00:00")
        #expect(history.due(.petitioner) == "2026-12-01T23:59:59")
        try Self.answer(&history, lapsed)
        #expect(history.due(.result) == "2026-12-10T23:59:59", "five working days, 25 November to 1 December")
    }

    @Test func aWaitThatTookNoDayMovesNoDate() throws {
        var history = try ClockHistory(.critical)
        try history.deliver("2026-11-24T10:30:00")
        history.urgency = .ordinary
        try history.add(.urgency, nil, "2026-11-24T12:00:00")
        let before = history.due(.reply)
        try history.add(.pause, nil, "2026-11-25T09:00:00")
        try history.add(.start, .petitioner, "2026-11-25T09:00:00")
        try Self.answer(&history, "2026-11-25T10:00:00")
        #expect(history.due(.reply) == before && history.clocks[.reply]?.isPaused == false)
    }

    @Test(arguments: [
        ("2026-11-24T12:18:00", "2026-11-25T08:42:00"), ("2026-11-25T00:00:00", "2026-11-25T00:00:00"),
    ])
    func theHoursOfACriticalQuestionAreCountedToTheSecond(answered: String, due: String) throws {
        var history = try Self.asked("2026-11-24T12:00:00", .critical)
        try Self.answer(&history, answered)
        try history.add(.start, .petitioner, answered == "2026-11-24T12:18:00" ? "2026-11-24T21:00:00" : due)
        #expect(history.due(.petitioner) == due)
    }
}
