import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReadRootTests {
    private static let empty = Sealed.hexRoot([])

    /// Three files on the 2nd, none on the 3rd, one on the 4th; the 4th is not over.
    @Test(arguments: [false, true])
    func aRootIsThatOfTheDaysDigestsBehindTheRootOfTheDayBefore(_ isSwept: Bool) async throws {
        try await City.with { city in
            let first = try await Sealed.files(3, on: Day(2026, 3, 2), city)
            let third = try await Sealed.files(1, on: Day(2026, 3, 4), city)
            if isSwept { try await city.sweep() }
            #expect(try await city.count("archive.roots") == (isSwept ? 1 : 0))
            let leaves = [Sealed.root([])] + (try await Sealed.digests(city, first))
            let one = Sealed.root(leaves[...])
            let two = Sealed.root([one])
            let three = Sealed.hexRoot([two] + (try await Sealed.digests(city, third)))
            #expect(
                try await Sealed.root(city, "2026-03-02") == [
                    "root": Sealed.hexRoot(leaves), "previousRoot": Self.empty, "files": 3,
                    "final": JSONValue(isSwept),
                ])
            #expect(
                try await Sealed.root(city, "2026-03-03") == [
                    "root": Sealed.hexRoot([one]), "previousRoot": Sealed.hexRoot(leaves), "files": 0,
                    "final": JSONValue(isSwept),
                ])
            #expect(
                try await Sealed.root(city, "2026-03-04") == [
                    "root": three, "previousRoot": Sealed.hexRoot([one]), "files": 1, "final": false,
                ])
        }
    }

    @Test func beforeTheFirstFileThereIsTheEmptyTree() async throws {
        try await City.with { city in
            for day in ["2026-03-02", "0001-01-01"] {
                let answer = try await Sealed.root(city, day)
                #expect(
                    answer.with([:]) == [
                        "root": Self.empty, "previousRoot": Self.empty, "files": 0,
                        "final": JSONValue(day < "2026-03-02"),
                    ])
            }
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            #expect(try await Sealed.root(city, "2026-03-01")["root"] == Self.empty)
            #expect(try await Sealed.root(city, "2026-03-02")["previousRoot"] == Self.empty)
        }
    }

    @Test func everyRoleReadsRootsAndNobodyThoseOfTheFuture() async throws {
        try await City.with { city in
            for who in [
                Who.source, .registrar, .office, .unit("housing"), .leader, .supervisor, .auditor, .observer, .admin,
            ] {
                let answer = try await Sealed.root(city, "2026-03-02", as: who)
                #expect(answer["files"] == 0, "\(who)")
            }
            #expect(await city.code("archive.root", ["day": "2026-03-02"], as: .nobody) == -32001)
            for (params, path) in [
                (["day": "2026-03-03"], "day"), (["day": "2026-02-30"], "day"), ([:], "day"), (["day": 1], "day"),
                (["day": "2026-03-02", "x": 1], "x"),
            ] as [(JSONValue, String)] {
                let error = await city.refusal("archive.root", params, as: .observer)
                #expect(error?.code == -32602 && error?.paths == [path], "\(params.json)")
            }
        }
    }
}
