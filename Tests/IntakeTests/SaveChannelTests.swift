import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SaveChannelTests {
    static let channel: JSONValue = ["code": "weibo", "name": "政务微博", "kind": "microblog", "ownerUnitId": "north"]

    @Test func aChannelIsAddedAndChanged() async throws {
        try await City.with { city in
            #expect(try await city.call("intake.saveChannel", Self.channel, as: .admin) == Self.channel)
            #expect(
                await city.code("intake.register", Message.params("x", ["channel": "weibo"]), as: .registrar) == nil)
            let changed: JSONValue = ["code": "weibo", "name": "微博", "kind": "microblog"]
            try await city.call("intake.saveChannel", changed, as: .admin)
            let words = try await city.call("intake.vocabulary", as: .admin)["channels"]?.elements ?? []
            #expect(words.filter { $0["code"] == "weibo" } == [changed])
        }
    }

    @Test func onlyTheOperatorSavesAndOnlyWithAnOwnerThatExists() async throws {
        try await City.with { city in
            let before = try await city.everything()
            for who in [Who.registrar, .office, .source, .supervisor, .auditor, .observer, .unit("city")] {
                #expect(await city.code("intake.saveChannel", Self.channel, as: who) == -32003, "\(who)")
            }
            let error = await city.refusal(
                "intake.saveChannel", Self.channel.with(["ownerUnitId": "nobody"]), as: .admin)
            #expect(error?.code == 1009 && error?.paths == ["ownerUnitId"])
            #expect(
                await city.refusal("intake.saveChannel", Self.channel.with(["name": ""]), as: .admin)?.paths == ["name"]
            )
            #expect(await city.refusal("intake.saveChannel", ["code": "weibo"], as: .admin)?.paths == ["name", "kind"])
            #expect(try await city.everything() == before)
        }
    }
}
