import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SaveCategoryTests {
    @Test func aCategoryIsAddedAndMoved() async throws {
        try await City.with { city in
            let bar: JSONValue = ["code": "urban.noise.bar", "name": "酒吧噪声", "parent": "urban.noise"]
            #expect(try await city.call("intake.saveCategory", bar, as: .admin) == bar)
            try await city.call("intake.saveCategory", ["code": "urban.noise.bar", "name": "酒吧"], as: .admin)
            let words = try await city.call("intake.vocabulary", as: .admin)["categories"]?.elements ?? []
            #expect(words.filter { $0["code"] == "urban.noise.bar" } == [["code": "urban.noise.bar", "name": "酒吧"]])
        }
    }

    static let refused: [(JSONValue, code: Int, reason: String)] = [
        (["code": "urban", "name": "x", "parent": "urban"], 1011, "cycle"),
        (["code": "urban", "name": "x", "parent": "urban.noise"], 1011, "cycle"),
        (["code": "new", "name": "x", "parent": "new"], 1011, "cycle"),
        (["code": "new", "name": "x", "parent": "none"], 1009, "unknownReference"),
        (["code": "new", "name": ""], -32602, "invalidParams"),
    ]

    @Test func noCategoryLiesBeneathItself() async throws {
        try await City.with { city in
            let before = try await city.everything()
            for (params, code, reason) in Self.refused {
                let error = await city.refusal("intake.saveCategory", params, as: .admin)
                #expect(error?.code == code && error?.reason == reason, "\(params.json)")
            }
            for who in [Who.registrar, .office, .observer] {
                #expect(
                    await city.code("intake.saveCategory", ["code": "a", "name": "b"], as: who) == -32003, "\(who)")
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test func twoMovesAtOnceMakeNoRing() async throws {
        try await City.with { city in
            for code in ["a", "b"] {
                try await city.call("intake.saveCategory", ["code": JSONValue(code), "name": "x"], as: .admin)
            }
            async let one = city.code("intake.saveCategory", ["code": "a", "name": "x", "parent": "b"], as: .admin)
            async let other = city.code("intake.saveCategory", ["code": "b", "name": "x", "parent": "a"], as: .admin)
            #expect(await Set([one, other]) == [nil, 1011])
        }
    }
}
