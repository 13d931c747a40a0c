import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct PromisesTests {
    /// A closed case whose result promised two things.
    static func closed(_ city: City, _ life: City.Life = City.Life()) async throws -> String {
        let number = try await city.bring(to: .claimed, life)
        try await city.call("handling.fileResult", result(number), as: .unit(life.lead))
        for status in [CaseStatus.approved, .replied, .closed] { try await city.step(number, to: status, life) }
        return number
    }

    static func result(_ number: String) -> JSONValue {
        City.result(number).with([
            "promises": [
                ["commitment": "路面修复", "dueOn": "2026-06-30"], ["commitment": "围挡加高", "dueOn": "2026-04-30"],
            ]
        ])
    }

    @Test func whatAResultPromisesIsOpenedWhenTheCaseCloses() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.fileResult", Self.result(number), as: .unit("housing"))
            for status in [CaseStatus.approved, .replied] { try await city.step(number, to: status) }
            #expect(try await city.call("supervision.promises", as: .supervisor)["items"] == [])
            try await city.step(number, to: .closed)
            let items = try await city.call("supervision.promises", as: .supervisor)["items"]?.elements ?? []
            #expect(items.compactMap { $0["dueOn"]?.stringValue } == ["2026-04-30", "2026-06-30"])
            #expect(items[0]["status"] == "open" && items[0]["unitId"] == "housing")
            #expect(items[0]["caseNumber"]?.stringValue == number && items[0]["commitment"] == "围挡加高")
            // Sealing waits.
            try await city.deliverEvents()
            city.clock.advance(days: 60)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "closed")
        }
    }

    @Test func aLapseOpensThemToo() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.fileResult", Self.result(number), as: .unit("housing"))
            for status in [CaseStatus.approved, .replied] { try await city.step(number, to: status) }
            city.clock.advance(days: 30)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "closed")
            #expect(try await city.count("supervision.promises WHERE status = 'open'") == 2)
        }
    }

    @Test func aListIsNarrowedAndReadPageByPage() async throws {
        try await City.with { city in
            let one = try await Self.closed(city)
            var life = City.Life()
            life.lead = "transport"
            _ = try await Self.closed(city, life)
            func count(_ params: JSONValue, _ who: Who = .supervisor) async throws -> Int? {
                try await city.call("supervision.promises", params, as: who)["items"]?.elements?.count
            }
            #expect(try await count([:]) == 4)
            #expect(try await count(["caseNumber": JSONValue(one)]) == 2)
            #expect(try await count(["unitId": "transport"]) == 2)
            #expect(try await count(["status": "kept"]) == 0)
            #expect(try await count([:], .unit("housing")) == 2)
            #expect(try await count([:], .unit("city")) == 4)
            #expect(try await count([:], .unit("north")) == 0)
            #expect(await city.code("supervision.promises", ["unitId": "transport"], as: .unit("housing")) == 1001)
            #expect(await city.code("supervision.promises", as: .source) == -32003)
            let first = try await city.call("supervision.promises", ["limit": 3], as: .office)
            let rest = try await city.call(
                "supervision.promises", ["limit": 3, "cursor": first["nextCursor"] ?? .null], as: .office)
            #expect(first["items"]?.elements?.count == 3 && rest["items"]?.elements?.count == 1)
            #expect(rest["nextCursor"]?.isNull == true)
        }
    }
}
