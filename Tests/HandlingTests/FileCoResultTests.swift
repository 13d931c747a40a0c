import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct FileCoResultTests {
    private static func params(_ number: String, _ account: String = "渣土已清运") -> JSONValue {
        ["caseNumber": JSONValue(number), "account": JSONValue(account)]
    }

    private static func bring(_ city: City, to status: CaseStatus = .claimed) async throws -> String {
        var life = City.Life()
        life.coUnits = ["transport", "north"]
        return try await city.bring(to: status, life)
    }

    /// As soon as the letter is out; it need not wait for the claim.
    @Test(arguments: [CaseStatus.dispatched, .claimed]) func aCoUnitSaysWhatItDid(status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await Self.bring(city, to: status)
            let before = try await city.get(number)
            let answer = try await city.call("handling.fileCoResult", Self.params(number), as: .unit("transport"))
            #expect(
                answer["status"]?.stringValue == status.rawValue && answer.names == ["caseNumber", "status", "version"])
            let after = try await city.get(number)
            #expect(after["coOrders"]?.elements?.compactMap { $0["status"]?.stringValue } == ["done", "open"])
            #expect(after["timeline"]?.elements?.last?["unitId"] == "transport")
            #expect(after["timeline"]?.elements?.last?["note"] == "渣土已清运")
            for part in ["clocks", "dueAt", "holder", "custody", "leadUnitId"] {
                #expect(after[part] == before[part], "\(part)")
            }
        }
    }

    @Test func onlyTheCoUnitItselfFilesItsPart() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            let before = try await city.everything()
            for unit in ["housing", "city"] {
                #expect(
                    await city.refusal("handling.fileCoResult", Self.params(number), as: .unit(unit))?.code == -32003,
                    "\(unit)")
            }
            #expect(
                await city.refusal("handling.fileCoResult", Self.params(number), as: .unit("city"))?.reason
                    == "notLeadUnit")
            for unit in ["north-town", "housing-roads"] {
                #expect(
                    await city.refusal("handling.fileCoResult", Self.params(number), as: .unit(unit))?.code == 1001,
                    "\(unit)")
            }
            #expect(await city.refusal("handling.fileCoResult", Self.params(number), as: .office)?.code == -32003)
            #expect(try await city.everything() == before)
        }
    }

    @Test func itIsFiledOnce() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            try await city.call("handling.fileCoResult", Self.params(number), as: .unit("transport"))
            let error = await city.refusal("handling.fileCoResult", Self.params(number, "再报"), as: .unit("transport"))
            #expect(error?.code == 1011 && error?.reason == "coResultFiled")
        }
    }

    @Test func itIsTooLateOnceTheLeadHasReported() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            for unit in ["transport", "north"] {
                try await city.call("handling.fileCoResult", Self.params(number), as: .unit(unit))
            }
            try await city.step(number, to: .reported)
            let error = await city.refusal("handling.fileCoResult", Self.params(number), as: .unit("transport"))
            #expect(error?.code == 1002 && error?["status"] == "reported" && error?["allowed"] == [])
        }
    }

    @Test func badParamsAreNamed() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            for account in ["", " ", String(repeating: "字", count: 20_001)] {
                let error = await city.refusal(
                    "handling.fileCoResult", Self.params(number, account), as: .unit("transport"))
                #expect(error?.code == -32602 && error?.firstPath == "account")
            }
        }
    }

    /// What a co-unit may use stands in `allowed`, and nothing of the lead's.
    @Test func aLeadIsNotOfferedTheCoUnitsMethod() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            let error = await city.refusal(
                "assignment.claim",
                ["caseNumber": JSONValue(number), "responsiblePerson": ["name": "王", "title": "科长"]],
                as: .unit("housing"))
            #expect(error?.code == 1004)
            try await city.call("handling.fileCoResult", Self.params(number), as: .unit("transport"))
            try await city.call("handling.fileCoResult", Self.params(number), as: .unit("north"))
            try await city.step(number, to: .reported)
            let again = await city.refusal("handling.fileResult", City.result(number), as: .unit("housing"))
            #expect(
                again?.code == 1002
                    && again?["allowed"] == ["assignment.changeResponsible", "supervision.requestExclusion"])
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            let mutation = Mutation(
                "handling.fileCoResult", Self.params(number), as: .unit("transport"), other: Self.params(number, "另述"),
                and: "handling.fileOpinion", ["caseNumber": JSONValue(number), "opinion": "拟核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
