import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ClaimTests {
    @Test func aClaimNamesWhoAnswersForTheCase() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            city.clock.advance(seconds: 60)
            let answer = try await city.call("assignment.claim", Self.params(number), as: .unit("housing"))
            #expect(answer == ["caseNumber": JSONValue(number), "status": "claimed", "version": 3])
            let view = try await city.get(number)
            #expect(view["responsiblePerson"] == ["name": "周主任", "title": "科长"])
            #expect(view["holder"] == ["party": "leadUnit", "unitId": "housing", "name": "单位housing"])
            let claim = view["clocks"]?.elements?.first { $0["stage"] == "claim" }
            #expect(claim?["stoppedAt"] == "2026-03-02T09:01:00+08:00")
            // The unit has held it since the letter.
            #expect(view["custody"]?.elements?.count == 2)
        }
    }

    private static func params(_ number: String, name: String = "周主任") -> JSONValue {
        [
            "caseNumber": JSONValue(number),
            "responsiblePerson": ["name": JSONValue(name), "title": "科长", "phone": "0799-8111111"],
        ]
    }

    @Test func theOfficeLineOfWhoAnswersIsInNoView() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            try await city.call("assignment.claim", Self.params(number), as: .unit("housing"))
            for who in [Who.office, .registrar, .auditor, .supervisor, .source, .unit("housing"), .unit("city")] {
                let text = String(decoding: try await city.get(number, as: who).serialized(), as: UTF8.self)
                #expect(!text.contains("8111111"), "\(who)")
            }
        }
    }

    @Test(arguments: [
        (#"{}"#, "responsiblePerson"), (#"{"responsiblePerson":{"title":"科长"}}"#, "responsiblePerson.name"),
        (#"{"responsiblePerson":{"name":"周","title":""}}"#, "responsiblePerson.title"),
        (#"{"responsiblePerson":{"name":"  ","title":"科长"}}"#, "responsiblePerson.name"),
        (#"{"responsiblePerson":{"name":"周","title":"科长","post":"x"}}"#, "responsiblePerson.post"),
    ])
    func badParamsAreNamed(params: String, path: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let call = try JSONValue(parsing: Array(params.utf8)).setting("caseNumber", to: JSONValue(number))
            let error = await city.refusal("assignment.claim", call, as: .unit("housing"))
            #expect(error?.code == -32602 && error?.firstPath == path)
            // Params come before sight.
            #expect(await city.refusal("assignment.claim", call, as: .unit("north"))?.code == -32602)
        }
    }

    @Test func onlyTheLeadUnitClaims() async throws {
        try await City.with { city in
            var life = City.Life()
            life.coUnits = ["transport"]
            let number = try await city.bring(to: .dispatched, life)
            for unit in ["city", "transport"] {
                let error = await city.refusal("assignment.claim", Self.params(number), as: .unit(unit))
                #expect(error?.code == -32003 && error?.reason == "notLeadUnit", "\(unit)")
            }
            for unit in ["north", "housing-roads"] {
                #expect(
                    await city.refusal("assignment.claim", Self.params(number), as: .unit(unit))?.code == 1001,
                    "\(unit)")
            }
            #expect(
                await city.refusal("assignment.claim", Self.params("202603-999999999"), as: .unit("housing"))?.code
                    == 1001)
            #expect(
                await city.refusal("assignment.claim", Self.params("no number"), as: .unit("housing"))?.code == 1001)
            #expect(await city.refusal("assignment.claim", Self.params(number), as: .office)?.code == -32003)
        }
    }

    @Test(arguments: [CaseStatus.claimed, .reported, .approved, .replied, .closed])
    func whoComesLateIsToldWhoHoldsItWhateverTheStatusSince(status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.everything()
            let error = await city.refusal("assignment.claim", Self.params(number, name: "王科长"), as: .unit("housing"))
            #expect(error?.code == 1004 && error?.reason == "alreadyClaimed" && error?.retryable == false)
            #expect(error?["holder"]?.stringValue?.contains("周主任") == true)
            #expect(try await city.everything() == before)
        }
    }

    @Test func theVersionIsCheckedBeforeTheLostClaim() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let stale = Self.params(number).setting("expectedVersion", to: 2)
            let error = await city.refusal("assignment.claim", stale, as: .unit("housing"))
            #expect(error?.code == 1003 && error?["version"] == 3)
            #expect(
                await city.refusal("assignment.claim", stale.setting("expectedVersion", to: 3), as: .unit("housing"))?
                    .code == 1004)
        }
    }

    @Test func ofTwoClerksAtOnceOneWins() async throws {
        try await City.with { city in
            for _ in 1...5 {
                let number = try await city.bring(to: .dispatched)
                let names = ["周主任", "王科长", "何股长", "许专员"]
                let codes = await withTaskGroup(of: Int?.self) { group in
                    for name in names {
                        group.addTask {
                            await city.refusal(
                                "assignment.claim", Self.params(number, name: name), as: .unit("housing"))?.code
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(codes.count { $0 == nil } == 1 && codes.count { $0 == 1004 } == 3)
                #expect(try await city.get(number)["version"] == 3)
            }
            let claims = try await city.sql { db in try db.value("SELECT count(*) FROM assignment.claims") as Int }
            #expect(claims == 5)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let mutation = Mutation(
                "assignment.claim", Self.params(number), as: .unit("housing"), other: Self.params(number, name: "王科长"),
                and: "handling.addProgress", ["caseNumber": JSONValue(number), "note": "已核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
