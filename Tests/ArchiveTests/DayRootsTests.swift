import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// The sweep that keeps the roots, and what verification makes of them.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct DayRootsTests {
    /// Two files each on the 2nd and the 4th, all days over and their roots on file.
    private static func files(_ city: City) async throws -> [String] {
        let numbers =
            try await Sealed.files(2, on: Day(2026, 3, 2), city) + Sealed.files(2, on: Day(2026, 3, 4), city)
        city.clock.set(Instant(Day(2026, 3, 5)))
        try await city.sweep()
        return numbers
    }

    @Test func aDayIsClosedWhenItIsOver() async throws {
        try await City.with { city in
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            city.clock.set(Day(2026, 3, 3).start.adding(milliseconds: -1))
            try await city.sweep()
            #expect(try await city.count("archive.roots") == 0)
            let before = try await Sealed.root(city, "2026-03-02")
            city.clock.set(Day(2026, 3, 3).start)
            try await city.sweep()
            #expect(try await city.count("archive.roots") == 1)
            try await city.sweep()
            #expect(try await city.count("archive.roots") == 1)
            #expect(try await Sealed.root(city, "2026-03-02") == before.with(["final": true]))
            #expect(try await Sealed.range(city, "2026-03-02", "2026-03-03") == ["verified": true, "files": 1])
        }
    }

    /// Whoever's clock is behind: the root that is on file stays that of all files of its day.
    @Test func noFileJoinsADayWhoseRootIsOnFile() async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            let late = try await city.bring(to: .declined)
            city.clock.set(Instant(Day(2026, 3, 4), second: 86_399))
            let answer = try await city.call("archive.seal", ["caseNumber": JSONValue(late)], as: .service)
            #expect(answer["day"] == "2026-03-05" && answer["position"] == JSONValue(numbers.count + 1))
            #expect(try await Sealed.root(city, "2026-03-05")["files"] == 1)
            #expect(try await Sealed.range(city, "2026-03-01", "2026-03-31") == ["verified": true, "files": 5])
        }
    }

    /// What is changed, and the case that is named, by its place.
    static let changes: [(sql: String, place: Int, why: String)] = [
        ("UPDATE archive.roots SET root = sha256('x') WHERE day = '2026-03-02'", 0, "当日根值与存证不符"),
        ("UPDATE archive.roots SET previous_root = sha256('x') WHERE day = '2026-03-04'", 2, "当日根值与前一日不衔接"),
        (
            """
            UPDATE archive.files SET document = replace(document, '归档', '归裆') WHERE position = 3;
            UPDATE archive.files SET document = document || ' ' WHERE position = 3;
            UPDATE archive.files SET sha256 = sha256(convert_to(document, 'UTF8')) WHERE position = 3;
            UPDATE archive.catalogue k SET sha256 = f.sha256 FROM archive.files f WHERE f.position = 3 AND k.position = 3
            """, 2, "当日根值与存证不符"
        ),
        (
            "DELETE FROM archive.files WHERE position = 4; DELETE FROM archive.catalogue WHERE position = 4", 2,
            "当日档案缺失"
        ),
        ("UPDATE archive.catalogue SET case_id = 7 WHERE position = 2", 1, "档案与目录不符"),
        ("DELETE FROM archive.catalogue WHERE position = 2", 1, "档案与目录不符"),
        (
            "UPDATE archive.catalogue SET position = position + 10 WHERE position > 2; UPDATE archive.files SET position = position + 10 WHERE position > 2",
            2, "前一份档案缺失"
        ),
    ]

    @Test(arguments: changes)
    func whatWasChangedBySQLIsFound(_ sql: String, _ place: Int, _ why: String) async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            #expect(try await Sealed.range(city, "2026-03-01", "2026-03-31") == ["verified": true, "files": 4])
            try await city.sql { db in try db.script(sql) }
            let answer = try await Sealed.range(city, "2026-03-01", "2026-03-31")
            #expect(answer["verified"] == false)
            #expect(
                answer["firstBroken"] == ["caseNumber": JSONValue(numbers[place]), "why": JSONValue(why)],
                "\(answer.json)")
        }
    }

    /// A file whose digests were all written anew does not fit the root of its day, asked for by itself too.
    @Test func aForgedFileIsFoundByItself() async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            try await city.sql { db in try db.script(Self.changes[2].sql) }
            let c: JSONValue = ["caseNumber": JSONValue(numbers[2])]
            #expect(
                try await city.call("archive.verify", c, as: .auditor)["firstBroken"]?["why"] == "当日根值与存证不符")
            #expect(
                try await city.call("archive.verify", ["caseNumber": JSONValue(numbers[0])], as: .auditor)
                    == ["verified": true, "files": 1])
        }
    }

    @Test func everythingTakenAwayIsStillMissed() async throws {
        try await City.with { city in
            _ = try await Self.files(city)
            try await city.sql { db in try db.script("TRUNCATE archive.files, archive.catalogue") }
            let answer = try await Sealed.range(city, "2026-03-01", "2026-03-31")
            #expect(answer == ["verified": false, "files": 0, "firstBroken": ["why": "当日档案缺失"]])
        }
    }

    /// Ten thousand files; one byte of one of them.
    @Test func oneByteInTenThousandFilesIsFound() async throws {
        try await City.with { city in
            try await Sealed.fill(city, days: 40, each: 250)
            #expect(try await city.count("archive.roots") == 40)
            #expect(try await Sealed.range(city, "2026-03-02", "2026-04-10") == ["verified": true, "files": 10_000])
            try await city.sql { db in
                try db.execute(
                    "UPDATE archive.files SET document = overlay(document placing '裆' from 101 for 1) WHERE position = 7777"
                )
            }
            let answer = try await Sealed.range(city, "2026-03-02", "2026-04-10")
            #expect(
                answer == [
                    "verified": false, "files": 7777,
                    "firstBroken": ["caseNumber": "202603-000007777", "why": "内容与摘要不符"],
                ])
        }
    }
}
