import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ProposeDeclineTests {
    private static func params(_ number: String, _ more: KeyValuePairs<String, JSONValue> = [:]) -> JSONValue {
        (["caseNumber": JSONValue(number), "ground": "settled", "explanation": "去年已经办结"] as JSONValue).with(more)
    }

    @Test(arguments: DeclineGround.allCases)
    func everyGroundCanBeProposedAndConfirmed(_ ground: DeclineGround) async throws {
        try await City.with { city in
            let (number, code) = try await city.register()
            let more: KeyValuePairs<String, JSONValue> = [
                "ground": JSONValue(ground.rawValue), "rightChannel": "市人民法院",
                "transferredTo": ["name": "110指挥中心", "receipt": "回执9", "at": "2026-03-02T08:59:00+08:00"],
            ]
            let change = try await city.call("intake.proposeDecline", Self.params(number, more), as: .registrar)
            #expect(change == ["caseNumber": JSONValue(number), "status": "registered", "version": 2])
            #expect(try await city.get(number)["holder"]?["party"] == "office")
            #expect(try await city.get(number, as: .source)["publicReply"] == nil)
            let declined = try await city.call("intake.confirmDecline", ["caseNumber": JSONValue(number)], as: .office)
            #expect(declined["status"] == "declined")
            let found = try await city.call(
                "intake.track", ["caseNumber": JSONValue(number), "trackingCode": JSONValue(code)], as: .nobody)
            let reply = found["reply"]?.stringValue ?? ""
            #expect(reply.contains(ground.chinese) && reply.contains("去年已经办结") && reply.contains("市人民法院"))
        }
    }

    @Test func whoIsHandedOverToAnEmergencyLineIsHandedOverOnRecord() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let before = try await city.everything()
            let missing = await city.refusal(
                "intake.proposeDecline", Self.params(number, ["ground": "emergencyLine"]), as: .registrar)
            #expect(missing?.code == -32602 && missing?.paths == ["transferredTo"])
            let future: JSONValue = ["name": "119", "receipt": "1", "at": "2026-03-02T09:05:01+08:00"]
            let early = await city.refusal(
                "intake.proposeDecline", Self.params(number, ["ground": "emergencyLine", "transferredTo": future]),
                as: .registrar)
            #expect(early?.code == -32602 && early?.paths == ["transferredTo.at"])
            let half = await city.refusal(
                "intake.proposeDecline",
                Self.params(number, ["ground": "emergencyLine", "transferredTo": ["name": "119"]]), as: .registrar)
            #expect(Set(half?.paths ?? []) == ["transferredTo.receipt", "transferredTo.at"])
            #expect(try await city.everything() == before)
        }
    }

    static let callers: [(Who, CaseStatus, Int?)] = [
        (.registrar, .registered, nil), (.registrar, .dispatched, 1002), (.registrar, .declined, 1002),
        (.registrar, .archived, 1010),
        (.office, .registered, -32003), (.source, .registered, -32003), (.unit("housing"), .dispatched, -32003),
        (.nobody, .registered, -32001),
    ]

    @Test(arguments: callers)
    func onlyTheRegistryProposesAndOnlyBeforeDispatch(_ who: Who, _ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.everything()
            #expect(await city.code("intake.proposeDecline", Self.params(number), as: who) == code)
            if code != nil { #expect(try await city.everything() == before) }
        }
    }

    @Test func theLastProposalIsTheOneThatCounts() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            try await city.call("intake.proposeDecline", Self.params(number), as: .registrar)
            try await city.call(
                "intake.proposeDecline", Self.params(number, ["ground": "military", "explanation": "营区内"]),
                as: .registrar)
            try await city.call("intake.confirmDecline", ["caseNumber": JSONValue(number)], as: .office)
            let reply = try await city.get(number)["publicReply"]?.stringValue ?? ""
            #expect(reply.contains("营区内") && !reply.contains("去年"))
        }
    }

    @Test func aKeyMakesItOnce() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let params = Self.params(number, ["idempotencyKey": "d1"])
            let first = try await city.call("intake.proposeDecline", params, as: .registrar)
            #expect(try await city.call("intake.proposeDecline", params, as: .registrar) == first)
            #expect(try await city.count("intake.declines") == 1)
        }
    }
}
