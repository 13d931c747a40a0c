import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SupplementTests {
    static let statuses: [(CaseStatus, Int?)] = [
        (.registered, nil), (.dispatched, nil), (.claimed, nil), (.reported, nil), (.approved, nil), (.replied, nil),
        (.closed, 1002),
        (.declined, 1002), (.archived, 1010),
    ]

    @Test(arguments: statuses)
    func anOpenCaseCanBeAddedToAndStaysAsItWas(_ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let view = try await city.get(number)
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "text": "补充情况", "attachments": [Message.attachment()],
            ]
            for who in [Who.source, .registrar] {
                let error = await city.refusal("intake.supplement", params, as: who)
                #expect(error?.code == code, "\(who)")
                guard code == 1002 else { continue }
                #expect(error?["status"] == JSONValue(status.rawValue))
                #expect(error?["allowed"]?.elements?.contains("intake.supplement") == false)
            }
            let after = try await city.get(number)
            for field in ["status", "holder", "dueAt", "clocks", "body"] {
                #expect(after[field] == view[field], "\(field)")
            }
            #expect(try await city.count("intake.supplements") == (code == nil ? 2 : 0))
        }
    }

    @Test func afterTheApprovalTheOfficeMustSeeItBeforePublication() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await city.call("intake.supplement", c.with(["text": "还有新情况"]), as: .source)
            let publish = c.with(["way": "phone", "at": JSONValue(city.clock.now.description)])
            let error = await city.refusal("handling.confirmPublication", publish, as: .registrar)
            #expect(error?.code == 1011 && error?.reason == "supplementUnseen")
            try await city.call("handling.withdrawApproval", c.with(["reason": "看补充"]), as: .office)
            try await city.step(number, to: .approved)
            try await city.step(number, to: .replied)
        }
    }

    @Test func whoAddsMustSeeTheCaseAndHaveTheRole() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let params: JSONValue = ["caseNumber": JSONValue(number), "text": "补充"]
            let before = try await city.everything()
            #expect(await city.code("intake.supplement", params, as: .otherSource) == 1001)
            for who in [Who.office, .unit("housing"), .supervisor, .leader, .auditor, .admin, .observer] {
                #expect(await city.code("intake.supplement", params, as: who) == -32003, "\(who)")
            }
            #expect(await city.code("intake.supplement", params, as: .nobody) == -32001)
            #expect(
                await city.code("intake.supplement", params.with(["caseNumber": "202603-999999999"]), as: .source)
                    == 1001)
            for (change, path) in [
                (["text": ""], "text"), (["text": JSONValue(String(repeating: "长", count: 20_001))], "text"),
                (["attachments": .array(Array(repeating: Message.attachment(), count: 21))], "attachments"),
                (["attachments": [Message.attachment(bytes: -1)]], "attachments[0].bytes"),
            ] as [(JSONValue, String)] {
                let changed = JSONValue.object(
                    (params.members ?? []).filter { change[$0.name.text] == nil } + (change.members ?? []))
                #expect(await city.refusal("intake.supplement", changed, as: .source)?.paths == [path], "\(path)")
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test func aKeyMakesItOnce() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let params: JSONValue = ["caseNumber": JSONValue(number), "text": "补充", "idempotencyKey": "s1"]
            let first = try await city.call("intake.supplement", params, as: .source)
            #expect(try await city.call("intake.supplement", params, as: .source) == first)
            // Another client's key is another key.
            #expect(try await city.call("intake.supplement", params, as: .registrar)["version"] == 3)
            #expect(try await city.count("intake.supplements") == 2)
        }
    }

    @Test func theUnitReadsItAndThePublicLearnsOnlyThatThereWasOne() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("intake.supplement", ["caseNumber": JSONValue(number), "text": "门牌是8号"], as: .source)
            #expect(try await city.get(number, as: .unit("housing")).json.contains("门牌是8号"))
            let shown = try await city.get(number, as: .source)
            #expect(!shown.json.contains("门牌是8号"))
            #expect(shown["timeline"]?.elements?.last?["action"] == "supplement")
        }
    }
}
