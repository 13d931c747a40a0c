import Domain
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReplyPublishedTests {
    private static func looks(_ city: City) async throws -> [String] {
        try await city.sql { db in
            try db.rows(
                "SELECT to_char(look_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') AS t FROM ledger.cases WHERE look_at IS NOT NULL"
            ) { try $0["t"] as String }
        }
    }

    @Test func theNextLookIsWhenTheFollowUpTermRunsOut() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .replied)
            #expect(try await city.deliverEvents().contains("supervision.replyPublished"))
            // Ten working days end on 16 March; 20% of them are the last two.
            #expect(try await Self.looks(city) == ["2026-03-12 23:59:59"])
        }
    }

    @Test func nobodyButAProgramMayTellIt() async throws {
        try await City.with { city in
            for who in [Who.admin, .supervisor, .source, .office] {
                #expect(await city.code("supervision.replyPublished", as: who) == -32003, "\(who)")
            }
        }
    }
}
