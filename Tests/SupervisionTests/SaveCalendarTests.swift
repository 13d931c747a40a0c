import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SaveCalendarTests {
    private static func params(_ year: Int, off: [String], work: [String] = []) -> JSONValue {
        [
            "year": JSONValue(year), "off": .array(off.map { JSONValue($0) }),
            "work": .array(work.map { JSONValue($0) }),
            "source": "国办发明电〔2026〕9号",
        ]
    }

    @Test func aNewYearIsANewVersionAndMakesDatesCertain() async throws {
        try await City.with { city in
            let due: JSONValue = ["from": "2026-12-31", "workingDays": 1]
            let before = try await city.call("supervision.computeDue", due, as: .admin)
            let saved = try await city.call(
                "supervision.saveCalendar", Self.params(2027, off: ["2027-01-01", "2027-01-04"], work: ["2027-01-02"]),
                as: .admin)
            #expect(saved["calendarVersion"]?.intValue == (before["calendarVersion"]?.intValue ?? 0) + 1)
            #expect(saved["toMove"] == 0)
            let after = try await city.call("supervision.computeDue", due, as: .admin)
            #expect(before["provisional"] == true && before["dueAt"] == "2027-01-01T23:59:59+08:00")
            #expect(after["provisional"] == false && after["dueAt"] == "2027-01-02T23:59:59+08:00")
            #expect(after["calendarVersion"] == saved["calendarVersion"])
            let twoDays: JSONValue = ["from": "2026-12-31", "workingDays": 2]
            #expect(
                try await city.call("supervision.computeDue", twoDays, as: .admin)["dueAt"]
                    == "2027-01-05T23:59:59+08:00")
        }
    }

    @Test func datesAlreadyGivenStandAndThoseThatWouldMoveAreCounted() async throws {
        try await City.with { city in
            let moving = try await city.bring(to: .claimed)
            _ = try await city.bring(to: .closed)
            let before = try await city.get(moving)
            // The result is due on 11 March; a day off before it would move it.
            let saved = try await city.call(
                "supervision.saveCalendar", Self.params(2026, off: ["2026-03-06"]), as: .admin)
            #expect(saved["toMove"] == 1)
            let after = try await city.get(moving)
            #expect(after["clocks"] == before["clocks"] && after["dueAt"] == before["dueAt"])
            let explained = try await city.call(
                "supervision.explainDeadline", ["caseNumber": JSONValue(moving)], as: .office)
            #expect(explained["dueAt"] == before["dueAt"])
            #expect(explained["calendarVersion"]?.intValue == (saved["calendarVersion"]?.intValue ?? 0) - 1)
            #expect(try await city.bring(to: .dispatched) != moving)
            let fresh = try await city.call("intake.search", ["status": ["dispatched"]], as: .office)["items"]?[0]
            #expect(fresh?["dueAt"] == "2026-03-12T23:59:59+08:00")
        }
    }

    /// A day off before the due date, and cases of all kinds beside the two that it moves.
    @Test func theSweepMovesExactlyWhatThePreviewNames() async throws {
        try await City.with { city in
            let moving = [try await city.bring(to: .claimed), try await city.bring(to: .dispatched)].sorted()
            _ = try await city.bring(to: .closed)
            let days = Self.params(2026, off: ["2026-03-06"])
            var preview = try await city.call("supervision.previewCalendar", days.with(["limit": 1]), as: .admin)
            #expect(preview["total"] == 2)
            var items = preview["items"]?.elements ?? []
            let cursor = try #require(preview["nextCursor"])
            preview = try await city.call(
                "supervision.previewCalendar", days.with(["limit": 1, "cursor": cursor]), as: .admin)
            items += preview["items"]?.elements ?? []
            #expect(preview["nextCursor"]?.isNull == true)
            #expect(items.compactMap { $0["caseNumber"]?.stringValue } == moving)
            #expect(
                items.allSatisfy {
                    $0["from"] == "2026-03-11T23:59:59+08:00" && $0["to"] == "2026-03-12T23:59:59+08:00"
                })

            let saved = try await city.call("supervision.saveCalendar", days, as: .admin)
            #expect(saved["toMove"] == 2)
            let before = try await city.count("ledger.timeline")
            try await city.sweep()
            for number in moving {
                let view = try await city.get(number)
                #expect(view["dueAt"] == "2026-03-12T23:59:59+08:00")
                // So does the reply's date, which follows it.
                #expect(try await city.get(number, as: .source)["dueAt"] == "2026-03-17T23:59:59+08:00")
                let entry = view["timeline"]?.elements?.last
                #expect(entry?["action"] == "saveCalendar" && entry?["actor"] == "system")
                let explained = try await city.call(
                    "supervision.explainDeadline", ["caseNumber": JSONValue(number)], as: .office)
                #expect(explained["dueAt"] == "2026-03-12T23:59:59+08:00")
                #expect(explained["calendarVersion"] == saved["calendarVersion"])
                #expect(explained["days"]?.elements?.first { $0["day"] == "2026-03-06" }?["counts"] == false)
            }
            #expect(try await city.count("ledger.timeline") == before + 2)
            // Once per version.
            try await city.sweep()
            #expect(try await city.count("ledger.timeline") == before + 2)
            #expect(try await city.count("supervision.calendar_moves") == 0)
        }
    }

    /// Sixty cases are more than one unit of work takes. The fifty-sixth cannot be written, and the services are ended: what
    /// was done stays done, and is not done again when it goes on.
    @Test func manyCasesAreMovedInChunksThatGoOnAfterAStop() async throws {
        try await City.with { city in
            var numbers: [String] = []
            for _ in 0..<60 { numbers.append(try await city.bring(to: .dispatched)) }
            let ids = numbers.sorted().compactMap { CaseNumber(unchecked: $0).id }
            try await city.call("supervision.saveCalendar", Self.params(2026, off: ["2026-03-06"]), as: .admin)
            try await city.sql { db in
                try db.script(
                    """
                    CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stop'; END $$;
                    CREATE TRIGGER stop BEFORE UPDATE ON ledger.cases FOR EACH ROW WHEN (NEW.case_id = \(ids[55]))
                    EXECUTE FUNCTION stop()
                    """)
            }
            await #expect(throws: (any Error).self) { try await city.sweep() }
            let moved = "ledger.clock_facts WHERE kind = 'calendar' AND stage = 'result'"
            #expect(try await city.count(moved) == 50)
            #expect(try await city.count("supervision.calendar_moves WHERE last_case_id = \(ids[49])") == 1)

            try await city.sql { db in try db.script("DROP TRIGGER stop ON ledger.cases; DROP FUNCTION stop") }
            try await city.restart()
            try await city.sweep()
            #expect(try await city.count(moved) == 60)
            #expect(try await city.count("(SELECT DISTINCT case_id FROM \(moved)) AS once") == 60)
            #expect(try await city.count("ledger.timeline WHERE action = 'saveCalendar'") == 60)
            #expect(try await city.count("ledger.cases WHERE due_at = '2026-03-12 23:59:59+08'") == 60)
            let chunks = "(SELECT xmin FROM \(moved) GROUP BY xmin) AS chunks"
            #expect(try await city.count(chunks) == 2)
            #expect(try await city.count("supervision.calendar_moves") == 0)
        }
    }

    /// The unit is due on 31 December and does not move; the reply, due in January, does.
    @Test func aDateOfTheNextYearIsCountedThoughItsHolderIsDueInThisOne() async throws {
        try await City.with { city in
            city.clock.set("2026-12-22T10:00:00+08:00")
            let number = try await city.bring(to: .claimed)
            #expect(try await city.get(number)["dueAt"] == "2026-12-31T23:59:59+08:00")
            let saved = try await city.call(
                "supervision.saveCalendar", Self.params(2027, off: ["2027-01-01", "2027-01-04"]), as: .admin)
            #expect(saved["toMove"] == 1)
        }
    }

    /// 1 January is a day off unless somebody says otherwise; here it is worked, so a provisional date comes forward.
    @Test func aDateComesForwardOnlyWhereItWasProvisional() async throws {
        try await City.with { city in
            city.clock.set("2026-12-22T10:00:00+08:00")
            _ = try await city.bring(to: .dispatched)
            let fixed = try await city.call(
                "supervision.saveCalendar", Self.params(2026, off: [], work: ["2026-12-26"]), as: .admin)
            // The result's date is certain and stands; the reply's was provisional, and would be a day earlier.
            #expect(fixed["toMove"] == 1)
        }
    }

    static let refused: [(JSONValue, String)] = [
        (params(1989, off: []), "year"), (params(2101, off: []), "year"), (params(2027, off: ["2026-12-31"]), "off[0]"),
        (params(2027, off: ["2027-01-01", "2028-01-01"]), "off[1]"),
        (params(2027, off: [], work: ["2026-01-02"]), "work[0]"),
        (params(2027, off: ["2027-01-02"], work: ["2027-01-03", "2027-01-02"]), "work[1]"),
        (params(2027, off: ["2027-02-29"]), "off[0]"),
        (params(2027, off: Array(repeating: "2027-01-01", count: 51)), "off"),
        (params(2027, off: []).with(["source": ""]), "source"),
    ]

    @Test func whatIsWrongIsNamedAndSavesNothing() async throws {
        try await City.with { city in
            let before = try await city.everything()
            for (params, path) in Self.refused {
                let error = await city.refusal("supervision.saveCalendar", params, as: .admin)
                #expect(error?.code == -32602 && error?.paths == [path], "\(params.json) \(error?.paths ?? [])")
            }
            for who in [Who.office, .supervisor, .registrar, .observer, .unit("city"), .source, .auditor, .leader] {
                #expect(
                    await city.code("supervision.saveCalendar", Self.params(2027, off: []), as: who) == -32003, "\(who)"
                )
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test func aKeyMakesItOnceAndVersionsAreGivenInTurn() async throws {
        try await City.with { city in
            let params = Self.params(2027, off: ["2027-01-01"]).with(["idempotencyKey": "y1"])
            let first = try await city.call("supervision.saveCalendar", params, as: .admin)
            #expect(try await city.call("supervision.saveCalendar", params, as: .admin) == first)
            let versions = try await withThrowingTaskGroup(of: Int.self) { group in
                for year in 2028...2033 {
                    group.addTask {
                        try await city.call("supervision.saveCalendar", Self.params(year, off: []), as: .admin)[
                            "calendarVersion"]?.intValue ?? 0
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(versions.count == 6 && versions.min() == (first["calendarVersion"]?.intValue ?? 0) + 1)
        }
    }
}
