import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct VocabularyTests {
    @Test func everyCallerReadsTheWordsThatParamsName() async throws {
        try await City.with { city in
            for who in [
                Who.source, .registrar, .office, .unit("housing"), .leader, .supervisor, .auditor, .observer, .admin,
            ] {
                let words = try await city.call("intake.vocabulary", as: who)
                #expect(words.nameSet == ["channels", "categories", "divisions", "grounds"], "\(who)")
                #expect(
                    words["channels"]?.elements?.map { $0["code"] } == [
                        "board", "hotline", "housing-box", "mailbox", "other-board",
                    ])
                #expect(
                    words["channels"]?[2]?["ownerUnitId"] == "housing" && words["channels"]?[0]?["ownerUnitId"] == nil)
                #expect(words["categories"]?[1] == ["code": "urban.noise", "name": "噪声", "parent": "urban"])
                #expect(words["divisions"]?.elements?.count == 4)
                #expect(
                    words["grounds"]?.elements?.compactMap { $0["word"]?.stringValue }
                        == DeclineGround.allCases.map(\.rawValue))
            }
            #expect(await city.code("intake.vocabulary", as: .nobody) == -32001)
        }
    }
}
