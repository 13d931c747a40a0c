import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct AskPetitionerTests {
    private static func ask(_ number: String, _ question: String = "请问具体在几号楼？") -> JSONValue {
        ["caseNumber": JSONValue(number), "question": JSONValue(question)]
    }

    @Test func thePetitionerHoldsTheCaseAndTheUnitsClocksPause() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let answer = try await city.call("handling.askPetitioner", Self.ask(number), as: .unit("housing"))
            #expect(answer == ["caseNumber": JSONValue(number), "status": "awaitingPetitioner", "version": 4])
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "petitioner" && view["lamp"] == "grey")
            let paused = view["clocks"]?.elements?.filter { $0["paused"] == true }.compactMap {
                $0["stage"]?.stringValue
            }
            #expect(Set(paused ?? []) == ["result", "reply"])
            #expect(view["dueAt"] == "2026-03-11T23:59:59+08:00")
            let petitioner = view["clocks"]?.elements?.first { $0["stage"] == "petitioner" }
            #expect(petitioner?["dueAt"] == "2026-03-09T23:59:59+08:00" && petitioner?["paused"] == false)
            let grey = try await city.call("intake.search", ["lamp": "grey"], as: .office)
            #expect(grey["items"]?.elements?.count == 1)
        }
    }

    @Test func theSourceFindsTheQuestionInItsFeedAndItsView() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.askPetitioner", Self.ask(number), as: .unit("housing"))
            let question = try await city.feed(until: 4).last
            #expect(question?["kind"] == "question" && question?["text"] == "请问具体在几号楼？")
            let last = try await city.get(number, as: .source)["timeline"]?.elements?.last
            #expect(last?["action"] == "askPetitioner" && last?["note"] == "请问具体在几号楼？")
        }
    }

    @Test func aDayThatWaitsDoesNotCountForTheUnit() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.askPetitioner", Self.ask(number), as: .unit("housing"))
            city.clock.set("2026-03-04T10:00:00+08:00")
            try await city.call(
                "intake.supplement", ["caseNumber": JSONValue(number), "text": "八号楼"], as: .source)
            let view = try await city.get(number)
            // The end of Tuesday; Monday is the day of the letter, which does not count anyway.
            #expect(view["status"] == "claimed" && view["dueAt"] == "2026-03-12T23:59:59+08:00")
            #expect(view["holder"]?["party"] == "leadUnit")
            #expect(view["clocks"]?.elements?.contains { $0["paused"] == true } == false)
            let petitioner = view["clocks"]?.elements?.first { $0["stage"] == "petitioner" }
            #expect(petitioner?["stoppedAt"] == "2026-03-04T10:00:00+08:00")
        }
    }

    @Test func aCriticalCaseNeverPauses() async throws {
        try await City.with { city in
            var life = City.Life()
            life.urgency = "critical"
            let number = try await city.bring(to: .claimed, life)
            let due = try await city.get(number)["dueAt"]
            try await city.call("handling.askPetitioner", Self.ask(number), as: .unit("housing"))
            let view = try await city.get(number)
            #expect(view["lamp"] == "green" && view["dueAt"] == due)
            #expect(view["clocks"]?.elements?.contains { $0["paused"] == true } == false)
            #expect(try await city.call("intake.search", ["lamp": "grey"], as: .office)["items"] == [])
            #expect(
                try await city.call("intake.search", ["lamp": "green"], as: .office)["items"]?.elements?.count == 1)
            city.clock.advance(seconds: 12 * 3600 + 1)
            try await city.sweep()
            let after = try await city.get(number)
            #expect(after["status"] == "claimed" && after["dueAt"] == due)
        }
    }

    @Test func twoQuestionsAndNoThird() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            for _ in 0..<2 {
                try await city.call("handling.askPetitioner", Self.ask(number), as: .unit("housing"))
                try await city.call(
                    "handling.resume", ["caseNumber": JSONValue(number), "note": "已电话问明"], as: .unit("housing"))
            }
            let before = try await city.everything()
            let error = await city.refusal("handling.askPetitioner", Self.ask(number), as: .unit("housing"))
            #expect(error?.code == 1006 && error?.reason == "limitReached")
            #expect(try await city.everything() == before)
        }
    }

    @Test func anUnansweredQuestionLapses() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.askPetitioner", Self.ask(number), as: .unit("housing"))
            city.clock.set("2026-03-10T00:00:00+08:00")
            try await city.sweep()
            let view = try await city.get(number)
            #expect(view["status"] == "claimed" && view["timeline"]?.elements?.last?["action"] == "lapse")
            // Five working days did not count; the day of the letter never does.
            #expect(view["dueAt"] == "2026-03-18T23:59:59+08:00")
        }
    }

    @Test(arguments: ["张三丰同志请补充", "请致电13900001234"])
    func aQuestionKeepsIdentityOut(question: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let error = await city.refusal("handling.askPetitioner", Self.ask(number, question), as: .unit("housing"))
            #expect(error?.code == 1011 && error?.reason == "identityInReply")
            #expect(try await city.everything() == before)
        }
    }

    @Test func aKeyMakesItOnce() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params = Self.ask(number).with(["idempotencyKey": "q1"])
            let first = try await city.call("handling.askPetitioner", params, as: .unit("housing"))
            #expect(try await city.call("handling.askPetitioner", params, as: .unit("housing")) == first)
            #expect(await city.code("handling.askPetitioner", Self.ask(number), as: .unit("north")) == 1001)
            #expect(await city.code("handling.askPetitioner", Self.ask(number), as: .unit("housing")) == 1002)
        }
    }
}
