import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct FileExplanationTests {
    private static let method = "supervision.fileExplanation"

    /// The yellow card that housing was given on 12 March; its explanation is owed by the 19th.
    private static func card(_ city: City) async throws -> (number: String, card: JSONValue) {
        let number = try await StepsTests.noticed(city)
        let items = try await StepsTests.items(city, ["card": "yellow"])
        return (number, items.first?["card"]?["cardId"] ?? .null)
    }

    @Test func aUnitExplainsItselfToACardOnce() async throws {
        try await City.with { city in
            let (number, card) = try await Self.card(city)
            let params: JSONValue = ["cardId": card, "unitId": "housing", "text": "因现场勘验延误，已加派人手。"]
            let broken = try await city.brokenPromises(
                of: Mutation(
                    Self.method, params, as: .unit("housing"), other: params.with(["text": "另一份说明"]),
                    and: "assignment.claim",
                    ["caseNumber": JSONValue(number), "responsiblePerson": ["name": "周", "title": "科长"]]))
            #expect(broken == [])
            let error = await city.refusal(Self.method, params, as: .unit("housing"))
            #expect(error?.code == 1011 && error?.reason == "explanationFiled")
            #expect(try await city.count("supervision.explanations WHERE person ->> 'name' = '冯经办'") == 1)
            let ofCase = try await StepsTests.items(city, ["caseNumber": JSONValue(number), "card": "yellow"])
            #expect(ofCase[0]["card"]?["explanation"] == "因现场勘验延误，已加派人手。")
            #expect(ofCase[0]["card"]?["explainedAt"] == "2026-03-12T09:00:00+08:00")
            #expect(try await StepsTests.items(city, ["card": "yellow"])[0]["card"]?["explanation"] == nil)
        }
    }

    @Test(arguments: [("2026-03-19T23:59:59+08:00", false), ("2026-03-20T00:00:00+08:00", true)])
    func itIsLateAfterTheCardsDate(_ at: String, _ late: Bool) async throws {
        try await City.with { city in
            let (number, card) = try await Self.card(city)
            city.clock.set(at)
            #expect(
                try await city.call(
                    Self.method, ["cardId": card, "unitId": "housing", "text": "说明"], as: .unit("housing"))
                    == [
                        "unitId": "housing", "cardId": card, "caseNumber": JSONValue(number), "filedAt": JSONValue(at),
                        "late": JSONValue(late),
                    ])
        }
    }

    /// An explanation is a paper of its case: in the sealed file, or too late for it.
    @Test func toACardOfASealedCaseNothingIsExplained() async throws {
        try await City.with { city in
            let (number, card) = try await Self.card(city)
            for status in [CaseStatus.reported, .approved, .replied, .closed, .archived] {
                try await city.step(number, to: status)
            }
            let params: JSONValue = ["cardId": card, "unitId": "housing", "text": "说明"]
            let error = await city.refusal(Self.method, params, as: .unit("housing"))
            #expect(error?.code == 1010 && error?.reason == "sealed")
            #expect(await city.code(Self.method, params.with(["unitId": "city"]), as: .unit("city")) == 1010)
            #expect(await city.code(Self.method, params.with(["unitId": "transport"]), as: .unit("transport")) == 1001)
            #expect(try await city.count("supervision.explanations") == 0)
        }
    }

    @Test func anotherUnitsCardIsNotItsOwn() async throws {
        try await City.with { city in
            let (_, card) = try await Self.card(city)
            func code(_ unit: String, _ who: String, _ card: JSONValue) async -> Int? {
                await city.code(
                    Self.method, ["cardId": card, "unitId": JSONValue(unit), "text": "说明"], as: .unit(who))
            }
            #expect(await code("transport", "transport", card) == 1001)
            #expect(await code("housing", "transport", card) == 1001)
            #expect(await code("housing", "city", card) == -32003)
            #expect(await code("city", "city", card) == -32003)
            for unknown in ["0", "999999", "x"] {
                #expect(await code("housing", "housing", JSONValue(unknown)) == 1001)
            }
            // A step without a card is none.
            let warning = try await StepsTests.items(city, ["step": "warning"])[0]["stepId"] ?? .null
            #expect(await code("housing", "housing", warning) == 1001)
            #expect(try await city.count("supervision.explanations") == 0)
            for who in [Who.office, .supervisor, .admin, .source] {
                #expect(
                    await city.code(Self.method, ["cardId": card, "unitId": "housing", "text": "说明"], as: who) == -32003
                )
            }
        }
    }

    @Test func aMonthsBulletinIsExplainedOncePerUnit() async throws {
        try await City.with { city in
            let params: JSONValue = ["month": "2026-02", "unitId": "housing", "text": "说明"]
            #expect(
                try await city.call(Self.method, params, as: .unit("housing")) == [
                    "unitId": "housing", "month": "2026-02", "filedAt": "2026-03-02T09:00:00+08:00",
                ])
            #expect(await city.refusal(Self.method, params, as: .unit("housing"))?.reason == "explanationFiled")
            try await city.call(Self.method, params.with(["unitId": "transport"]), as: .unit("transport"))
        }
    }

    static let refused: [(JSONValue, String)] = [
        (["unitId": "housing", "text": "说明"], "cardId"),
        (["unitId": "housing", "text": "说明", "cardId": "1", "month": "2026-02"], "month"),
        (["unitId": "housing", "text": "说明", "month": "2026-04"], "month"),
        (["unitId": "housing", "text": "说明", "month": "2026-13"], "month"),
        (["unitId": "housing", "text": "说明", "month": "2026-2"], "month"),
        (["unitId": "housing", "text": "说明", "month": "0000-01"], "month"),
        (["unitId": "housing", "month": "2026-02"], "text"), (["text": "说明", "month": "2026-02"], "unitId"),
        (["unitId": "housing", "text": "", "month": "2026-02"], "text"),
    ]

    @Test func whatIsWrongIsNamed() async throws {
        try await City.with { city in
            let before = try await city.everything()
            for (params, path) in Self.refused {
                let error = await city.refusal(Self.method, params, as: .unit("housing"))
                #expect(error?.code == -32602 && error?.paths == [path], "\(params.json)")
            }
            #expect(try await city.everything() == before)
        }
    }
}
