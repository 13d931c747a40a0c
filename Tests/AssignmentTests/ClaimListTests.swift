import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ClaimListTests {
    /// An ordinary case of housing, two hours later a critical one of north, and one of housing-roads a day later: the
    /// critical one is the first whose claim runs out, then the two of the day before.
    private static func fill(_ city: City) async throws -> (ordinary: String, critical: String, later: String) {
        let ordinary = try await city.bring(to: .dispatched)
        city.clock.advance(seconds: 7200)
        var life = City.Life()
        (life.lead, life.urgency) = ("north", "critical")
        let critical = try await city.bring(to: .dispatched, life)
        city.clock.advance(seconds: 86_400)
        (life.lead, life.urgency) = ("housing-roads", "important")
        return (ordinary, critical, try await city.bring(to: .dispatched, life))
    }

    private static func numbers(_ list: JSONValue) -> [String] {
        list["items"]?.elements?.compactMap { $0["caseNumber"]?.stringValue } ?? []
    }

    @Test func itListsWhatIsUnclaimedByTheClaimsDueTime() async throws {
        try await City.with { city in
            let (ordinary, critical, later) = try await Self.fill(city)
            let list = try await city.call("assignment.claimList", as: .office)
            #expect(list.names == ["items", "nextCursor"] && list["nextCursor"] == .null)
            #expect(Self.numbers(list) == [critical, ordinary, later])
            let dues = list["items"]?.elements?.compactMap { $0["claimDueAt"]?.stringValue }
            #expect(dues == ["2026-03-03T11:00:00+08:00", "2026-03-03T23:59:59+08:00", "2026-03-04T23:59:59+08:00"])
            // Its own due date stays the result's; body and timeline are not in lists.
            let first = list["items"]?[0]
            #expect(first?["dueAt"] == "2026-03-06T23:00:00+08:00" && first?["status"] == "dispatched")
            #expect(
                first?["body"] == nil && first?["timeline"] == nil && first?["clocks"] == nil
                    && first?["custody"] == nil)
            try await city.step(ordinary, to: .claimed)
            #expect(Self.numbers(try await city.call("assignment.claimList", as: .office)) == [critical, later])
        }
    }

    @Test func aUnitListsItsOwnAndThoseBeneathIt() async throws {
        try await City.with { city in
            let (ordinary, critical, later) = try await Self.fill(city)
            #expect(
                Self.numbers(try await city.call("assignment.claimList", as: .unit("housing"))) == [ordinary, later])
            let beneath = try await city.call("assignment.claimList", ["unitId": "housing-roads"], as: .unit("housing"))
            #expect(Self.numbers(beneath) == [later])
            #expect(
                Self.numbers(try await city.call("assignment.claimList", ["unitId": "north"], as: .office)) == [
                    critical
                ])
            for unit in ["north", "city", "nobody"] {
                let error = await city.refusal(
                    "assignment.claimList", ["unitId": JSONValue(unit)], as: .unit("housing"))
                #expect(error?.code == 1001, "\(unit)")
            }
            let unknown = await city.refusal("assignment.claimList", ["unitId": "nobody"], as: .office)
            #expect(unknown?.code == 1009 && unknown?.firstPath == "unitId")
        }
    }

    @Test func everybodyListsWhatTheySee() async throws {
        try await City.with { city in
            let all = try await Self.fill(city)
            for who in [Who.observer, .admin, .northLeader, .otherSource, .unit("transport")] {
                #expect(Self.numbers(try await city.call("assignment.claimList", as: who)) == [], "\(who)")
            }
            for who in [Who.registrar, .supervisor, .auditor, .leader, .unit("city")] {
                #expect(Self.numbers(try await city.call("assignment.claimList", as: who)).count == 3, "\(who)")
            }
            // A source reads when the reply is due, and nothing of the unit's clocks.
            let asSource = try await city.call("assignment.claimList", as: .source)
            #expect(Set(Self.numbers(asSource)) == [all.ordinary, all.critical, all.later])
            #expect(asSource["items"]?.elements?.allSatisfy { $0["claimDueAt"] == nil } == true)
            #expect(await city.refusal("assignment.claimList", as: .nobody)?.code == -32001)
        }
    }

    @Test func itComesInPages() async throws {
        try await City.with { city in
            let (ordinary, critical, later) = try await Self.fill(city)
            var (seen, cursor): ([String], JSONValue?) = ([], nil)
            for _ in 1...3 {
                let params: JSONValue = ["limit": 1]
                let page = try await city.call(
                    "assignment.claimList", cursor.map { params.setting("cursor", to: $0) } ?? params, as: .office)
                seen += Self.numbers(page)
                cursor = page["nextCursor"]
            }
            #expect(seen == [critical, ordinary, later] && cursor == .null)
            for bad in [["limit": 0], ["limit": 201], ["cursor": "no"], ["cursor": "1"]] as [JSONValue] {
                #expect(await city.refusal("assignment.claimList", bad, as: .office)?.code == -32602)
            }
        }
    }

    @Test func aWithheldCaseIsListedWithoutItsTitle() async throws {
        try await City.with { city in
            var life = City.Life()
            life.type = "report"
            _ = try await city.bring(to: .dispatched, life)
            let item = try await city.call("assignment.claimList", as: .unit("housing"))["items"]?[0]
            #expect(item?["title"] == nil && item?["externalId"] == nil && item?["type"] == "report")
        }
    }
}
