import Domain
import JSONRPC
import TestKit
import Testing

/// What is checked before any rule is asked, in the contract's order, and what every change has in common.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct WorkTests {
    private static let person: JSONValue = ["name": "周主任", "title": "科长"]

    private static func claim(_ number: String, _ more: KeyValuePairs<String, JSONValue> = [:]) -> JSONValue {
        (["caseNumber": JSONValue(number), "responsiblePerson": person] as JSONValue).with(more)
    }

    /// Each request is wrong in two ways; the answer is that of the check that comes first.
    @Test func whatIsCheckedFirstIsAnsweredFirst() async throws {
        try await City.with { city in
            let open = try await city.bring(to: .dispatched)
            let claimed = try await city.bring(to: .claimed)
            let reported = try await city.bring(to: .reported)
            let archived = try await city.bring(to: .archived)
            let stale: KeyValuePairs<String, JSONValue> = ["expectedVersion": 99]
            let before = try await city.everything()
            let requests: [(String, JSONValue, Who, Int)] = [
                // role before params, params before sight
                ("assignment.claim", [:], .office, -32003),
                ("assignment.claim", ["caseNumber": "x"], .unit("housing"), -32602),
                // sight before version, sealed before another's, another's before version
                ("assignment.claim", Self.claim("202603-999999999", stale), .unit("housing"), 1001),
                ("assignment.claim", Self.claim(archived, stale), .unit("city"), 1010),
                ("assignment.claim", Self.claim(open, stale), .unit("city"), -32003),
                // version before a lost claim and before the status, a lost claim before the status
                ("assignment.claim", Self.claim(claimed, stale), .unit("housing"), 1003),
                ("assignment.claim", Self.claim(reported, stale), .unit("housing"), 1003),
                ("assignment.claim", Self.claim(claimed), .unit("housing"), 1004),
                ("assignment.claim", Self.claim(reported), .unit("housing"), 1004),
                // the status before the rules
                ("intake.confirmDecline", ["caseNumber": JSONValue(open)], .office, 1002),
                (
                    "supervision.ruleRound",
                    ["caseNumber": JSONValue(open), "decision": "closeExplained", "ground": "x"], .office, 1002
                ),
            ]
            for (index, (method, params, who, code)) in requests.enumerated() {
                #expect(await city.code(method, params, as: who) == code, "\(index) \(method)")
            }
            let lost = await city.refusal("assignment.claim", Self.claim(claimed), as: .unit("housing"))
            #expect(lost?["holder"] == "周主任（科长）")
            let wrong = await city.refusal("intake.confirmDecline", ["caseNumber": JSONValue(open)], as: .office)
            #expect(wrong?["status"] == "dispatched")
            #expect(
                wrong?["allowed"] == [
                    "assignment.addCoOrder", "assignment.changeUrgency", "assignment.instruct", "assignment.reassign",
                    "assignment.withdrawCoOrder", "intake.classify",
                ])
            #expect(try await city.everything() == before)
        }
    }

    @Test func ofManyChangesThatExpectOneVersionOneWins() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let codes = try await withThrowingTaskGroup(of: Int?.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        let params: JSONValue = [
                            "caseNumber": JSONValue(number), "text": JSONValue("补充\(index)"), "expectedVersion": 1,
                        ]
                        return await city.code("intake.supplement", params, as: .source)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1)
            #expect(codes.allSatisfy { $0 == nil || $0 == 1003 })
            #expect(try await city.get(number)["version"] == 2)
        }
    }

    @Test func noEntryIsEarlierThanTheOneBeforeIt() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            city.clock.set("2026-03-01T09:00:00+08:00")
            try await city.step(number, to: .claimed)
            let view = try await city.get(number)
            #expect(view["timeline"]?[2]?["at"] == "2026-03-02T09:00:00+08:00")
            #expect(view["custody"]?.elements?.count == 2)
        }
    }

    @Test func whoActedIsKeptAndNotShownToThePublic() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "text": "补充", "person": ["name": "李登记", "title": "科员"],
            ]
            try await city.call("intake.supplement", params, as: .registrar)
            let entry = try await city.get(number)["timeline"]?[1]
            #expect(entry?["person"] == ["name": "李登记", "title": "科员"] && entry?["actor"] == "registrar")
            let shown = try await city.get(number, as: .source).json
            #expect(!shown.contains("李登记"))
        }
    }
}
