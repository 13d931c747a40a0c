import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SearchTests {
    /// Registers five cases that differ in everything.
    ///
    /// - Returns: their numbers, the oldest first.
    private static func lives(_ city: City) async throws -> [String] {
        let kinds: [(JSONValue, day: Int, status: CaseStatus, lead: String)] = [
            (["category": "urban", "divisionCode": "439901"], 2, .registered, ""),
            (["category": "urban.noise", "urgency": "important"], 3, .dispatched, "housing"),
            (["divisionCode": "439902", "urgency": "critical"], 4, .claimed, "housing"),
            (["category": "urban.noise", "channel": "hotline"], 5, .claimed, "north-housing"),
            (["urgency": "important", "channel": "mailbox"], 6, .closed, "transport"),
        ]
        var numbers: [String] = []
        for (params, day, status, lead) in kinds {
            city.clock.set(Instant(Day(2026, 3, day), second: 36_000))
            var life = City.Life()
            life.lead = lead
            life.channel = params["channel"]?.stringValue ?? "board"
            life.urgency = params["urgency"]?.stringValue ?? "ordinary"
            life.more = Dictionary(
                uniqueKeysWithValues: (params.members ?? []).filter { !["channel", "urgency"].contains($0.name.text) }
                    .map { ($0.name.text, $0.value) })
            numbers.append(try await city.bring(to: status, life))
        }
        return numbers
    }

    static let filters: [(JSONValue, [Int])] = [
        ([:], [4, 3, 2, 1, 0]), (["status": ["registered"]], [0]), (["status": ["dispatched", "claimed"]], [3, 2, 1]),
        (["status": []], [4, 3, 2, 1, 0]), (["unitId": "housing"], [2, 1]), (["unitId": "transport"], [4]),
        (["unitId": "north"], []),
        (["channel": "board"], [2, 1, 0]), (["channel": "other-board"], []), (["category": "urban"], [0]),
        (["category": "urban.noise"], [3, 1]),
        (["urgency": "important"], [4, 1]), (["urgency": "critical"], [2]), (["divisionCode": "439901"], [0]),
        (["divisionCode": "439902"], [2]),
        (["registeredFrom": "2026-03-04"], [4, 3, 2]), (["registeredTo": "2026-03-04"], [2, 1, 0]),
        (["registeredFrom": "2026-03-03", "registeredTo": "2026-03-03"], [1]),
        (["registeredFrom": "2025-12-31", "registeredTo": "2026-03-01"], []),
        (["registeredFrom": "2026-03-07"], []), (["registeredFrom": "0001-01-01"], [4, 3, 2, 1, 0]),
        (["registeredTo": "9999-12-31"], [4, 3, 2, 1, 0]),
        (
            [
                "unitId": "housing", "status": ["claimed"], "urgency": "critical", "channel": "board",
                "divisionCode": "439902",
            ], [2]
        ),
        (["unitId": "housing", "channel": "hotline"], []),
        (["category": "urban.noise", "registeredFrom": "2026-03-04", "registeredTo": "2026-03-05"], [3]),
        (["limit": 2], [4, 3]), (["text": .null, "unitId": .null, "lamp": .null], [4, 3, 2, 1, 0]),
    ]

    @Test func filtersNarrowAndAddUp() async throws {
        try await City.with { city in
            let numbers = try await Self.lives(city)
            for (params, expected) in Self.filters {
                let items = try await city.call("intake.search", params, as: .office)["items"]?.elements ?? []
                #expect(
                    items.compactMap { $0["caseNumber"]?.stringValue } == expected.map { numbers[$0] }, "\(params.json)"
                )
            }
            // Who sees less finds less.
            for (who, expected) in [
                (Who.source, [3, 2, 1, 0]), (.otherSource, []), (.unit("housing"), [2, 1]), (.unit("north"), [3]),
                (.unit("city"), [4, 3, 2, 1]), (.northLeader, [0]),
            ] {
                let items = try await city.call("intake.search", as: who)["items"]?.elements ?? []
                #expect(items.compactMap { $0["caseNumber"]?.stringValue } == expected.map { numbers[$0] }, "\(who)")
            }
            let item = try await city.call("intake.search", ["limit": 1], as: .office)["items"]?[0]
            #expect(item?.nameSet.isDisjoint(with: ["body", "clocks", "custody", "timeline"]) == true)
        }
    }

    static let refused: [(JSONValue, code: Int, path: String)] = [
        (["text": "噪声"], -32602, "text"), (["text": ""], -32602, "text"), (["text": 1], -32602, "text"),
        (["cursor": ""], -32602, "cursor"), (["cursor": "!"], -32602, "cursor"), (["cursor": "1.2"], -32602, "cursor"),
        (["cursor": "nonsense"], -32602, "cursor"), (["cursor": "."], -32602, "cursor"),
        (["cursor": "-1"], -32602, "cursor"), (["cursor": "zzzzzzzzzzzzzzzz"], -32602, "cursor"),
        (["cursor": 7], -32602, "cursor"),
        (["limit": 0], -32602, "limit"), (["limit": 201], -32602, "limit"), (["limit": "5"], -32602, "limit"),
        (["status": ["open"]], -32602, "status[0]"), (["status": "closed"], -32602, "status"),
        (["lamp": "blue"], -32602, "lamp"),
        (["registeredFrom": "2026-03-05", "registeredTo": "2026-03-04"], -32602, "registeredTo"),
        (["registeredFrom": "2025-01-01", "registeredTo": "2026-02-05"], -32602, "registeredTo"),
        (["registeredFrom": "2026-3-5"], -32602, "registeredFrom"),
        (["registeredFrom": "2026-02-30"], -32602, "registeredFrom"),
        (["unitId": "nobody"], 1009, "unitId"), (["channel": "nowhere"], 1009, "channel"),
        (["category": "none"], 1009, "category"),
        (["divisionCode": "0"], 1009, "divisionCode"), (["colour": "red"], -32602, "colour"),
        (["status": .array(Array(repeating: "closed", count: 51))], -32602, "status"),
    ]

    @Test func whatIsWrongIsNamed() async throws {
        try await City.with { city in
            for (params, code, path) in Self.refused {
                let error = await city.refusal("intake.search", params, as: .office)
                #expect(error?.code == code && error?.paths == [path], "\(params.json) \(error?.paths ?? [])")
            }
            // Four hundred days, both included, are still a range.
            let range: JSONValue = ["registeredFrom": "2025-01-01", "registeredTo": "2026-02-04"]
            #expect(await city.code("intake.search", range, as: .office) == nil)
        }
    }

    @Test func aUnitAsksOnlyForItselfAndThoseBeneathIt() async throws {
        try await City.with { city in
            for (unit, code) in [
                ("housing", nil), ("housing-roads", nil), ("transport", 1001), ("city", 1001), ("nobody", 1001),
            ] as [(String, Int?)] {
                #expect(
                    await city.code("intake.search", ["unitId": JSONValue(unit)], as: .unit("housing")) == code,
                    "\(unit)")
            }
        }
    }

    @Test func pagesHaveNoGapsAndNothingTwice() async throws {
        try await City.with { city in
            var numbers: [String] = []
            for month in 1...3 {
                city.clock.set(Instant(Day(2026, month, 10), second: 36_000))
                let cases = (0..<80).map { Message.params("\(month)-\($0)") }
                let results =
                    try await city.call("intake.registerBatch", ["cases": .array(cases)], as: .source)["results"]?
                    .elements ?? []
                numbers += results.compactMap { $0["caseNumber"]?.stringValue }
            }
            for limit in [nil, 7, 80, 200] as [Int?] {
                var (cursor, seen, pages) = (JSONValue.null, [String](), 0)
                repeat {
                    let params: JSONValue = ["cursor": cursor, "limit": limit.map { JSONValue($0) } ?? .null]
                    let page = try await city.call("intake.search", params, as: .source)
                    let items = page["items"]?.elements ?? []
                    #expect(items.count <= limit ?? 50)
                    seen += items.compactMap { $0["caseNumber"]?.stringValue }
                    cursor = page["nextCursor"] ?? "missing"
                    pages += 1
                    // What comes in meanwhile is newer and does not shift the pages.
                    if pages == 2, limit == 7 {
                        try await city.call("intake.register", Message.params("late"), as: .source)
                    }
                } while !cursor.isNull && pages < 100
                #expect(seen.filter { numbers.contains($0) } == numbers.reversed(), "\(limit ?? 50)")
                #expect(Set(seen).count == seen.count)
            }
        }
    }

    /// 20% of seven working days of 24 hours before 11 March 23:59:59 is 10 March 14:23:59.
    static let moments: [(String, Lamp)] = [
        ("2026-03-02T09:00:00+08:00", .green), ("2026-03-10T14:23:58.999+08:00", .green),
        ("2026-03-10T14:23:59+08:00", .yellow),
        ("2026-03-11T23:59:59+08:00", .yellow), ("2026-03-11T23:59:59.001+08:00", .red),
        ("2026-03-12T00:00:00+08:00", .red),
    ]

    @Test func lampAndOverdueFindWhatTheViewShows() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let closed = try await city.bring(to: .closed)
            for (time, lamp) in Self.moments {
                city.clock.set(time)
                #expect(try await city.get(number)["lamp"] == JSONValue(lamp.rawValue), "\(time)")
                for asked in Lamp.allCases {
                    let items = try await city.call("intake.search", ["lamp": JSONValue(asked.rawValue)], as: .office)[
                        "items"]?.elements
                    #expect(
                        items?.map { $0["lamp"] } == (asked == lamp ? [JSONValue(asked.rawValue)] : []),
                        "\(time) \(asked)")
                }
                let late = try await city.call("intake.search", ["overdue": true], as: .office)["items"]?.elements
                let other = try await city.call("intake.search", ["overdue": false], as: .office)["items"]?.elements
                #expect(late?.map { $0["caseNumber"] } == (lamp == .red ? [JSONValue(number)] : []), "\(time)")
                #expect(
                    other?.map { $0["caseNumber"] }
                        == (lamp == .red ? [JSONValue(closed)] : [JSONValue(closed), JSONValue(number)]), "\(time)")
            }
        }
    }
}
