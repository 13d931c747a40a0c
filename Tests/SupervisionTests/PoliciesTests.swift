import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct PoliciesTests {
    /// The newest value of a policy.
    static func value(_ city: City, _ name: String) async throws -> JSONValue {
        let items = try await city.call("supervision.policies", as: .admin)["items"]?.elements ?? []
        return items.last { $0["name"] == JSONValue(name) }?["value"] ?? .null
    }

    @Test func everyPolicyIsListedWithItsDates() async throws {
        try await City.with { city in
            let items = try await city.call("supervision.policies", as: .admin)["items"]?.elements ?? []
            let names = Set(items.compactMap { $0["name"]?.stringValue })
            #expect(names.isSuperset(of: ["clocks", "limits", "letters", "ladder"]))
            #expect(try await city.count("ledger.policies") == items.count)
            #expect(
                items.allSatisfy {
                    $0["effectiveFrom"] == "2000-01-01" && $0["countsFrom"] == "2000-01-01T00:00:00+08:00"
                })
            #expect(
                try await Self.value(city, "ladder") == [
                    "paperHour": 9, "letterDays": 5, "noticeDays": 1, "interviewDays": 10, "explanationDays": 5,
                    "accountabilityDays": 15,
                ])
        }
    }

    @Test func theyAreReadPageByPageByTheOperatorOnly() async throws {
        try await City.with { city in
            let all = try await city.call("supervision.policies", as: .admin)["items"]?.elements ?? []
            var (seen, cursor) = ([JSONValue](), JSONValue.null)
            repeat {
                let params: JSONValue = cursor == .null ? ["limit": 1] : ["limit": 1, "cursor": cursor]
                let page = try await city.call("supervision.policies", params, as: .admin)
                seen += page["items"]?.elements ?? []
                cursor = page["nextCursor"] ?? .null
            } while cursor != .null && seen.count <= all.count
            #expect(seen == all)
            for who in [Who.office, .supervisor, .auditor, .observer, .source, .unit("housing")] {
                #expect(await city.code("supervision.policies", as: who) == -32003, "\(who)")
            }
        }
    }
}
