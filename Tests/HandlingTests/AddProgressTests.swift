import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct AddProgressTests {
    private static func params(_ number: String, _ note: String = "已到现场核查", isPublic: Bool? = nil) -> JSONValue {
        let params: JSONValue = ["caseNumber": JSONValue(number), "note": JSONValue(note)]
        return isPublic.map { params.setting("public", to: JSONValue($0)) } ?? params
    }

    private static func lastNote(_ number: String, _ city: City, as who: Who) async throws -> JSONValue? {
        try await city.get(number, as: who)["timeline"]?.elements?.last { $0["action"] == "addProgress" }?["note"]
    }

    @Test(arguments: [nil, false, true] as [Bool?]) func aNoteIsForThePublicOnlyWhereItSaysSo(
        isPublic: Bool?
    ) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.get(number)
            let answer = try await city.call(
                "handling.addProgress", Self.params(number, isPublic: isPublic), as: .unit("housing"))
            #expect(answer == ["caseNumber": JSONValue(number), "status": "claimed", "version": 4])
            #expect(try await Self.lastNote(number, city, as: .office) == "已到现场核查")
            #expect(try await Self.lastNote(number, city, as: .source) == (isPublic == true ? "已到现场核查" : nil))
            let after = try await city.get(number)
            #expect(after["clocks"] == before["clocks"] && after["holder"] == before["holder"])
        }
    }

    @Test func anInterimReplyReachesTheSourcesFeed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.addProgress", Self.params(number, "内部情况"), as: .unit("housing"))
            try await city.call(
                "handling.addProgress", Self.params(number, "阶段性答复", isPublic: true), as: .unit("housing"))
            let feed = try await city.feed(until: 5)
            let interim = feed.filter { $0["kind"] == "interim" }
            #expect(interim.count == 1 && interim.first?["text"] == "阶段性答复" && interim.first?["version"] == 5)
            #expect(!feed.contains { $0["text"] == "内部情况" })
        }
    }

    /// Interim words are no result, and are welcome here.
    @Test func interimWordsAreProgress() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call(
                "handling.addProgress", Self.params(number, "已收悉，正在调查处理。", isPublic: true), as: .unit("housing"))
        }
    }

    @Test(arguments: ["张三丰反映属实", "已致电１３９００００１２３４", "联系电话 138 1234 5678"])
    func aPublicNoteKeepsIdentityOutAndAnInternalOneNeedNot(note: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let error = await city.refusal(
                "handling.addProgress", Self.params(number, note, isPublic: true), as: .unit("housing"))
            #expect(error?.code == 1011 && error?.reason == "identityInReply")
            #expect(try await city.everything() == before)
            try await city.call("handling.addProgress", Self.params(number, note), as: .unit("housing"))
        }
    }

    @Test func badParamsAreNamed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let bad: [(JSONValue, String)] = [
                (Self.params(number, ""), "note"), (Self.params(number, String(repeating: "字", count: 2001)), "note"),
                (Self.params(number).setting("public", to: "yes"), "public"),
                (Self.params(number).leavingOut("note"), "note"),
            ]
            for (params, path) in bad {
                let error = await city.refusal("handling.addProgress", params, as: .unit("housing"))
                #expect(error?.code == -32602 && error?.firstPath == path)
            }
        }
    }

    @Test func onlyTheLeadUnitNotesProgress() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            #expect(
                await city.refusal("handling.addProgress", Self.params(number), as: .unit("city"))?.reason
                    == "notLeadUnit")
            #expect(
                await city.refusal("handling.addProgress", Self.params(number), as: .unit("transport"))?.code == 1001)
            try await city.step(number, to: .reported)
            let late = await city.refusal("handling.addProgress", Self.params(number), as: .unit("housing"))
            #expect(
                late?.code == 1002
                    && late?["allowed"] == ["assignment.changeResponsible", "supervision.requestExclusion"])
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                "handling.addProgress", Self.params(number), as: .unit("housing"),
                other: Self.params(number, isPublic: false),
                and: "handling.fileOpinion", ["caseNumber": JSONValue(number), "opinion": "拟核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}
