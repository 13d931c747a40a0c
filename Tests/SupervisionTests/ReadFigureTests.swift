import Domain
import JSONRPC
import Ledger
import Postgres
import TestKit
import Testing

@testable import Supervision

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReadFigureTests {
    @Test func aFigureIsMadeOfItsCases() async throws {
        try await City.with { city in
            let late = try await city.bring(to: .claimed)
            let inTime = try await city.bring(to: .closed)
            var life = City.Life()
            life.lead = "transport"
            _ = try await city.bring(to: .closed, life)
            city.clock.set("2026-03-12T09:00:00+08:00")
            let params: JSONValue = ["month": "2026-03", "unitId": "housing", "measure": "responseRate"]
            let read = try await city.call("supervision.figure", params, as: .office)
            #expect(
                read["value"]?.doubleValue == 0.5 && read["counted"] == 1 && read["of"] == 2 && read["frozen"] == false)
            let items = read["items"]?.elements ?? []
            #expect(items.map { $0["caseNumber"]?.stringValue } == [late, inTime])
            #expect(items.map { $0["counted"]?.boolValue } == [false, true])
            // Page by page.
            let first = try await city.call("supervision.figure", params.with(["limit": 1]), as: .unit("housing"))
            let second = try await city.call(
                "supervision.figure", params.with(["limit": 1, "cursor": first["nextCursor"] ?? .null]),
                as: .unit("housing"))
            #expect(first["items"]?[0] == items.first && second["items"]?[0] == items.last)
            #expect(second["nextCursor"] == .null)
            let city3 = try await city.call(
                "supervision.figure", ["month": "2026-03", "measure": "responseRate"], as: .auditor)
            #expect(city3["of"] == 3)
        }
    }

    @Test func whoReadsIt() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            let params: JSONValue = ["month": "2026-03", "measure": "responseRate"]
            #expect(try await city.call("supervision.figure", params, as: .unit("transport"))["of"] == 0)
            #expect(
                await city.code("supervision.figure", params.with(["unitId": "housing"]), as: .unit("transport"))
                    == 1001)
            // A leader's figure is the city's; the numbers are those of its territory.
            let leader = try await city.call("supervision.figure", params, as: .northLeader)
            #expect(leader["of"] == 1 && leader["items"] == [])
            // The level above reads what is published.
            #expect(await city.code("supervision.figure", params, as: .observer) == 1001)
            #expect(await city.code("supervision.figure", params, as: .admin) == -32003)
            #expect(await city.code("supervision.figure", params, as: .source) == -32003)
            #expect(
                await city.refusal("supervision.figure", params.with(["month": "2026-13"]), as: .office)?.paths == [
                    "month"
                ])
            #expect(
                await city.refusal("supervision.figure", params.with(["measure": "luck"]), as: .office)?.paths == [
                    "measure"
                ])
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            try await city.call("supervision.publishBulletin", ["month": "2026-03"], as: .office)
            #expect(try await city.call("supervision.figure", params, as: .observer)["of"] == 1)
        }
    }

    @Test func whatIsFrozenStaysWhateverBecomesOfTheCase() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            try await city.call("supervision.publishBulletin", ["month": "2026-03"], as: .office)
            let params: JSONValue = ["month": "2026-03", "measure": "closureRate"]
            let before = try await city.call("supervision.figure", params, as: .office)
            #expect(before["value"] == 1 && before["frozen"] == true)
            try await city.call(
                "supervision.reopen", ["caseNumber": JSONValue(number), "reason": "问题反弹"], as: .supervisor)
            #expect(try await city.call("supervision.figure", params, as: .office) == before)
            #expect(
                try await city.call("supervision.overview", as: .office)["measures"]?["closureRate"] == 0)
        }
    }

    @Test func aRulingLeavesACaseOut() async throws {
        try await City.with { city in
            let number = JSONValue(try await city.bring(to: .closed))
            let ask: JSONValue = ["caseNumber": number, "measures": ["responseRate"], "ground": "法定期限"]
            try await city.call("supervision.requestExclusion", ask, as: .supervisor)
            let params: JSONValue = ["month": "2026-03", "measure": "responseRate"]
            #expect(try await city.call("supervision.figure", params, as: .office)["of"] == 1)
            try await city.call(
                "supervision.decideExclusion", ["caseNumber": number, "decision": "grant", "ground": "属实"], as: .office)
            #expect(try await city.call("supervision.figure", params, as: .office)["of"] == 0)
            let other = try await city.call("supervision.figure", params.with(["measure": "replyRate"]), as: .office)
            #expect(other["of"] == 1)
        }
    }

    @Test func aClusterCountsOnceWithTheMeanOfWhatItsPetitionersSaid() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .claimed)
            let (member, _) = try await city.register()
            try await city.call(
                "intake.merge", ["caseNumber": JSONValue(member), "into": JSONValue(master)], as: .registrar)
            for status in [CaseStatus.reported, .approved] { try await city.step(master, to: status) }
            try await city.sweep()
            for number in [master, member] { try await city.step(number, to: .replied) }
            try await city.step(master, to: .closed)
            // Twice not accepted, then closed as explained.
            for _ in 1...2 {
                try await city.call(
                    "supervision.recordFollowUp", City.followUp(member, "dissatisfied"), as: .supervisor)
                if try await city.get(member)["status"] == "claimed" {
                    for status in [CaseStatus.reported, .approved, .replied] { try await city.step(member, to: status) }
                }
            }
            try await city.call(
                "supervision.ruleRound",
                ["caseNumber": JSONValue(member), "decision": "closeExplained", "ground": "政策所限"], as: .office)
            func figure(_ measure: String) async throws -> JSONValue {
                try await city.call(
                    "supervision.figure", ["month": "2026-03", "measure": JSONValue(measure)], as: .office)
            }
            let satisfaction = try await figure("satisfactionRate")
            #expect(satisfaction["value"]?.doubleValue == 0.5 && satisfaction["of"] == 1)
            #expect(satisfaction["items"]?[0]?["caseNumber"]?.stringValue == master)
            let response = try await figure("responseRate")
            #expect(response["of"] == 1 && response["value"] == 1)
        }
    }

    @Test func mergingNeverErasesAnOverdue() async throws {
        try await City.with { city in
            let late = try await city.bring(to: .claimed)
            city.clock.set("2026-03-12T09:00:00+08:00")
            var life = City.Life()
            life.lead = "transport"
            let master = try await city.bring(to: .claimed, life)
            try await city.call(
                "intake.merge", ["caseNumber": JSONValue(late), "into": JSONValue(master)], as: .registrar)
            let read = try await city.call(
                "supervision.figure", ["month": "2026-03", "unitId": "housing", "measure": "overdueRate"], as: .office)
            #expect(read["value"] == 1 && read["items"]?[0]?["caseNumber"]?.stringValue == late)
        }
    }

    @Test func itReadsByIndexes() async throws {
        try await City.with { city in
            try await MeasuresTests.generate(city)
            let calendar = WorkCalendar(version: 0, years: [:])
            let store = MeasureStore(
                from: Day(2026, 2, 10), to: Day(2026, 2, 10), now: city.clock.now, recurrenceDays: 90,
                calendar: calendar)
            try await city.call("supervision.compileBulletin", ["month": "2026-02"], as: .office)
            try await city.sql { db in
                try db.execute("ANALYZE supervision.bulletin_items")
                try MeasureStore.prepare(db)
                for measure in Measure.allCases where measure != .declineRate {
                    let query = try FigureStore.page(
                        store.items([measure]), measure, nil, sight: "true", limit: .usual, cursor: nil)
                    let plan = try db.rows("EXPLAIN \(sql: query)") { try $0[0] as String }.joined(separator: "\n")
                    let scans = plan.matches(
                        of: /Seq Scan on (\w+_2026|letters|results|publications)/)
                    #expect(scans.isEmpty, "\(measure)\n\(plan)")
                }
                let frozen = try FigureStore.page(
                    FigureStore.frozen(Month(2026, 2)), .responseRate, nil, sight: "true", limit: .usual, cursor: nil)
                let plan = try db.rows("EXPLAIN \(sql: frozen)") { try $0[0] as String }.joined(separator: "\n")
                #expect(plan.contains("bulletin_items") && !plan.contains("Seq Scan on bulletin_items"), "\(plan)")
            }
        }
    }
}
