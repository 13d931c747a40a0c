import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct WithdrawTests {
    private static func params(_ number: String) -> JSONValue {
        ["caseNumber": JSONValue(number), "reason": "问题已自行解决"]
    }

    @Test(arguments: [Who.source, .registrar])
    func beforeDispatchItEndsAtOnce(_ who: Who) async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let answer = try await city.call("intake.withdraw", Self.params(number), as: who)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "withdrawn", "version": 2])
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "archive" && view["dueAt"] == nil && view["lamp"] == nil)
            #expect(view["clocks"]?.elements?.allSatisfy { $0["stoppedAt"] != nil } == true)
            #expect(try await city.deliverEvents() == ["archive.caseClosed"])
            city.clock.advance(days: 32)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "archived")
        }
    }

    /// Asked for while a unit had the case, which then came back to the registry: there it ends at once.
    @Test func whatCameBackToTheRegistryEndsAtOnce() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            try await city.call("intake.withdraw", Self.params(number), as: .source)
            try await city.step(number, to: .returning)
            try await city.call(
                "assignment.decideReturn",
                ["caseNumber": JSONValue(number), "decision": "acceptToRegistry", "ground": "无单位负责"], as: .office)
            #expect(try await city.get(number)["withdrawalAsked"] == true)
            try await city.call("intake.withdraw", Self.params(number), as: .source)
            let view = try await city.get(number)
            #expect(view["status"] == "withdrawn" && view["withdrawalAsked"] == nil)
        }
    }

    @Test(arguments: [CaseStatus.dispatched, .claimed, .awaitingPetitioner])
    func afterDispatchTheStatusStays(_ status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let old = try await city.get(number)
            let answer = try await city.call("intake.withdraw", Self.params(number), as: .source)
            #expect(answer["status"]?.stringValue == status.rawValue)
            let view = try await city.get(number)
            #expect(view["withdrawalAsked"] == true && view["clocks"] == old["clocks"] && view["dueAt"] == old["dueAt"])
            let before = try await city.everything()
            let error = await city.refusal("intake.withdraw", Self.params(number), as: .registrar)
            #expect(error?.code == 1011 && error?.reason == "withdrawalAsked")
            #expect(try await city.everything() == before)
        }
    }

    @Test(arguments: [("report", "ordinary"), ("help", "critical")])
    func reportsAndCriticalCasesStay(_ type: String, _ urgency: String) async throws {
        try await City.with { city in
            var life = City.Life()
            (life.type, life.urgency) = (type, urgency)
            for status in [CaseStatus.registered, .dispatched] {
                let number = try await city.bring(to: status, life)
                let error = await city.refusal("intake.withdraw", Self.params(number), as: .source)
                #expect(error?.code == 1011 && error?.reason == "notWithdrawable", "\(status)")
            }
        }
    }

    @Test func aMasterIsNotWithdrawnFromItsMembers() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .merged)
            let master = try await city.get(number)["master"]?.stringValue ?? ""
            let error = await city.refusal("intake.withdraw", Self.params(master), as: .registrar)
            #expect(error?.code == 1011 && error?.reason == "hasMembers")
        }
    }
}
