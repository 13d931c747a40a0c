import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct AppraiseTests {
    @Test func theScoreIsAHundredLessTheDeductionsAndEachHasItsCases() async throws {
        try await City.with { city in
            let late = try await city.bring(to: .claimed)
            _ = try await city.bring(to: .closed)
            city.clock.set("2026-03-20T09:00:00+08:00")
            let read = try await city.call("supervision.appraisal", ["year": 2026], as: .office)
            let unit = try #require(read["items"]?[0])
            let deductions = unit["deductions"]?.elements ?? []
            let response = deductions.first { $0["measure"] == "responseRate" }
            #expect(response?["rate"]?.doubleValue == 0.5 && response?["points"]?.doubleValue == 12.5)
            #expect(response?["cases"] == [JSONValue(late)] && response?["total"] == 1)
            let lost = deductions.reduce(0) { $0 + ($1["points"]?.doubleValue ?? 0) }
            #expect(lost == 22.5 && unit["score"]?.doubleValue == 77.5)
        }
    }

    @Test func unitsReadTheirOwn() async throws {
        try await City.with { city in
            var life = City.Life()
            for lead in ["housing", "housing-roads", "transport"] {
                life.lead = lead
                _ = try await city.bring(to: .closed, life)
            }
            func units(_ who: Who, _ params: JSONValue = ["year": 2026]) async throws -> [String?]? {
                try await city.call("supervision.appraisal", params, as: who)["items"]?.elements?.map {
                    $0["unitId"]?.stringValue
                }
            }
            #expect(try await units(.unit("housing")) == ["housing", "housing-roads"])
            #expect(try await units(.auditor) == ["housing", "housing-roads", "transport"])
            #expect(try await units(.supervisor, ["year": 2026, "unitId": "transport"]) == ["transport"])
            #expect(try await units(.office, ["year": 2025]) == [])
            #expect(
                await city.code("supervision.appraisal", ["year": 2026, "unitId": "transport"], as: .unit("housing"))
                    == 1001)
            for who in [Who.observer, .admin, .source, .registrar, .leader] {
                #expect(await city.code("supervision.appraisal", ["year": 2026], as: who) == -32003, "\(who)")
            }
            #expect(await city.refusal("supervision.appraisal", ["year": 26], as: .office)?.paths == ["year"])
            let first = try await city.call("supervision.appraisal", ["year": 2026, "limit": 2], as: .office)
            let rest = try await city.call(
                "supervision.appraisal", ["year": 2026, "limit": 2, "cursor": first["nextCursor"] ?? .null], as: .office
            )
            #expect(rest["items"]?.elements?.map { $0["unitId"] } == ["transport"] && rest["nextCursor"] == .null)
        }
    }
}
