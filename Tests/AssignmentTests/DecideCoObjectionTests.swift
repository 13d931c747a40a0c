import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

struct CoObjectionDecisionRules {
    @Test(arguments: [(.accept, .withdrawn), (.deny, .open)] as [(ObjectionDecision, CoOrderStatus)])
    func acceptedItIsWithdrawnAndDeniedItStays(decision: ObjectionDecision, status: CoOrderStatus) throws {
        var record = Situations.record()
        record.coOrders = [CoOrderRules.order("b"), CoOrderRules.order("c")]
        record.coOrders[1].objection = Situations.note()
        let step = try Rules.decideCoObjection(record, Situations.id("c"), name: Name(unchecked: "丙"), decision)
        #expect(step.record.coOrders.map(\.status) == [.open, status])
        #expect(step.record.coOrders.allSatisfy { !$0.isContested })
        for unit in ["b", "d"] {
            let refusal = refusal {
                try Rules.decideCoObjection(record, Situations.id(unit), name: Name(unchecked: "乙"), decision)
            }
            #expect(refusal?.reason == "noObjection")
        }
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct DecideCoObjectionTests {
    private static let method = "assignment.decideCoObjection"

    private static func params(_ number: String, _ decision: String, _ unit: String = "transport") -> JSONValue {
        ["caseNumber": JSONValue(number), "unitId": JSONValue(unit), "decision": JSONValue(decision)]
    }

    private static func contested(_ city: City) async throws -> String {
        var life = City.Life()
        life.coUnits = ["transport"]
        let number = try await city.bring(to: .claimed, life)
        try await city.call(
            "assignment.objectCoOrder", ["caseNumber": JSONValue(number), "ground": "非我职责"], as: .unit("transport"))
        return number
    }

    @Test(arguments: [("accept", "withdrawn", 1001), ("deny", "open", nil)] as [(String, String, Int?)])
    func theOfficeDecides(decision: String, status: String, sight: Int?) async throws {
        try await City.with { city in
            let number = try await Self.contested(city)
            let answer = try await city.call(Self.method, Self.params(number, decision), as: .office)
            #expect(answer.names == ["caseNumber", "status", "version"])
            let order = try await city.get(number)["coOrders"]?[0]
            #expect(order?["status"]?.stringValue == status && order?["objection"] == nil)
            #expect(await city.sight(of: number, by: "transport") == sight)
            let again = await city.refusal(Self.method, Self.params(number, decision), as: .office)
            #expect(again?.code == 1011 && again?.reason == "noObjection")
            if decision == "deny" {
                let twice: JSONValue = ["caseNumber": JSONValue(number), "ground": "仍非我职责"]
                #expect(await city.code("assignment.objectCoOrder", twice, as: .unit("transport")) == 1006)
            }
        }
    }

    @Test func whoFilesItsPartHasWithdrawnItsObjection() async throws {
        try await City.with { city in
            let number = try await Self.contested(city)
            try await city.call(
                "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "已清运"], as: .unit("transport"))
            #expect(await city.refusal(Self.method, Self.params(number, "deny"), as: .office)?.reason == "noObjection")
            #expect(await city.code(Self.method, Self.params(number, "deny", "nobody"), as: .office) == 1009)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await Self.contested(city)
            let mutation = Mutation(
                Self.method, Self.params(number, "accept"), as: .office, other: Self.params(number, "deny"),
                and: "assignment.changeUrgency",
                ["caseNumber": JSONValue(number), "urgency": "important", "ground": "影响面广"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
