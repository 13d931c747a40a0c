import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@testable import Gateway

/// How many requests a client may make.
@Suite struct RatesTests {
    private static func caller(rate: Int?) -> Caller {
        var caller = Caller(clientId: 1, role: .source)
        caller.ratePerSecond = rate
        return caller
    }

    @Test func aClientWithoutARateNeverWaits() {
        let rates = Rates()
        #expect((0..<1000).allSatisfy { _ in rates.wait(Self.caller(rate: nil), requests: 100) == nil })
    }

    @Test func aBucketHoldsOneSecondsWorthAndFillsWithTheRate() {
        let (rates, start) = (Rates(), ContinuousClock.now)
        #expect((0..<10).allSatisfy { _ in rates.wait(Self.caller(rate: 10), requests: 1, at: start) == nil })
        #expect(rates.wait(Self.caller(rate: 10), requests: 1, at: start) == 100)
        #expect(rates.wait(Self.caller(rate: 10), requests: 1, at: start + .milliseconds(100)) == nil)
        #expect(rates.wait(Self.caller(rate: 10), requests: 1, at: start + .milliseconds(100)) != nil)
    }

    @Test func aBatchLargerThanTheBucketPassesWhenItIsFullAndLeavesADebt() {
        let (rates, start) = (Rates(), ContinuousClock.now)
        #expect(rates.wait(Self.caller(rate: 10), requests: 30, at: start) == nil)
        #expect(rates.wait(Self.caller(rate: 10), requests: 1, at: start + .seconds(1)) != nil)
        #expect(rates.wait(Self.caller(rate: 10), requests: 1, at: start + .seconds(3)) == nil)
    }

    @Test(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
    func whoIsOverTheRateIsToldWhenToComeAgain() async throws {
        try await RunningCity.with { city in
            try await city.sql { db in
                try db.execute("UPDATE ledger.clients SET rate_per_second = 1 WHERE role = 'auditor'")
            }
            let ping = Array(#"{"jsonrpc":"2.0","method":"system.ping","id":1}"#.utf8)
            #expect(try await city.http(ping, as: .auditor).status == 200)
            let refused = try await city.http(ping, as: .auditor)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "1")
            #expect(refused.json?["error"]?["code"] == -32005)
            #expect(refused.json?["error"]?["data"]?["retryAfterMs"] != nil)
        }
    }
}
