import Domain
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct CaseDispatchedTests {
    private static func looks(_ city: City) async throws -> [String] {
        try await city.sql { db in
            try db.rows(
                "SELECT to_char(look_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') AS t FROM ledger.cases WHERE look_at IS NOT NULL"
            ) { try $0["t"] as String }
        }
    }

    @Test func theNextLookIsAtTheFirstWarningOfTheRunningClocks() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .dispatched)
            #expect(try await city.deliverEvents() == ["supervision.caseDispatched"])
            // The claim is due on 3 March; 20% of its 24 hours before that is 19:11:59.
            #expect(try await Self.looks(city) == ["2026-03-03 19:11:59"])
        }
    }

    @Test func theCaseIsJudgedAsItIsNow() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            #expect(try await city.deliverEvents().contains("supervision.caseDispatched"))
            #expect(try await Self.looks(city) == [])
        }
    }

    @Test func nobodyButAProgramMayTellIt() async throws {
        try await City.with { city in
            for who in [Who.admin, .supervisor, .source, .office] {
                #expect(await city.code("supervision.caseDispatched", as: who) == -32003, "\(who)")
            }
        }
    }
}
