import Domain
import JSONRPC
import TestKit
import Testing

/// "A former lead reads its own part up to its release; its actions are -32003."
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct FormerLeadTests {
    /// Housing claimed it and noted its progress; two days later it went to north, which answered.
    private static func reassigned(_ city: City) async throws -> String {
        let number = try await city.bring(to: .claimed)
        try await city.call(
            "handling.addProgress", ["caseNumber": JSONValue(number), "note": "已核查"], as: .unit("housing"))
        city.clock.set("2026-03-04T09:00:00+08:00")
        try await city.call(
            "assignment.reassign",
            ["caseNumber": JSONValue(number), "leadUnitId": "north", "ground": "wrongUnit", "note": "属县区事权"],
            as: .office)
        var life = City.Life()
        life.lead = "north"
        for status in [CaseStatus.claimed, .reported, .approved] { try await city.step(number, to: status, life) }
        return number
    }

    @Test func itReadsItsOwnPartAndNothingLater() async throws {
        try await City.with { city in
            let number = try await Self.reassigned(city)
            let view = try await city.get(number, as: .unit("housing"))
            let actions = view["timeline"]?.elements?.compactMap { $0["action"]?.stringValue }
            #expect(actions == ["register", "dispatch", "claim", "addProgress", "reassign"])
            #expect(view["body"] != nil && view["responsiblePerson"] == nil && view["publicReply"] == nil)
            #expect(view["letterNumber"] == nil && view["coOrders"] == [] && view["dueAt"] == nil)
            let result = view["clocks"]?.elements?.first { $0["stage"] == "result" }
            #expect(result?["dueAt"] == "2026-03-11T23:59:59+08:00", "as its own letter said")
            #expect(view["clocks"]?.json.contains("review") == false)
            let own = view["custody"]?.elements?.first { $0["holder"]?["unitId"] == "housing" }
            #expect(own?["to"] == "2026-03-04T09:00:00+08:00")
            #expect(!view.json.contains("停止夜间施工"))
            let listed = try await city.call("intake.search", as: .unit("housing"))["items"]?.elements
            #expect(listed?.count == 1 && listed?.first?["publicReply"] == nil)
            #expect(listed?.first?["responsiblePerson"] == nil)
        }
    }

    @Test func theSealedFileIsNotItsToRead() async throws {
        try await City.with { city in
            let number = try await Self.reassigned(city)
            for status in [CaseStatus.replied, .closed, .archived] { try await city.step(number, to: status) }
            let params: JSONValue = ["caseNumber": JSONValue(number)]
            #expect(await city.code("archive.get", params, as: .unit("housing")) == 1001)
            #expect(await city.code("archive.get", params, as: .unit("north")) == nil)
            #expect(try await city.get(number, as: .unit("housing"))["timeline"]?.elements?.count == 5)
        }
    }

    @Test func itsSuperiorReadsAll() async throws {
        try await City.with { city in
            let number = try await Self.reassigned(city)
            #expect(try await city.get(number, as: .unit("city"))["timeline"]?.elements?.count == 8)
            #expect(await city.sight(of: number, by: "transport") == 1001)
        }
    }

    @Test func itsActionsAreRefused() async throws {
        try await City.with { city in
            let number = try await Self.reassigned(city)
            let before = try await city.everything()
            for (method, params) in [
                ("handling.addProgress", ["note": "已核查"]), ("assignment.requestReturn", City.returned(number)),
                ("assignment.changeResponsible", ["responsiblePerson": ["name": "周", "title": "科长"], "reason": "调整"]),
                ("assignment.addCoOrder", ["unitId": "housing-roads", "task": "修复"]),
                ("assignment.objectCoOrder", ["ground": "非我职责"]),
            ] as [(String, JSONValue)] {
                let error = await city.refusal(
                    method, params.with(["caseNumber": JSONValue(number)]), as: .unit("housing"))
                #expect(error?.code == -32003 && error?.reason == "notLeadUnit", "\(method)")
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test func whatComesAfterIsNotItsNews() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            try await city.call(
                "assignment.reassign",
                ["caseNumber": JSONValue(number), "leadUnitId": "north", "ground": "wrongUnit", "note": "改派"],
                as: .office)
            let list = try await city.call("assignment.claimList", as: .unit("housing"))["items"]
            #expect(list == [])
            #expect(try await city.call("assignment.claimList", as: .unit("north"))["items"]?.elements?.count == 1)
            #expect(try await city.call("intake.changes", as: .unit("housing"))["items"] == [])
        }
    }

    @Test func whoLeadsItAgainReadsAllAgain() async throws {
        try await City.with { city in
            let number = try await Self.reassignedBack(city)
            let view = try await city.get(number, as: .unit("housing"))
            #expect(view["version"]?.intValue == view["timeline"]?.elements?.count)
            try await city.step(number, to: .claimed)
        }
    }

    private static func reassignedBack(_ city: City) async throws -> String {
        let number = try await city.bring(to: .dispatched)
        for unit in ["north", "housing"] {
            try await city.call(
                "assignment.reassign",
                ["caseNumber": JSONValue(number), "leadUnitId": JSONValue(unit), "ground": "wrongUnit", "note": "改派"],
                as: .office)
        }
        return number
    }
}
