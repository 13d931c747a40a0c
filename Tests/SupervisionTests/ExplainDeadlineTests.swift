import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ExplainDeadlineTests {
    private static func explain(_ city: City, _ number: String, as who: Who = .office) async throws -> JSONValue {
        try await city.call("supervision.explainDeadline", ["caseNumber": JSONValue(number)], as: who)
    }

    @Test(arguments: [("ordinary", 7, "7wd"), ("important", 3, "3wd")])
    func eachDayUpToTheDueDateIsSaidToCountOrNot(_ urgency: String, _ counted: Int, _ term: String) async throws {
        try await City.with { city in
            var life = City.Life()
            life.urgency = urgency
            city.clock.set("2026-02-13T15:00:00+08:00")
            let number = try await city.bring(to: .claimed, life)
            let answer = try await Self.explain(city, number)
            #expect(answer["dueAt"] == (try await city.get(number))["dueAt"])
            let policy = answer["policy"]
            #expect(
                policy?["term"] == JSONValue(term) && policy?["urgency"] == JSONValue(urgency)
                    && policy?["effectiveFrom"] == "2000-01-01")
            let days = answer["days"]?.elements ?? []
            #expect(days.count { $0["counts"] == true } == counted)
            #expect(days.first == ["day": "2026-02-13", "counts": false, "why": "起算当日不计"])
            #expect(days.last?["day"]?.stringValue.map { "\($0)T23:59:59+08:00" } == answer["dueAt"]?.stringValue)
            #expect(days[1] == ["day": "2026-02-14", "counts": true, "why": "调休上班"])
            #expect(days[2] == ["day": "2026-02-15", "counts": false, "why": "法定节假日"])
            #expect(answer["provisional"] == false)
            #expect(answer["facts"]?.elements?.map { $0["kind"] } == ["start", "stop", "start", "start", "stop"])
        }
    }

    @Test func hoursRunThroughEveryDay() async throws {
        try await City.with { city in
            var life = City.Life()
            life.urgency = "critical"
            let number = try await city.bring(to: .claimed, life)
            let answer = try await Self.explain(city, number)
            // Four and a half days.
            #expect(answer["dueAt"] == "2026-03-06T21:00:00+08:00" && answer["policy"]?["term"] == "108h")
            #expect(answer["days"]?.elements?.allSatisfy { $0["counts"] == true } == true)
            #expect(answer["days"]?.elements?.count == 5)
        }
    }

    @Test func aRoundMoreIsExplainedByItsReworkTerm() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            city.clock.set("2026-03-05T10:00:00+08:00")
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            let answer = try await Self.explain(city, number)
            #expect(answer["policy"]?["term"] == "3wd" && answer["dueAt"] == "2026-03-10T23:59:59+08:00")
            #expect(answer["days"]?.elements?.first?["day"] == "2026-03-05")
            #expect(answer["days"]?.elements?.count { $0["counts"] == true } == 3)
            #expect(answer["facts"]?.elements?.last?["kind"] == "rework")
        }
    }

    @Test(arguments: [
        CaseStatus.registered, .dispatched, .claimed, .reported, .approved, .replied, .closed, .declined, .archived,
    ])
    func itAgreesWithTheViewsClocksInEveryStatus(_ status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let clocks = try await city.get(number)["clocks"]?.elements ?? []
            let answer = try await Self.explain(city, number)
            #expect(answer["dueAt"] == clocks.first { $0["stage"] == "result" }?["dueAt"] ?? .null)
        }
    }

    @Test func aDateThroughAYearWithoutHolidaysIsProvisional() async throws {
        try await City.with { city in
            city.clock.set("2026-12-28T10:00:00+08:00")
            let number = try await city.bring(to: .dispatched)
            let answer = try await Self.explain(city, number)
            #expect(answer["provisional"] == true)
            #expect(answer["days"]?.elements?.last?["why"]?.stringValue?.contains("未公布") == true)
        }
    }

    @Test func whoMayNotSeeTheCaseFindsNone() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            for who in [Who.otherSource, .unit("transport"), .northLeader, .observer, .admin] {
                #expect(await city.code("supervision.explainDeadline", c, as: who) == 1001, "\(who)")
            }
            for who in [Who.source, .unit("housing"), .leader, .auditor, .registrar] {
                #expect(await city.code("supervision.explainDeadline", c, as: who) == nil, "\(who)")
            }
            #expect(await city.code("supervision.explainDeadline", c, as: .nobody) == -32001)
        }
    }
}
