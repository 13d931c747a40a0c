import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct FileOpinionTests {
    private static func params(_ number: String, _ opinion: String = "拟于今夜现场核查") -> JSONValue {
        ["caseNumber": JSONValue(number), "opinion": JSONValue(opinion)]
    }

    @Test func anOpinionIsOnFileAndStopsTheOpinionClock() async throws {
        try await City.with { city in
            var life = City.Life()
            life.urgency = "critical"
            let number = try await city.bring(to: .claimed, life)
            city.clock.advance(seconds: 3600)
            let before = try await city.get(number)
            let answer = try await city.call("handling.fileOpinion", Self.params(number), as: .unit("housing"))
            #expect(answer == ["caseNumber": JSONValue(number), "status": "claimed", "version": 4])
            let view = try await city.get(number)
            #expect(view["timeline"]?.elements?.last?["note"] == "拟于今夜现场核查")
            let opinion = view["clocks"]?.elements?.first { $0["stage"] == "opinion" }
            #expect(
                opinion?["stoppedAt"] == "2026-03-02T10:00:00+08:00" && opinion?["dueAt"] == "2026-03-06T09:00:00+08:00"
            )
            #expect(view["dueAt"] == before["dueAt"] && view["holder"] == before["holder"])
        }
    }

    @Test func anOrdinaryCaseMayHaveOneToo() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.get(number)["clocks"]
            try await city.call("handling.fileOpinion", Self.params(number), as: .unit("housing"))
            #expect(try await city.get(number)["clocks"] == before)
        }
    }

    @Test(arguments: [(1, nil), (20_000, nil), (20_001, -32602), (0, -32602)] as [(Int, Int?)])
    func itHasOneToTwentyThousandCharacters(count: Int, code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params = Self.params(number, String(repeating: "字", count: count))
            let error = await city.refusal("handling.fileOpinion", params, as: .unit("housing"))
            #expect(error?.code == code && error?.firstPath == (code == nil ? nil : "opinion"))
        }
    }

    @Test func onlyTheLeadUnitOfAClaimedCaseFilesIt() async throws {
        try await City.with { city in
            var life = City.Life()
            life.coUnits = ["transport"]
            let number = try await city.bring(to: .dispatched, life)
            let early = await city.refusal("handling.fileOpinion", Self.params(number), as: .unit("housing"))
            #expect(
                early?.code == 1002 && early?["status"] == "dispatched"
                    && early?["allowed"] == [
                        "assignment.addCoOrder", "assignment.claim", "assignment.requestReturn",
                        "assignment.withdrawCoOrder", "supervision.requestExclusion",
                    ])
            try await city.step(number, to: .claimed)
            #expect(
                await city.refusal("handling.fileOpinion", Self.params(number), as: .unit("transport"))?.reason
                    == "notLeadUnit")
            #expect(await city.refusal("handling.fileOpinion", Self.params(number), as: .unit("north"))?.code == 1001)
        }
    }

    @Test func thePublicDoesNotReadIt() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.fileOpinion", Self.params(number), as: .unit("housing"))
            let text = String(decoding: try await city.get(number, as: .source).serialized(), as: UTF8.self)
            #expect(!text.contains("拟于今夜"))
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                "handling.fileOpinion", Self.params(number), as: .unit("housing"), other: Self.params(number, "另一意见"),
                and: "handling.addProgress", ["caseNumber": JSONValue(number), "note": "已核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
