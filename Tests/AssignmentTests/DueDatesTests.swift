import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// What a letter promises, counted by hand from DOMAIN's clocks and the State Council's calendar.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct DueDatesTests {
    struct Letter: Sendable, CustomTestStringConvertible {
        var urgency: String
        var deliveredAt: String
        /// claim, opinion (critical only), result, reply
        var stages: [String]
        var provisional = false

        var testDescription: String { "\(urgency) at \(deliveredAt)" }

        /// In working days: every one due at the last second of its day.
        static func days(
            _ urgency: String, _ deliveredAt: String, _ days: String..., provisional: Bool = false
        ) -> Letter {
            Letter(
                urgency: urgency, deliveredAt: deliveredAt, stages: days.map { "\($0)T23:59:59" },
                provisional: provisional)
        }
        /// By the clock, 24 h + 96 h + 108 h + 120 h.
        static func hours(_ deliveredAt: String, _ stages: String...) -> Letter {
            Letter(urgency: "critical", deliveredAt: deliveredAt, stages: stages)
        }
    }

    static let letters: [Letter] = [
        // A plain Monday.
        .days("ordinary", "2026-03-02T09:00:00", "2026-03-03", "2026-03-11", "2026-03-16"),
        .days("important", "2026-03-02T09:00:00", "2026-03-03", "2026-03-05", "2026-03-10"),
        .hours(
            "2026-03-02T09:00:00", "2026-03-03T09:00:00", "2026-03-06T09:00:00", "2026-03-06T21:00:00",
            "2026-03-07T09:00:00"),
        // The first and the last second of a day belong to that day.
        .days("ordinary", "2026-03-02T00:00:00", "2026-03-03", "2026-03-11", "2026-03-16"),
        .days("ordinary", "2026-03-02T23:59:59", "2026-03-03", "2026-03-11", "2026-03-16"),
        // A Saturday: Monday is day 1. Critical clocks know no weekend.
        .days("ordinary", "2026-03-07T15:30:00", "2026-03-09", "2026-03-17", "2026-03-20"),
        .days("important", "2026-03-07T15:30:00", "2026-03-09", "2026-03-11", "2026-03-16"),
        .hours(
            "2026-03-07T15:30:00", "2026-03-08T15:30:00", "2026-03-11T15:30:00", "2026-03-12T03:30:00",
            "2026-03-12T15:30:00"),
        // The eve of National Day: 1–7 October are off, Saturday the 10th is worked.
        .days("ordinary", "2026-09-30T10:00:00", "2026-10-08", "2026-10-15", "2026-10-20"),
        .days("important", "2026-09-30T10:00:00", "2026-10-08", "2026-10-10", "2026-10-14"),
        .hours(
            "2026-09-30T10:00:00", "2026-10-01T10:00:00", "2026-10-04T10:00:00", "2026-10-04T22:00:00",
            "2026-10-05T10:00:00"),
        // On a make-up Saturday, and on a holiday.
        .days("ordinary", "2026-10-10T09:00:00", "2026-10-12", "2026-10-20", "2026-10-23"),
        .days("important", "2026-10-03T09:00:00", "2026-10-08", "2026-10-10", "2026-10-14"),
        // Two make-up Saturdays around Spring Festival, 15–23 February.
        .days("ordinary", "2026-02-12T09:00:00", "2026-02-13", "2026-02-28", "2026-03-04"),
        // 2027 is not published: Monday to Friday, New Year's Day among them, provisionally.
        .days("ordinary", "2026-12-30T09:00:00", "2026-12-31", "2027-01-08", "2027-01-13", provisional: true),
        .days("important", "2027-03-01T09:00:00", "2027-03-02", "2027-03-04", "2027-03-09", provisional: true),
        .hours(
            "2026-12-30T09:00:00", "2026-12-31T09:00:00", "2027-01-03T09:00:00", "2027-01-03T21:00:00",
            "2027-01-04T09:00:00"),
        .days("ordinary", "2026-12-15T09:00:00", "2026-12-16", "2026-12-24", "2026-12-29"),
    ]

    @Test(arguments: letters) func aLetterStatesTheDueDates(letter: Letter) async throws {
        try await City.with { city in
            city.clock.set("\(letter.deliveredAt)+08:00")
            var life = City.Life()
            life.urgency = letter.urgency
            let number = try await city.bring(to: .registered, life)
            let answer = try await city.call(
                "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "housing"], as: .office)
            let names =
                letter.urgency == "critical" ? ["claim", "opinion", "result", "reply"] : ["claim", "result", "reply"]
            let expected = zip(names, letter.stages).map {
                ["stage": JSONValue($0), "dueAt": JSONValue("\($1)+08:00")] as JSONValue
            }
            #expect(answer["stages"] == .array(expected))
            #expect(answer["dueAt"] == expected[names.count - 2]["dueAt"])
            #expect(answer["deliveredAt"]?.stringValue == "\(letter.deliveredAt)+08:00")
            #expect(answer["provisional"] == JSONValue(letter.provisional))

            let clocks = try await city.get(number)["clocks"]?.elements ?? []
            for stage in expected {
                let clock = clocks.first { $0["stage"] == stage["stage"] }
                #expect(clock?["dueAt"] == stage["dueAt"] && clock?["paused"] == false)
            }
            let asSource = try await city.get(number, as: .source)
            #expect(asSource["dueAt"] == expected.last?["dueAt"])
            let file = try await city.call(
                "assignment.letter", ["letterNumber": answer["letterNumber"] ?? .null], as: .office)
            #expect(file["stages"] == answer["stages"] && file["dueAt"] == answer["dueAt"])
        }
    }

    /// A late claim wins nothing and an early one loses nothing.
    @Test(arguments: ["2026-03-02T09:00:01", "2026-03-03T23:59:59", "2026-03-04T00:00:00", "2026-03-10T12:00:00"])
    func noClaimMovesADueDate(claimedAt: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let before = try await city.get(number)
            city.clock.set("\(claimedAt)+08:00")
            try await city.step(number, to: .claimed)
            let after = try await city.get(number)
            #expect(after["dueAt"] == before["dueAt"] && after["dueAt"] == "2026-03-11T23:59:59+08:00")
            let isLate = try await city.sql { db in try db.value("SELECT late FROM assignment.claims") as Bool }
            #expect(isLate == (claimedAt >= "2026-03-04T00:00:00"))
        }
    }

    /// Green, yellow when a fifth of the unit's seven working days is left, red from the second after the due date.
    @Test(arguments: [
        ("2026-03-10T14:23:00", "green"), ("2026-03-10T14:24:00", "yellow"), ("2026-03-11T23:59:59", "yellow"),
        ("2026-03-12T00:00:00", "red"),
    ])
    func theLampFollowsTheResultsClock(at moment: String, lamp: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.set("\(moment)+08:00")
            #expect(try await city.get(number)["lamp"]?.stringValue == lamp)
        }
    }
}
