import Domain
import Foundation
import Testing

/// DOMAIN's tables of terms.
struct ClockPolicyTests {
    @Test func aNewInstallationStartsWithTheTermsOfTheTables() throws {
        let sql = try Repository.text("Shared/Ledger/Migrations/002_reference.sql")
        let row = try sql.firstMatch(of: /\('clocks', '(\d{4}-\d\d-\d\d)', '(\{[^']*\})'\)/).unwrapped
        let json = "{\"effectiveFrom\": \"\(row.1)\", " + row.2.dropFirst()
        #expect(try JSONDecoder().decode(Policy.self, from: Data(json.utf8)) == Policies.initial)
    }

    /// A letter delivered on Tuesday 24 November 2026, 10:30, and where its clocks run out.
    @Test(
        arguments: [
            (.ordinary, .claim, "2026-11-25T23:59:59"), (.ordinary, .opinion, nil),
            (.ordinary, .result, "2026-12-03T23:59:59"),
            (.ordinary, .reply, "2026-12-08T23:59:59"), (.important, .claim, "2026-11-25T23:59:59"),
            (.important, .opinion, nil),
            (.important, .result, "2026-11-27T23:59:59"), (.important, .reply, "2026-12-02T23:59:59"),
            // One-three-one: a day, three more, and after four and a half the desks' half day.
            (.critical, .claim, "2026-11-25T10:30:00"), (.critical, .opinion, "2026-11-28T10:30:00"),
            (.critical, .result, "2026-11-28T22:30:00"), (.critical, .reply, "2026-11-29T10:30:00"),
        ] as [(Urgency, Stage, String?)])
    func aLettersClocksRunOut(urgency: Urgency, stage: Stage, due: String?) throws {
        var history = try ClockHistory(urgency)
        try history.deliver("2026-11-24T10:30:00")
        #expect(history.due(stage) == due)
        #expect(history.clocks[stage].map(\.startedAt.description) == due.map { _ in "2026-11-24T10:30:00+08:00" })
    }

    /// The desks' clocks, started on Tuesday 24 November 2026, 10:30.
    @Test(
        arguments: [
            (.registration, "2026-11-25T23:59:59", "2026-11-24T11:30:00"),
            (.dispatch, "2026-11-25T23:59:59", "2026-11-24T11:30:00"),
            (.returning, "2026-11-25T23:59:59", "2026-11-24T14:30:00"),
            (.review, "2026-11-26T23:59:59", "2026-11-24T16:30:00"),
            (.publication, "2026-11-25T23:59:59", "2026-11-24T16:30:00"),
            (.followUp, "2026-12-08T23:59:59", "2026-11-27T10:30:00"),
            (.ruling, "2026-12-01T23:59:59", "2026-12-01T23:59:59"),
        ] as [(Stage, String, String)])
    func aDesksClockRunsOut(stage: Stage, due: String, critical: String) throws {
        for urgency in Urgency.allCases {
            var history = try ClockHistory(urgency)
            try history.add(.start, stage, "2026-11-24T10:30:00")
            #expect(history.due(stage) == (urgency == .critical ? critical : due), "\(urgency)")
            #expect(history.clocks.all.count == 1)
        }
    }

    @Test(
        arguments: [
            (.ordinary, "2026-11-27T23:59:59"), (.important, "2026-11-26T23:59:59"), (.critical, "2026-11-25T10:30:00"),
        ]
            as [(Urgency, String)])
    func aReworkRunsOut(urgency: Urgency, due: String) throws {
        var history = try ClockHistory(urgency)
        try history.add(.rework, .result, "2026-11-24T10:30:00")
        #expect(history.due(.result) == due)
    }

    @Test(arguments: ["1wd", "7wd", "400wd", "1h", "108h", "9600h"])
    func aTermIsWrittenAsItIsRead(text: String) throws {
        let term = try Term(text).unwrapped
        #expect(term.description == text && term.isHourly == text.hasSuffix("h"))
        #expect(try JSONDecoder().decode([Term].self, from: JSONEncoder().encode([term])) == [term])
    }

    @Test(arguments: [
        "", "7", "wd", "h", "0wd", "0h", "401wd", "9601h", "-1wd", "+7wd", "7 wd", "7d", "7.5h", "７wd", "7wdx",
        "99999999999999999999h",
    ])
    func whatIsNoTermIsRefused(text: String) {
        #expect(Term(text) == nil)
        #expect(throws: (any Error).self) { try JSONDecoder().decode([Term].self, from: JSONEncoder().encode([text])) }
    }

    @Test func aPolicyHoldsFromItsDayOn() {
        var later = Policies.initial
        later.effectiveFrom = Day(2026, 12, 1)
        later.warningPercent = 30
        let book = PolicyBook([later, Policies.initial])
        #expect(book.policy(at: Day(2026, 11, 30).start) == Policies.initial)
        #expect(book.policy(at: Day(2026, 12, 1).start) == later)
        #expect(book.policy(at: Day(2030, 1, 1).start) == later)
        #expect(book.policy(at: Day(1999, 1, 1).start) == Policies.initial)
    }

    @Test func aPolicySavedOnItsFirstDayHoldsFromThatMomentOn() throws {
        var today = Policies.initial
        today.effectiveFrom = Day(2026, 12, 1)
        today.warningPercent = 30
        let moment = Instant(Day(2026, 12, 1), second: 36_000)
        today.countsFrom = moment
        var again = today
        again.warningPercent = 40
        let book = PolicyBook([Policies.initial, today, again])
        #expect(book.policy(at: moment.adding(milliseconds: -1)) == Policies.initial)
        #expect(book.policy(at: moment) == again, "of those with one moment the last saved")
        #expect(PolicyBook([Policies.initial, again, today]).policy(at: moment) == today)
    }

    @Test func aClockKeepsThePolicyOfTheDayItStarted() throws {
        var later = Policies.initial
        later.effectiveFrom = Day(2026, 11, 25)
        later.ordinary.result = .workingDays(1)
        later.ordinary.rework = .workingDays(1)
        var history = try ClockHistory(.ordinary)
        history.policies = PolicyBook([Policies.initial, later])
        try history.deliver("2026-11-24T10:30:00")
        #expect(history.due(.result) == "2026-12-03T23:59:59")
        try history.add(.rework, .result, "2026-11-25T10:30:00")
        #expect(history.due(.result) == "2026-11-26T23:59:59")
    }
}
