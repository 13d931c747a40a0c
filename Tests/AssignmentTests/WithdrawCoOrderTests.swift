import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct WithdrawCoOrderTests {
    private static let method = "assignment.withdrawCoOrder"

    private static func params(_ number: String, _ unit: String = "transport") -> JSONValue {
        ["caseNumber": JSONValue(number), "unitId": JSONValue(unit), "reason": "不再需要"]
    }

    private static func helped(
        _ city: City, by units: [String] = ["transport", "housing-roads"]
    ) async throws -> String {
        var life = City.Life()
        life.coUnits = units
        return try await city.bring(to: .claimed, life)
    }

    @Test func theUnitIsReleasedAndTheResultNoLongerWaits() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            try await city.call(Self.method, Self.params(number), as: .office)
            try await city.call(Self.method, Self.params(number, "housing-roads"), as: .unit("housing"))
            let view = try await city.get(number)
            #expect(view["coOrders"]?.elements?.allSatisfy { $0["status"] == "withdrawn" } == true)
            #expect(await city.sight(of: number, by: "transport") == 1001)
            try await city.step(number, to: .reported)
        }
    }

    @Test func theUnitMayBeOrderedAgain() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            try await city.call(Self.method, Self.params(number), as: .office)
            try await city.call(
                "assignment.addCoOrder", ["caseNumber": JSONValue(number), "unitId": "transport", "task": "清运"],
                as: .office)
            #expect(await city.sight(of: number, by: "transport") == nil)
            #expect(try await city.get(number)["coOrders"]?.elements?.count == 2)
        }
    }

    @Test(arguments: [
        (Who.office, "north", 1011, "notCoUnit"), (.office, "nobody", 1009, "unknownReference"),
        (.unit("housing"), "transport", 1011, "notBeneath"), (.unit("transport"), "transport", -32003, "notLeadUnit"),
    ])
    func whatIsNotTheirsIsRefused(who: Who, unit: String, code: Int, reason: String) async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            let before = try await city.everything()
            let error = await city.refusal(Self.method, Self.params(number, unit), as: who)
            #expect(error?.code == code && error?.reason == reason)
            #expect(try await city.everything() == before)
        }
    }

    @Test func whatIsDoneIsNotTakenBack() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            try await city.call(
                "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "已清运"], as: .unit("transport"))
            #expect(await city.refusal(Self.method, Self.params(number), as: .office)?.reason == "coResultFiled")
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            let mutation = Mutation(
                Self.method, Self.params(number), as: .office, other: Self.params(number, "housing-roads"),
                and: "assignment.changeUrgency",
                ["caseNumber": JSONValue(number), "urgency": "important", "ground": "影响面广"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
