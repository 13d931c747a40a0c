import Domain
import JSONRPC
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct TrackTests {
    private static func params(_ number: String, _ code: String) -> JSONValue {
        ["caseNumber": JSONValue(number), "trackingCode": JSONValue(code)]
    }

    @Test func thePetitionerReadsPublicEntriesOnly() async throws {
        try await City.with { city in
            let (number, code) = try await city.register()
            var found = try await city.call("intake.track", Self.params(number, code), as: .nobody)
            #expect(found.nameSet == ["status", "holder", "dueAt", "timeline"])
            #expect(found["dueAt"] == .null)
            for status in [CaseStatus.dispatched, .claimed, .reported, .approved] {
                try await city.step(number, to: status)
            }
            found = try await city.call("intake.track", Self.params(number, code), as: .nobody)
            #expect(found["reply"] == nil)
            #expect(found["dueAt"] == "2026-03-16T23:59:59+08:00")
            try await city.step(number, to: .replied)
            try await city.step(number, to: .closed)
            found = try await city.call("intake.track", Self.params(number, code), as: .nobody)
            #expect(found["status"] == "closed" && found["holder"]?["party"] == "archive")
            #expect(found["reply"] == "经查，该工地已于当日停止夜间施工，并责令整改，欢迎继续监督。")
            #expect(
                found["timeline"]?.elements?.map { $0["action"] } == [
                    "register", "dispatch", "claim", "fileResult", "confirmPublication",
                ])
            #expect(found["timeline"]?.elements?.allSatisfy { $0["person"] == nil } == true)
            #expect(!found.json.contains("审定意见") && !found.json.contains("责任人") && !found.json.contains("小区夜间"))
        }
    }

    @Test func aWrongCodeAndAnUnknownCaseAreTheSameAnswer() async throws {
        try await City.with { city in
            let (number, code) = try await city.register()
            let (other, _) = try await city.register()
            let wrong = [
                (number, "000000000000"), (other, code), ("202603-999999999", code), ("nonsense", code),
                (number, code + "0"),
                (number, String(code.dropLast())), (number, "😀"),
            ]
            var answers: [RPCError] = []
            for (number, code) in wrong {
                let error = try #require(await city.refusal("intake.track", Self.params(number, code), as: .nobody))
                #expect(error.traceId.count == 32)
                answers.append(error)
            }
            #expect(Set(answers.map(\.traceId)).count == answers.count)
            let bytes = answers.map { error in
                var error = error
                error.traceId = ""
                return error.json.json
            }
            #expect(Set(bytes).count == 1, "\(Set(bytes))")
            #expect(answers[0].code == 1001)
        }
    }

    @Test func aCodeIsReadInAnyCaseWithDashesAndWithLettersForDigits() async throws {
        try await City.with { city in
            var (number, code) = try await city.register()
            while !(code.contains("0") && code.contains("1")) { (number, code) = try await city.register() }
            let lower = code.lowercased()
            let dashed = "\(code.prefix(4))-\(code.dropFirst(4).prefix(4))-\(code.suffix(4))"
            let letters = code.map { $0 == "0" ? "O" : $0 == "1" ? "I" : String($0) }.joined()
            let others = code.map { $0 == "0" ? "o" : $0 == "1" ? "l" : String($0) }.joined()
            for written in [code, lower, dashed, letters, others, " " + code + " "] {
                let expected: Int? = written.hasPrefix(" ") ? 1001 : nil
                #expect(
                    await city.code("intake.track", Self.params(number, written), as: .nobody) == expected, "\(written)"
                )
            }
        }
    }

    @Test func tenWrongCodesShutACaseToAnAddressForAWhile() async throws {
        try await City.with { city in
            let (number, code) = try await city.register()
            let (other, otherCode) = try await city.register()
            for _ in 0..<10 {
                #expect(await city.code("intake.track", Self.params(number, "000000000000"), as: .nobody) == 1001)
            }
            let error = await city.refusal("intake.track", Self.params(number, code), as: .nobody)
            #expect(error?.code == -32005 && error?.retryable == true)
            #expect((error?["retryAfterMs"]?.intValue ?? 0) > 0)
            #expect(await city.code("intake.track", Self.params(other, otherCode), as: .nobody) == nil)
            var elsewhere = Headers()
            elsewhere.address = "203.0.113.7"
            try await city.call("intake.track", Self.params(number, code), as: .nobody, headers: elsewhere)
            city.clock.advance(seconds: 15 * 60)
            #expect(await city.code("intake.track", Self.params(number, code), as: .nobody) == nil)
        }
    }

    @Test func anAnswerThatWasNotPublishedIsNotShown() async throws {
        try await City.with { city in
            let (number, code) = try await city.register()
            for status in [CaseStatus.dispatched, .claimed, .reported, .approved, .replied] {
                try await city.step(number, to: status)
            }
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            let reply = "经查，该工地已于当日停止夜间施工，并责令整改，欢迎继续监督。"
            #expect(
                try await city.call("intake.track", Self.params(number, code), as: .nobody)["reply"] == JSONValue(reply)
            )
            try await city.call(
                "handling.fileResult", City.result(number, reply: "第二次核查：围挡已加高，夜间不再施工。"), as: .unit("housing"))
            #expect(
                try await city.call("intake.track", Self.params(number, code), as: .nobody)["reply"] == JSONValue(reply)
            )
            try await city.step(number, to: .approved)
            let shown = try await city.call("intake.track", Self.params(number, code), as: .nobody)["reply"]
            #expect(shown != "第二次核查：围挡已加高，夜间不再施工。")
        }
    }
}
