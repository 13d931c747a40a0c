import Domain
import JSONRPC
import Ledger
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct CaseClosedTests {
    private static func waiting(_ city: City) async throws -> [Instant] {
        try await city.sql { db in
            try db.rows("SELECT sealable_after FROM archive.waiting") { try $0["sealable_after"] as Instant }
        }
    }

    @Test(arguments: [CaseStatus.closed, .declined])
    func aCaseThatIsOverMayBeSealedAfterThirtyDays(_ status: CaseStatus) async throws {
        try await City.with { city in
            _ = try await city.bring(to: status)
            try await city.deliverEvents()
            #expect(try await Self.waiting(city) == [Instant(Day(2026, 4, 1), second: 32_400)])
        }
    }

    @Test func aCaseThatWasReopenedMeanwhileDoesNotWait() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            try await city.call(
                "supervision.rate", ["caseNumber": JSONValue(number), "satisfaction": "dissatisfied"], as: .source)
            try await city.deliverEvents()
            #expect(try await Self.waiting(city) == [])
            city.clock.set("2026-03-10T10:00:00+08:00")
            for status in [CaseStatus.reported, .approved, .replied, .closed] {
                try await city.step(number, to: status)
            }
            try await city.deliverEvents()
            #expect(try await Self.waiting(city) == [Instant(Day(2026, 4, 9), second: 36_000)])
        }
    }

    @Test func aCaseThatWasSealedMeanwhileDoesNotWait() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .archived)
            try await city.deliverEvents()
            #expect(try await Self.waiting(city) == [])
        }
    }

    @Test func nobodyButAProgramMayTellIt() async throws {
        try await City.with { city in
            for who in [Who.admin, .auditor, .office] {
                #expect(await city.code("archive.caseClosed", as: who) == -32003, "\(who)")
            }
        }
    }
}
