import Domain
import JSONRPC
import Ledger
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ChangesTests {
    /// Reads until `count` items have come. Entries are shown once no older transaction runs, in any database of the
    /// cluster, so it may take a few reads.
    private static func read(
        _ count: Int, as who: Who, from start: JSONValue = .null, limit: Int = 200, _ city: City
    ) async throws -> (items: [JSONValue], cursor: JSONValue) {
        var (items, cursor) = ([JSONValue](), start)
        let deadline = ContinuousClock.now + .seconds(60)
        while items.count < count, ContinuousClock.now < deadline {
            let page = try await city.call("intake.changes", ["cursor": cursor, "limit": JSONValue(limit)], as: who)
            items += page["items"]?.elements ?? []
            #expect((page["nextCursor"] ?? "missing").isNull == (page["items"] == []))
            if let next = page["nextCursor"], !next.isNull { cursor = next }
            await Task.yield()
        }
        return (items, cursor)
    }

    @Test func aSourceLearnsWhatBecameOfItsCases() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call(
                "handling.addProgress",
                ["caseNumber": JSONValue(number), "note": "已约谈施工方，电话0735-2881234", "public": true], as: .unit("housing")
            )
            try await city.call(
                "handling.addProgress", ["caseNumber": JSONValue(number), "note": "内部记录"], as: .unit("housing"))
            try await city.call("intake.supplement", ["caseNumber": JSONValue(number), "text": "补充"], as: .source)
            for status in [CaseStatus.reported, .approved, .replied, .closed] {
                try await city.step(number, to: status)
            }
            var hidden = City.Life()
            hidden.channel = "mailbox"
            _ = try await city.bring(to: .dispatched, hidden)
            let (items, cursor) = try await Self.read(8, as: .source, city)
            #expect(
                items.map { $0["kind"] } == [
                    "status", "status", "status", "interim", "status", "status", "reply", "status",
                ])
            #expect(
                items.map { $0["status"] } == [
                    "registered", "dispatched", "claimed", "claimed", "reported", "approved", "replied", "closed",
                ])
            #expect(items.map { $0["version"] } == [1, 2, 3, 4, 7, 8, 9, 10])
            #expect(
                items.map { $0["text"] } == [
                    nil, nil, nil, "已约谈施工方，电话0735-2881234", nil, nil, "经查，该工地已于当日停止夜间施工，并责令整改，欢迎继续监督。", nil,
                ])
            #expect(
                items.allSatisfy { $0["caseNumber"] == JSONValue(number) && $0["at"] == "2026-03-02T09:00:00+08:00" })
            let externalId = try await city.get(number)["externalId"]
            #expect(items.allSatisfy { $0["externalId"] == externalId })
            let rest = try await city.call("intake.changes", ["cursor": cursor], as: .source)
            #expect(rest == ["items": [], "nextCursor": .null])
            #expect(try await city.call("intake.changes", as: .otherSource)["items"] == [])
        }
    }

    @Test func everyoneFollowsTheCasesTheySee() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["divisionCode": "439902"]
            let mine = try await city.bring(to: .claimed, life)
            life.lead = "transport"
            _ = try await city.bring(to: .claimed, life)
            #expect(try await Self.read(6, as: .office, city).items.count == 6)
            #expect(try await Self.read(6, as: .leader, limit: 1, city).items.count == 6)
            let unit = try await Self.read(3, as: .unit("housing"), city).items
            #expect(unit.allSatisfy { $0["caseNumber"] == JSONValue(mine) } && unit.count == 3)
            #expect(try await city.call("intake.changes", as: .northLeader)["items"] == [])
        }
    }

    @Test func aDeclinedCaseTellsTheGround() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .declined)
            let (items, _) = try await Self.read(2, as: .source, city)
            #expect(items.map { $0["status"] } == ["registered", "declined"])
            #expect(items.last?["text"]?.stringValue?.contains("已办结") == true)
        }
    }

    static let badCursors = ["1", "1.2", "1.2.3.4", "-1.0.0", "a b", "", "zzzzzzzzzzzzzz.0.0"]

    @Test func aCursorOfAnotherListIsRefused() async throws {
        try await City.with { city in
            for cursor in Self.badCursors {
                let error = await city.refusal("intake.changes", ["cursor": JSONValue(cursor)], as: .source)
                #expect(error?.code == -32602 && error?.paths == ["cursor"], "\(cursor)")
            }
            // Without their check three numbers are no cursor; with it any three are a place.
            #expect(await city.code("intake.changes", ["cursor": "0.0.0"], as: .source) == -32602)
            for cursor in [Cursor(0, 0, 0), Cursor(.max, .max, .max), Cursor(0, 0, 1 << 40)].map(\.text) {
                #expect(
                    await city.code("intake.changes", ["cursor": JSONValue(cursor)], as: .source) == nil, "\(cursor)")
                #expect(
                    await city.code("intake.changes", ["cursor": JSONValue(cursor)], as: .office) == nil, "\(cursor)")
            }
        }
    }

    /// Eight writers change three cases, a reader asks with small pages all the while.
    @Test func nothingIsLostAndEachCaseIsInOrderUnderConcurrentWriters() async throws {
        try await City.with { city in
            var numbers: [String] = []
            for _ in 0..<3 { numbers.append(try await city.bring(to: .claimed)) }
            let cases = numbers
            let (writers, each) = (8, 15)
            let expected = 9 + writers * each
            let items = try await withThrowingTaskGroup(of: [JSONValue].self) { group in
                group.addTask { try await Self.read(expected, as: .source, limit: 3, city).items }
                for writer in 0..<writers {
                    group.addTask {
                        for turn in 0..<each {
                            let params: JSONValue = [
                                "caseNumber": JSONValue(cases[(writer + turn) % 3]),
                                "note": JSONValue("第\(writer)-\(turn)次"), "public": true,
                                "idempotencyKey": JSONValue("\(writer)-\(turn)"),
                            ]
                            _ = try await city.atOnce(1) { _ in
                                try await city.call("handling.addProgress", params, as: .unit("housing"))
                            }
                        }
                        return []
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(items.count == expected)
            for number in cases {
                let versions = items.filter { $0["caseNumber"] == JSONValue(number) }.compactMap {
                    $0["version"]?.intValue
                }
                #expect(versions == Array(1...versions.count))
            }
            #expect(try await city.count("ledger.timeline WHERE feed_kind IS NOT NULL") == expected)
        }
    }

    /// Cases that four services change at once, each from its registration to its end.
    @Test func wholeLivesAtOnceAreToldInOrder() async throws {
        try await City.with { city in
            let expected = 6 * 7
            let items = try await withThrowingTaskGroup(of: [JSONValue].self) { group in
                group.addTask { try await Self.read(expected, as: .source, limit: 2, city).items }
                for _ in 0..<6 {
                    group.addTask {
                        _ = try await city.bring(to: .closed)
                        return []
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let byCase = Dictionary(grouping: items) { $0["caseNumber"]?.stringValue ?? "" }
            #expect(byCase.count == 6)
            for (number, items) in byCase {
                #expect(items.compactMap { $0["version"]?.intValue } == Array(1...7), "\(number)")
            }
        }
    }

    /// Whoever began before may still write at its place: until it has ended, later entries wait.
    @Test func anEntryIsShownWhenNoOlderTransactionRuns() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let (_, cursor) = try await Self.read(3, as: .source, city)
            let older = try Connection(city.database)
            try older.script("BEGIN; SELECT pg_current_xact_id()")
            try await city.step(number, to: .reported)
            let early = try await city.call("intake.changes", ["cursor": cursor], as: .source)
            #expect(early == ["items": [], "nextCursor": .null])
            try older.script("COMMIT")
            let late = try await Self.read(1, as: .source, from: cursor, city).items
            #expect(late.map { $0["status"] } == ["reported"])
        }
    }
}
