import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct UrgeTests {
    static let statuses: [(CaseStatus, Int?)] = [
        (.registered, 1002), (.dispatched, nil), (.claimed, nil), (.reported, nil), (.approved, nil), (.replied, 1002),
        (.closed, 1002),
        (.declined, 1002), (.archived, 1010),
    ]

    @Test(arguments: statuses)
    func supervisionAndTheSourceUrgeWhileTheCaseIsHandled(_ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let view = try await city.get(number)
            city.clock.advance(seconds: 3600)
            for who in [Who.supervisor, .source] {
                let error = await city.refusal(
                    "supervision.urge", ["caseNumber": JSONValue(number), "text": "请尽快办理"], as: who)
                #expect(error?.code == code, "\(who)")
            }
            let after = try await city.get(number)
            for field in ["status", "holder", "dueAt", "clocks", "lamp", "round"] {
                #expect(after[field] == view[field], "\(field)")
            }
            #expect(after["version"]?.intValue == (view["version"]?.intValue ?? 0) + (code == nil ? 2 : 0))
        }
    }

    @Test func nobodyElseUrges() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params: JSONValue = ["caseNumber": JSONValue(number), "text": "请尽快办理"]
            let before = try await city.everything()
            for who in [Who.office, .registrar, .unit("housing"), .leader, .auditor, .observer, .admin] {
                #expect(await city.code("supervision.urge", params, as: who) == -32003, "\(who)")
            }
            #expect(await city.code("supervision.urge", params, as: .otherSource) == 1001)
            #expect(
                await city.refusal(
                    "supervision.urge", params.with(["text": JSONValue(String(repeating: "催", count: 2001))]),
                    as: .source)?.paths == ["text"])
            #expect(try await city.everything() == before)
            try await city.call("supervision.urge", params, as: .source)
            #expect(!(try await city.get(number, as: .source)).json.contains("请尽快办理"))
            #expect((try await city.get(number, as: .unit("housing"))).json.contains("请尽快办理"))
        }
    }
}
