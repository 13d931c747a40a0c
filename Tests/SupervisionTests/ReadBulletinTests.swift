import Domain
import Foundation
import JSONRPC
import Postgres
import TestKit
import Testing

@testable import Supervision

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReadBulletinTests {
    @Test func whoReadsDraftAndBulletin() async throws {
        try await City.with { city in
            let month: JSONValue = ["month": "2026-03"]
            #expect(await city.code("supervision.bulletin", month, as: .office) == 1001)
            try await city.call("supervision.compileBulletin", month, as: .office)
            let all: [Who] = [
                .office, .supervisor, .auditor, .registrar, .leader, .northLeader, .observer, .admin, .unit("housing"),
            ]
            for who in all {
                let seesDrafts = [.office, .supervisor, .auditor].contains(who)
                #expect(await city.code("supervision.bulletin", month, as: who) == (seesDrafts ? nil : 1001), "\(who)")
            }
            try await city.call("supervision.publishBulletin", month, as: .office)
            for who in all { #expect(await city.code("supervision.bulletin", month, as: who) == nil, "\(who)") }
            #expect(await city.code("supervision.bulletin", month, as: .source) == -32003)
        }
    }

    @Test func thePageHasItsPartsInOrderAndNothingFromElsewhere() async throws {
        try await City.with { city in
            try await MeasuresTests.generate(city)
            try await city.sql { db in
                try db.execute("UPDATE ledger.units SET name = '<b>城管&局</b>' WHERE unit_id = 'city1'")
            }
            try await city.call("supervision.compileBulletin", ["month": "2026-02"], as: .office)
            let read = try await city.call("supervision.bulletin", ["month": "2026-02", "format": "html"], as: .office)
            let page = try #require(read["html"]?.stringValue)
            let parts = ["基本情况", "办理回访", "热点问题", "典型单位", "附表"]
            let places = parts.compactMap { page.range(of: "、\($0)</h2>")?.lowerBound }
            #expect(places.count == 5 && places == places.sorted())
            for outside in ["<script", "http://", "https://", "src=", "<b>"] {
                #expect(!page.contains(outside), "\(outside)")
            }
            #expect(page.contains("&lt;b&gt;城管&amp;局&lt;/b&gt;"))
            // Every chart has a title, and a table beside it.
            let charts = page.matches(of: /<svg/).count
            #expect(charts >= 6 && page.matches(of: /aria-label/).count == charts)
            #expect(page.matches(of: /<table>/).count > charts)
            #expect(!page.contains("NaN") && !page.contains("nil"))
            try PageOnDisk.keep(page, as: "generated")
        }
    }

    @Test func anEmptyMonthIsAPageToo() async throws {
        try await City.with { city in
            try await city.call("supervision.compileBulletin", ["month": "2026-01"], as: .office)
            let read = try await city.call("supervision.bulletin", ["month": "2026-01", "format": "html"], as: .office)
            #expect(read["document"]?["city"]?["measures"]?["responseRate"] == .null)
            #expect(read["html"]?.stringValue?.contains("附表") == true)
        }
    }
}
