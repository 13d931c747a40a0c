import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ResumeTests {
    @Test func theUnitGoesOnWithoutAnAnswer() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .awaitingPetitioner)
            city.clock.set("2026-03-03T08:00:00+08:00")
            let params: JSONValue = ["caseNumber": JSONValue(number), "note": "已现场查明"]
            let answer = try await city.call(
                "handling.resume", params.with(["expectedVersion": 4]), as: .unit("housing"))
            #expect(answer == ["caseNumber": JSONValue(number), "status": "claimed", "version": 5])
            let view = try await city.get(number)
            #expect(view["holder"]?["unitId"] == "housing" && view["lamp"] == "green")
            // The case waited at the end of the day of the letter only, which does not count anyway.
            #expect(view["dueAt"] == "2026-03-11T23:59:59+08:00")
            // Everybody holds the case in turn, and nobody twice at once.
            let parties = view["custody"]?.elements?.compactMap { $0["holder"]?["party"]?.stringValue }
            #expect(parties == ["registry", "leadUnit", "petitioner", "leadUnit"])
            // The note is the unit's own.
            #expect(try await city.get(number, as: .source)["timeline"]?.elements?.last?["note"] == nil)
            #expect(await city.code("handling.resume", params, as: .unit("housing")) == 1002)
        }
    }

    @Test func aPauseOfAnHourCostsNothing() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .awaitingPetitioner)
            city.clock.advance(seconds: 3600)
            try await city.call(
                "handling.resume", ["caseNumber": JSONValue(number), "note": "已问明"], as: .unit("housing"))
            #expect(try await city.get(number)["dueAt"] == "2026-03-11T23:59:59+08:00")
        }
    }
}
