import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ComputeDueTests {
    /// From, days, due, provisional. The day itself is day 0.
    static let cases: [(String, Int, String, Bool)] = [
        ("2026-03-02", 1, "2026-03-03", false), ("2026-03-06", 1, "2026-03-09", false),
        ("2026-03-07", 1, "2026-03-09", false),
        ("2026-03-02T23:59:59+08:00", 1, "2026-03-03", false), ("2026-03-02T16:30:00Z", 1, "2026-03-04", false),
        // 15–23 February are off, Saturdays 14 and 28 February are worked.
        ("2026-02-13", 1, "2026-02-14", false), ("2026-02-14", 1, "2026-02-24", false),
        ("2026-02-27", 1, "2026-02-28", false),
        ("2026-02-13", 7, "2026-03-02", false),
        // 1–7 October are off, Saturday 10 October and Sunday 20 September are worked.
        ("2026-09-30", 1, "2026-10-08", false), ("2026-09-30", 3, "2026-10-10", false),
        ("2026-09-18", 1, "2026-09-20", false),
        // The holidays of 2027 are not published.
        ("2026-12-31", 1, "2027-01-01", true), ("2026-12-24", 5, "2026-12-31", false),
        ("2030-01-01", 2, "2030-01-03", true),
    ]

    @Test func workingDaysFollowThePublishedHolidays() async throws {
        try await City.with { city in
            for (from, days, due, provisional) in Self.cases {
                let answer = try await city.call(
                    "supervision.computeDue", ["from": JSONValue(from), "workingDays": JSONValue(days)], as: .observer)
                #expect(answer["dueAt"] == JSONValue("\(due)T23:59:59+08:00"), "\(from) + \(days)")
                #expect(answer["provisional"] == JSONValue(provisional), "\(from) + \(days)")
                #expect((answer["calendarVersion"]?.intValue ?? 0) > 0)
            }
            #expect(
                try await city.call("supervision.computeDue", ["from": "2026-03-02", "workingDays": 400], as: .source)[
                    "dueAt"] != nil)
            for who in [Who.registrar, .office, .unit("north"), .leader, .supervisor, .auditor, .admin] {
                #expect(
                    await city.code("supervision.computeDue", ["from": "2026-03-02", "workingDays": 1], as: who) == nil,
                    "\(who)")
            }
        }
    }

    static let refused: [(JSONValue, String)] = [
        (["from": "2026-03-02", "workingDays": 0], "workingDays"),
        (["from": "2026-03-02", "workingDays": 401], "workingDays"),
        (["from": "2026-03-02", "workingDays": -1], "workingDays"),
        (["from": "2026-03-02", "workingDays": "7"], "workingDays"),
        (["from": "2026-03-02"], "workingDays"), (["from": "2026-02-30", "workingDays": 1], "from"),
        (["from": "2026-03-02T09:00:00", "workingDays": 1], "from"),
        (["from": "gestern", "workingDays": 1], "from"), (["workingDays": 1], "from"),
        (["from": 20260302, "workingDays": 1], "from"),
    ]

    @Test func whatIsWrongIsNamed() async throws {
        try await City.with { city in
            for (params, path) in Self.refused {
                let error = await city.refusal("supervision.computeDue", params, as: .source)
                #expect(error?.code == -32602 && error?.paths == [path], "\(params.json)")
            }
            for from in ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-23:59"] {
                #expect(
                    await city.code(
                        "supervision.computeDue", ["from": JSONValue(from), "workingDays": 400], as: .source) != -32603,
                    "\(from)")
            }
        }
    }
}
