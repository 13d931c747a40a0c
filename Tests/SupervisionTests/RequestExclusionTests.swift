import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RequestExclusionTests {
    static func params(_ number: String, _ measures: JSONValue = ["responseRate", "overdueRate"]) -> JSONValue {
        ["caseNumber": JSONValue(number), "measures": measures, "ground": "法律规定的期限更长"]
    }

    @Test(arguments: [Who.unit("housing"), .supervisor])
    func itIsOnFileAndChangesNothingElse(_ who: Who) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let old = try await city.get(number)
            let answer = try await city.call("supervision.requestExclusion", Self.params(number), as: who)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "claimed", "version": 4])
            let view = try await city.get(number)
            for field in ["holder", "dueAt", "clocks", "lamp"] { #expect(view[field] == old[field], "\(field)") }
            #expect(try await city.count("supervision.exclusions WHERE decision IS NULL") == 1)
            let before = try await city.everything()
            let error = await city.refusal("supervision.requestExclusion", Self.params(number), as: .supervisor)
            #expect(error?.code == 1011 && error?.reason == "exclusionAsked")
            #expect(try await city.everything() == before)
        }
    }

    @Test(arguments: [[], ["responseRate", "responseRate"], ["shine"]] as [JSONValue])
    func measuresAreKnownAndNamedOnce(_ measures: JSONValue) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let error = await city.refusal(
                "supervision.requestExclusion", Self.params(number, measures), as: .supervisor)
            #expect(error?.code == -32602 && error?.firstPath?.hasPrefix("measures") == true)
        }
    }

    @Test func sealingWaitsForTheRuling() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            try await city.call("supervision.requestExclusion", Self.params(number), as: .supervisor)
            try await city.deliverEvents()
            city.clock.advance(days: 60)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "closed")
            try await city.call(
                "supervision.decideExclusion",
                ["caseNumber": JSONValue(number), "decision": "refuse", "ground": "理由不足"], as: .office)
            city.clock.advance(days: 1)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "archived")
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            let paper = file["document"]?["papers"]?.elements?.first { $0["kind"] == "exclusion" }?["paper"]
            #expect(paper?["decision"] == "refuse" && paper?["measures"] == ["responseRate", "overdueRate"])
        }
    }
}
