import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct UnitsTests {
    private static func ids(_ list: JSONValue) -> [String] {
        list["items"]?.elements?.compactMap { $0["unitId"]?.stringValue } ?? []
    }

    @Test func everyRoleReadsTheUnits() async throws {
        try await City.with { city in
            for who in Who.everybodyBut(.nobody) where who != .service {
                let list = try await city.call("assignment.units", as: who)
                #expect(
                    Set(Self.ids(list)) == [
                        "city", "housing", "housing-roads", "transport", "north", "north-town", "north-housing",
                    ])
                #expect(list["nextCursor"] == .null)
            }
            #expect(await city.refusal("assignment.units", as: .nobody)?.code == -32001)
        }
    }

    @Test func aUnitShowsWhatWasSaved() async throws {
        try await City.with { city in
            let unit = try await city.call("assignment.units", ["parentId": "north", "level": "county"], as: .office)[
                "items"]?[0]
            #expect(
                unit?["unitId"] == "north-housing" && unit?["name"] == "单位north-housing" && unit?["level"] == "county")
            #expect(unit?["parentId"] == "north" && unit?["lineParentId"] == "housing")
            #expect(unit?["head"] == "钱一把" && unit?["deputyInCharge"] == "孙分管")
            #expect(unit?["liaison"] == ["name": "李联络", "phone": "0799-8000000"])
            #expect(unit?["abolishedOn"] == nil && unit?["path"] == nil)
        }
    }

    @Test func filtersAddUp() async throws {
        try await City.with { city in
            let township = try await city.call("assignment.units", ["level": "township"], as: .office)
            #expect(Self.ids(township) == ["north-town"])
            let beneath = try await city.call("assignment.units", ["parentId": "north"], as: .office)
            #expect(Set(Self.ids(beneath)) == ["north-town", "north-housing"])
            let both = try await city.call("assignment.units", ["parentId": "city", "level": "county"], as: .office)
            #expect(Self.ids(both) == ["north"])
            #expect(await city.refusal("assignment.units", ["level": "village"], as: .office)?.firstPath == "level")
        }
    }

    @Test(arguments: [1, 2, 3, 7, 200]) func theyComeInPages(limit: Int) async throws {
        try await City.with { city in
            let all = Self.ids(try await city.call("assignment.units", as: .office))
            var (seen, params, pages): ([String], JSONValue, Int) = ([], ["limit": JSONValue(limit)], 0)
            while true {
                let page = try await city.call("assignment.units", params, as: .office)
                (seen, pages) = (seen + Self.ids(page), pages + 1)
                guard let cursor = page["nextCursor"], !cursor.isNull else { break }
                params = params.setting("cursor", to: cursor)
            }
            #expect(seen == all && pages == max(1, (7 + limit - 1) / limit))
            for bad in [0, 201, -1] {
                #expect(
                    await city.refusal("assignment.units", ["limit": JSONValue(bad)], as: .office)?.firstPath == "limit"
                )
            }
            #expect(await city.refusal("assignment.units", ["cursor": "none"], as: .office)?.firstPath == "cursor")
        }
    }
}
