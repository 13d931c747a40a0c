import Domain
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReplyPublishedTests {
    @Test func thatAMatterWasAnsweredIsNotedOnce() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .replied)
            let event = try await city.sql { db in
                try db.one("SELECT msg_id, params FROM ledger.outbox WHERE consumer = 'intake'") {
                    (try $0["msg_id"] as String, try $0["params"] as String)
                }
            }
            var headers = Headers()
            headers.msgId = event.0
            let params = try JSONValue(parsing: Array(event.1.utf8))
            for _ in 0..<2 {
                #expect(try await city.call("intake.replyPublished", params, as: .service, headers: headers) == [:])
            }
            #expect(try await city.count("intake.answers") == 1)
            #expect(try await city.count("ledger.inbox WHERE consumer = 'intake'") == 1)
        }
    }

    @Test func nobodyButAProgramMayTellIt() async throws {
        try await City.with { city in
            for who in [Who.admin, .registrar, .source, .office] {
                #expect(await city.code("intake.replyPublished", as: who) == -32003, "\(who)")
            }
            #expect(
                await city.code(
                    "intake.replyPublished",
                    ["caseNumber": "202603-000000001", "place": ["version": 1, "ordinal": 1]], as: .service) == -32602)
        }
    }
}
