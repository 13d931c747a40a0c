import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct DecideExclusionTests {
    private static func params(_ number: String, _ decision: String) -> JSONValue {
        ["caseNumber": JSONValue(number), "decision": JSONValue(decision), "ground": "经核属实"]
    }

    @Test(arguments: ["grant", "refuse"])
    func aRulingHasANumberAndAnotherMayBeAskedFor(_ decision: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            for _ in 0..<2 {
                try await city.call(
                    "supervision.requestExclusion", RequestExclusionTests.params(number), as: .unit("housing"))
                let keyed = Self.params(number, decision).with([
                    "idempotencyKey": JSONValue("\(Int.random(in: 0...Int.max))")
                ])
                let answer = try await city.call("supervision.decideExclusion", keyed, as: .office)
                #expect(answer["status"] == "claimed")
                #expect(answer["rulingNumber"]?.stringValue?.hasPrefix("剔裁〔2026〕") == true)
                #expect(try await city.call("supervision.decideExclusion", keyed, as: .office) == answer)
            }
            #expect(try await city.count("supervision.exclusions WHERE decision = '\(decision)'") == 2)
            #expect(try await city.count("ledger.cases WHERE proceedings @> '{\"openMatters\": 0}'") == 1)
        }
    }

    @Test func whatNobodyAskedForIsNotDecided() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let error = await city.refusal("supervision.decideExclusion", Self.params(number, "grant"), as: .office)
            #expect(error?.code == 1011 && error?.reason == "noExclusionAsked")
            #expect(try await city.everything() == before)
        }
    }
}
