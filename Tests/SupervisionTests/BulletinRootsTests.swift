import Domain
import JSONRPC
import TestKit
import Testing

/// "The bulletin prints the roots": whoever has the paper can tell that the archive is what it was.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct BulletinRootsTests {
    @Test func theBulletinPrintsTheRootOfEachDayOnWhichFilesWereSealed() async throws {
        try await City.with { city in
            var sealed: [String: Int] = [:]
            for (day, count) in [(27, 1), (28, 2), (30, 1), (31, 3)] {
                city.clock.set(Instant(Day(2026, 3, day), second: 36_000))
                for _ in 1...count { _ = try await city.bring(to: .archived) }
                sealed["2026-03-\(day)"] = count
            }
            city.clock.set("2026-04-01T09:00:00+08:00")
            _ = try await city.bring(to: .archived)
            try await city.sweep()
            let month: JSONValue = ["month": "2026-03", "format": "html"]
            func printed(_ who: Who) async throws -> [JSONValue] {
                let read = try await city.call("supervision.bulletin", month, as: who)
                let (roots, page) = (read["document"]?["roots"]?.elements ?? [], read["html"]?.stringValue ?? "")
                for root in roots {
                    for name in ["root", "day"] {
                        #expect(page.contains(">\(root[name]?.stringValue ?? "?")<"), "\(root)")
                    }
                }
                return roots
            }
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            let roots = try await printed(.office)
            #expect(roots.count == 4)
            for root in roots {
                let told = try await city.call("archive.root", ["day": root["day"] ?? .null], as: .observer)
                #expect(told["root"] == root["root"] && told["final"] == true)
                #expect(
                    root["files"]?.intValue == sealed[root["day"]?.stringValue ?? ""] && told["files"] == root["files"])
            }
            try await city.call("supervision.publishBulletin", ["month": "2026-03"], as: .office)
            #expect(try await printed(.observer) == roots)
            // The next month's first day goes on from the last root that was printed.
            let next = try await city.call("archive.root", ["day": "2026-04-01"], as: .observer)
            #expect(next["previousRoot"] == roots.last?["root"])
        }
    }

    @Test func aDayThatIsNotOverHasNoRootToPrint() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .archived)
            try await city.sweep()
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            let read = try await city.call("supervision.bulletin", ["month": "2026-03", "format": "html"], as: .office)
            #expect(read["document"]?["roots"] == [] && read["html"]?.stringValue?.contains("归档根值：无。") == true)
        }
    }
}
