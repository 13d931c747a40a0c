import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

/// "A co-unit may object once within 2 working days (critical 12 h)."
struct CoObjectionRules {
    private static func object(_ order: CoOrder, _ urgency: Urgency = .ordinary, at: String) throws -> Step {
        var record = Situations.record(.claimed, urgency)
        record.coOrders = [order]
        return try Rules.objectCoOrder(
            record, by: order.unitId, ground: Situations.note("非我职责"), Situations.terms(urgency),
            Situations.calendar, at: Situations.at(at))
    }

    @Test(
        arguments: [
            (.ordinary, "2026-03-04T23:59:59", nil), (.ordinary, "2026-03-05T00:00:00", .tooLate),
            (.important, "2026-03-04T23:59:59", nil), (.critical, "2026-03-02T21:00:00", nil),
            (.critical, "2026-03-02T21:00:00.001", .tooLate),
        ] as [(Urgency, String, Refusal.Code?)])
    func itIsMadeInTheFirstDays(urgency: Urgency, at: String, code: Refusal.Code?) {
        #expect(refusal { try Self.object(CoOrderRules.order("b"), urgency, at: at) }?.code == code)
    }

    @Test func itCountsFromTheOrderAndNotFromTheLetter() {
        let order = CoOrderRules.order("b", at: Situations.at("2026-03-09T10:00:00"))
        #expect(refusal { try Self.object(order, at: "2026-03-11T20:00:00") } == nil)
        #expect(
            refusal { try Self.object(CoOrderRules.order("b", at: nil), at: "2026-03-02T10:00:00") }?.code == .tooLate)
    }

    @Test func itIsMadeOnceAndNotAfterThePartIsDone() throws {
        var order = CoOrderRules.order("b")
        let step = try Self.object(order, at: "2026-03-02T10:00:00")
        #expect(step.record.coOrders[0].isContested && step.record.coOrders[0].hasObjected)
        #expect(step.record.coOrders[0].status == .open)
        order.hasObjected = true
        #expect(refusal { try Self.object(order, at: "2026-03-02T10:00:00") }?.code == .limitReached)
        let done = CoOrderRules.order("b", .done)
        #expect(refusal { try Self.object(done, at: "2026-03-02T10:00:00") }?.reason == "coResultFiled")
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ObjectCoOrderTests {
    private static let method = "assignment.objectCoOrder"

    private static func params(_ number: String, ground: String = "不属于本单位职责") -> JSONValue {
        ["caseNumber": JSONValue(number), "ground": JSONValue(ground)]
    }

    private static func helped(_ city: City) async throws -> String {
        var life = City.Life()
        life.coUnits = ["transport"]
        return try await city.bring(to: .claimed, life)
    }

    @Test func theOfficeReadsTheObjection() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            try await city.call(Self.method, Self.params(number), as: .unit("transport"))
            let order = try await city.get(number)["coOrders"]?[0]
            #expect(order?["objection"] == "不属于本单位职责" && order?["status"] == "open")
            #expect(await city.refusal(Self.method, Self.params(number), as: .unit("transport"))?.code == 1006)
            let wrong =
                await city.refusal(
                    "handling.review", City.review(number, "approve"), as: .office)?["allowed"]?.elements ?? []
            #expect(wrong.contains("assignment.decideCoObjection") && !wrong.contains("assignment.decideExtension"))
        }
    }

    @Test(arguments: [("housing", -32003, "notCoUnit"), ("city", -32003, "notLeadUnit"), ("north", 1001, "notFound")])
    func onlyTheCoUnitObjects(unit: String, code: Int, reason: String) async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            let error = await city.refusal(Self.method, Self.params(number), as: .unit(unit))
            #expect(error?.code == code && error?.reason == reason)
        }
    }

    @Test func aLateObjectionIsTooLate() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            city.clock.set("2026-03-05T00:00:00+08:00")
            #expect(await city.refusal(Self.method, Self.params(number), as: .unit("transport"))?.code == 1005)
        }
    }

    @Test func whoHasFiledDoesNotObject() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            try await city.call(
                "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "已清运"], as: .unit("transport"))
            #expect(
                await city.refusal(Self.method, Self.params(number), as: .unit("transport"))?.reason == "coResultFiled")
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await Self.helped(city)
            let mutation = Mutation(
                Self.method, Self.params(number), as: .unit("transport"), other: Self.params(number, ground: "另一理由"),
                and: "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "已清运"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
