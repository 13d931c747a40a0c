import Domain
import JSONRPC
import TestKit
import Testing

/// 登记 → 交办 → 认领 → 办理 → 审定 → 反馈 → 回访 → 归档, through the method tables.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ChainTests {
    @Test func aCaseGoesThroughTheWholeChain() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .archived)
            let view = try await city.get(number)
            #expect(view["status"] == "archived")
            #expect(
                view["timeline"]?.elements?.compactMap { $0["action"]?.stringValue } == [
                    "register", "dispatch", "claim", "fileResult", "review", "confirmPublication", "recordFollowUp",
                    "seal",
                ])
            #expect(view["timeline"]?.elements?.compactMap { $0["seq"]?.intValue } == Array(1...8))
            let events = try await city.deliverEvents()
            #expect(
                events.sorted() == [
                    "archive.caseClosed", "intake.replyPublished", "supervision.caseDispatched",
                    "supervision.replyPublished",
                ])
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            #expect(file["position"] == 1)
        }
    }
}
