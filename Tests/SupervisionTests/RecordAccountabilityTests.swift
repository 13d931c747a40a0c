import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RecordAccountabilityTests {
    private static func params(_ id: JSONValue?) -> JSONValue {
        ["id": id ?? "0", "outcome": "诫勉谈话", "decidedBy": "市纪委监委", "documentNumber": "云纪〔2026〕7号"]
    }

    @Test func theDecisionOfTheOrganIsOnFileOnce() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            let opened = try await city.call(
                "supervision.openAccountability", OpenAccountabilityTests.params(number), as: .supervisor)
            let answer = try await city.call("supervision.recordAccountability", Self.params(opened["id"]), as: .office)
            #expect(answer["caseNumber"]?.stringValue == number && answer["status"] == "closed")
            let last = try await city.get(number)["timeline"]?.elements?.last
            #expect(last?["action"] == "recordAccountability" && last?["seq"] == answer["version"])
            #expect(last?["note"]?.stringValue?.contains("云纪〔2026〕7号") == true)
            #expect(
                try await city.count(
                    "ledger.cases WHERE proceedings @> '{\"openMatters\": 0, \"isPermanent\": true}'") == 1)
            let before = try await city.everything()
            let error = await city.refusal(
                "supervision.recordAccountability", Self.params(opened["id"]), as: .office)
            #expect(error?.code == 1011 && error?.reason == "accountabilityRecorded")
            #expect(try await city.everything() == before)
            try await city.deliverEvents()
            city.clock.advance(days: 40)
            try await city.sweep()
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            let paper = file["document"]?["papers"]?.elements?.first { $0["kind"] == "accountability" }?["paper"]
            #expect(paper?["decidedBy"] == "市纪委监委")
        }
    }

    @Test func withoutACaseOnlyTheNumberIsAnswered() async throws {
        try await City.with { city in
            let opened = try await city.call(
                "supervision.openAccountability", OpenAccountabilityTests.params(nil), as: .supervisor)
            let answer = try await city.call("supervision.recordAccountability", Self.params(opened["id"]), as: .office)
            #expect(answer == ["id": opened["id"] ?? .null])
        }
    }

    @Test(arguments: ["0", "77", "x", "-1"])
    func whatWasNotOpenedIsNotFound(_ id: String) async throws {
        try await City.with { city in
            #expect(
                await city.code("supervision.recordAccountability", Self.params(JSONValue(id)), as: .office) == 1001)
            #expect(
                await city.code("supervision.recordAccountability", Self.params(JSONValue(id)), as: .supervisor)
                    == -32003)
        }
    }
}
