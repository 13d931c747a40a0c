import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct OpenAccountabilityTests {
    static func params(_ number: String?) -> JSONValue {
        let usual: JSONValue = [
            "unitId": "housing", "accountable": ["name": "吴局长", "title": "局长"], "ground": "虚报办结",
        ]
        return number.map { usual.with(["caseNumber": JSONValue($0)]) } ?? usual
    }

    @Test func aCaseWithItIsKeptForGoodAndNotSealedMeanwhile() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            let answer = try await city.call("supervision.openAccountability", Self.params(number), as: .supervisor)
            #expect(answer["status"] == "closed" && answer["id"]?.stringValue?.isEmpty == false)
            #expect(
                try await city.count(
                    "ledger.cases WHERE proceedings @> '{\"openMatters\": 1, \"isPermanent\": true}'") == 1)
            try await city.deliverEvents()
            city.clock.advance(days: 60)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "closed")
        }
    }

    @Test func itMayConcernNoCaseInParticular() async throws {
        try await City.with { city in
            let answer = try await city.call("supervision.openAccountability", Self.params(nil), as: .supervisor)
            #expect(answer.nameSet == ["id"])
            #expect(try await city.count("supervision.accountabilities WHERE case_id IS NULL") == 1)
        }
    }

    @Test func theUnitMustExistAndTheRoleBeRight() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let unknown = await city.refusal(
                "supervision.openAccountability", Self.params(number).with(["unitId": "nowhere"]), as: .supervisor)
            #expect(unknown?.code == 1009 && unknown?.firstPath == "unitId")
            for who in [Who.office, .unit("housing"), .registrar, .leader] {
                #expect(
                    await city.code("supervision.openAccountability", Self.params(nil), as: who) == -32003, "\(who)")
            }
            #expect(try await city.everything() == before)
        }
    }
}
