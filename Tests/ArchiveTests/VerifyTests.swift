import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct VerifyTests {
    /// Two sealed cases a day on 2, 3 and 4 March.
    private static func files(_ city: City) async throws -> [String] {
        var numbers: [String] = []
        for day in 2...4 {
            city.clock.set(Instant(Day(2026, 3, day), second: 36_000))
            for _ in 0..<2 {
                let number = try await city.bring(to: .declined)
                try await city.call("archive.seal", ["caseNumber": JSONValue(number)], as: .service)
                numbers.append(number)
            }
        }
        return numbers
    }

    private static func range(_ city: City, _ from: String, _ to: String) async throws -> JSONValue {
        try await city.call("archive.verify", ["from": JSONValue(from), "to": JSONValue(to)], as: .auditor)
    }

    @Test func whatWasNotTouchedIsProvedUnchanged() async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            for number in numbers {
                #expect(
                    try await city.call("archive.verify", ["caseNumber": JSONValue(number)], as: .office) == [
                        "verified": true, "files": 1,
                    ])
            }
            for (from, to, files) in [
                ("2026-03-02", "2026-03-04", 6), ("2026-03-03", "2026-03-03", 2), ("2026-03-05", "2026-03-31", 0),
                ("2025-03-01", "2026-03-04", 6),
            ] {
                #expect(
                    try await Self.range(city, from, to) == ["verified": true, "files": JSONValue(files)],
                    "\(from) \(to)")
            }
        }
    }

    @Test(arguments: [
        "document = replace(document, '已办结', '未办结')", "document = document || ' '", "sha256 = sha256('x')",
    ])
    func theFirstFileThatWasChangedIsNamed(_ change: String) async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            try await city.sql { db in
                try db.execute("UPDATE archive.files SET \(raw: change) WHERE position IN (4, 5)")
            }
            let answer = try await Self.range(city, "2026-03-02", "2026-03-04")
            #expect(answer["verified"] == false && answer["files"] == 4)
            #expect(answer["firstBroken"]?["caseNumber"] == JSONValue(numbers[3]))
            #expect(answer["firstBroken"]?["why"]?.stringValue?.isEmpty == false)
            #expect(try await Self.range(city, "2026-03-02", "2026-03-02")["verified"] == true)
            #expect(
                try await Self.range(city, "2026-03-04", "2026-03-04")["firstBroken"]?["caseNumber"]
                    == JSONValue(numbers[4]))
            let one = try await city.call("archive.verify", ["caseNumber": JSONValue(numbers[3])], as: .supervisor)
            #expect(one["verified"] == false && one["firstBroken"]?["caseNumber"] == JSONValue(numbers[3]))
            #expect(
                try await city.call("archive.verify", ["caseNumber": JSONValue(numbers[5])], as: .supervisor)[
                    "verified"] == true)
        }
    }

    /// The catalogue knows what is missing.
    @Test(arguments: [1, 2, 3, 5, 6])
    func aFileThatWasTakenAwayIsNamed(_ position: Int) async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            try await city.sql { db in try db.execute("DELETE FROM archive.files WHERE position = \(position)") }
            let missing = JSONValue(numbers[position - 1])
            #expect(
                try await Self.range(city, "2026-03-02", "2026-03-04")["firstBroken"]
                    == ["caseNumber": missing, "why": "档案缺失"])
            #expect(
                try await city.call("archive.verify", ["caseNumber": missing], as: .auditor)["firstBroken"]
                    == ["caseNumber": missing, "why": "档案缺失"])
            try await city.sql { db in try db.execute("DELETE FROM archive.catalogue WHERE position = \(position)") }
            #expect(
                try await city.call("archive.verify", ["caseNumber": missing], as: .auditor)["firstBroken"]
                    == ["caseNumber": missing, "why": "档案缺失"])
        }
    }

    /// Without its line in the catalogue the gap shows at the file behind it, also where the days are asked for that lie
    /// beside it.
    @Test(arguments: [1, 2, 3, 5])
    func aFileThatWasTakenAwayAltogetherIsMissed(_ position: Int) async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            try await city.sql { db in
                try db.execute("DELETE FROM archive.files WHERE position = \(position)")
                try db.execute("DELETE FROM archive.catalogue WHERE position = \(position)")
            }
            let all = try await Self.range(city, "2026-03-02", "2026-03-04")
            #expect(all["verified"] == false && all["firstBroken"]?["caseNumber"] == JSONValue(numbers[position]))
            let day = ["2026-03-02", "2026-03-03", "2026-03-04"][(position - 1) / 2]
            #expect(try await Self.range(city, day, day)["verified"] == false)
        }
    }

    static let refused: [(JSONValue, String)] = [
        ([:], "from"), (["from": "2026-03-02"], "to"), (["to": "2026-03-02"], "from"),
        (["from": "2026-03-02", "to": "2026-03-01"], "to"),
        (["from": "2025-01-01", "to": "2026-02-05"], "to"), (["from": "2026-3-2", "to": "2026-03-02"], "from"),
        (["caseNumber": "202603-000000001", "from": "2026-03-02"], "caseNumber"), (["caseNumber": 1], "caseNumber"),
    ]

    @Test func whatIsWrongIsNamed() async throws {
        try await City.with { city in
            for (params, path) in Self.refused {
                let error = await city.refusal("archive.verify", params, as: .auditor)
                #expect(error?.code == -32602 && error?.paths == [path], "\(params.json)")
            }
            #expect(
                await city.code("archive.verify", ["from": "2025-01-01", "to": "2026-02-04"], as: .observer) == nil)
            #expect(await city.code("archive.verify", ["caseNumber": "202603-999999999"], as: .auditor) == 1001)
            #expect(await city.code("archive.verify", ["from": "0001-01-01", "to": "0001-12-31"], as: .auditor) == nil)
            #expect(await city.code("archive.verify", ["from": "9999-01-01", "to": "9999-12-31"], as: .auditor) == nil)
        }
    }
}
