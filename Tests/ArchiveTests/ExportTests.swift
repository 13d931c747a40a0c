import Domain
import Foundation
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ExportTests {
    /// Three files on the 2nd, two on the 4th.
    private static func files(_ city: City) async throws -> [String] {
        try await Sealed.files(3, on: Day(2026, 3, 2), city) + Sealed.files(2, on: Day(2026, 3, 4), city)
    }

    @Test(arguments: ["/bin/sh", "/bin/bash"])
    func thePackageProvesItselfWithCoreutilsAndJqAlone(_ shell: String) async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            city.clock.advance(days: 1)
            try await city.sweep()
            let export = try await Packages.export(city, "2026-03-01", "2026-03-04")
            #expect(export.nameSet == ["exportId", "files", "bytes", "sha256"] && export["files"] == 5)
            let package = try await Packages.fetch(city, export)
            #expect(JSONValue(package.count) == export["bytes"])
            #expect(Secrets.hex(Secrets.sha256(Array(package))) == export["sha256"]?.stringValue)
            let root = try await Sealed.root(city, "2026-03-04")["root"]?.stringValue ?? ""
            let document = try await city.call("archive.get", ["caseNumber": JSONValue(numbers[3])], as: .auditor)
            try Packages.unpacked(package) { folder in
                let answer = try Packages.verify(folder, shell: shell)
                #expect(answer.status == 0 && answer.said.contains("OK: 5 files of 2026-03-02 to 2026-03-04"))
                #expect(answer.said.contains("root of the last day:      \(root)"), "\(answer.said)")
                let file = folder.appending(path: "documents/2026-03-04/000000000004-\(numbers[3]).json")
                #expect(try Data(contentsOf: file) == Data(document["document"]?.canonical() ?? []))
                let days = try String(contentsOf: folder.appending(path: "days.jsonl"), encoding: .utf8)
                #expect(days.split(separator: "\n").count == 3 && !days.contains("\"final\":false"))
                let sums = try Packages.run(
                    "/bin/sh", ["-c", "cd '\(folder.path)' && sha256sum -c --quiet SHA256SUMS"], ["PATH": "/usr/bin"])
                #expect(sums.status == 0, "\(sums.said)")
            }
        }
    }

    /// What is done to the package, and what its script says.
    static let changes: [(script: String, says: String)] = [
        ("f=documents/2026-03-02/*002-*; sed -i 's/settled/settlef/' $f", "differs from SHA256SUMS"),
        ("rm documents/2026-03-04/*005-*", "differs from SHA256SUMS"),
        ("cp documents/2026-03-04/*005-* documents/2026-03-04/more.json", "stands in no list"),
        ("sed -i 1d leaves.jsonl; resum", "stands in no list"),
        ("rm documents/2026-03-02/*002-*; sed -i 2d leaves.jsonl; resum", "positions have a gap"),
        (
            """
            f=$(echo documents/2026-03-02/*002-*); old=$(sha256sum < $f | cut -c1-64); sed -i 's/settled/settlef/' $f
            new=$(sha256sum < $f | cut -c1-64); sed -i "s/$old/$new/" leaves.jsonl; resum
            """, "the root of 2026-03-02"
        ),
        (
            "r=$(sed -n 3p days.jsonl | jq -r .root); sed -i \"s/$r/$(echo $r | tr 0-9a-f a-f0-9)/\" days.jsonl; resum",
            "the root of 2026-03-04"
        ),
        ("sed -i 2d days.jsonl; resum", "do not follow one another"),
        ("sed -i 's/\"files\":2/\"files\":3/' days.jsonl; resum", "another number of files"),
        ("sed -i '1s/\"caseNumber\":\"2026/\"caseNumber\":\"2027/' leaves.jsonl; resum", "another case"),
    ]

    @Test(arguments: changes)
    func aChangedPackageIsFoundByItsOwnScript(_ change: String, _ says: String) async throws {
        try await City.with { city in
            _ = try await Self.files(city)
            city.clock.advance(days: 1)
            let package = try await Packages.fetch(city, try await Packages.export(city, "2026-03-01", "2026-03-04"))
            try Packages.unpacked(package) { folder in
                let resum = """
                    resum() { (jq -r '"\\(.sha256)  \\(.path)"' leaves.jsonl
                        sha256sum README.txt verify.sh days.jsonl leaves.jsonl) > SHA256SUMS; }
                    """
                let done = try Packages.run(
                    "/bin/sh", ["-ec", "cd '\(folder.path)'\n\(resum)\n\(change)"], ["PATH": "/usr/bin:/bin"])
                #expect(done.status == 0, "\(done.said)")
                let answer = try Packages.verify(folder)
                #expect(answer.status == 1 && answer.said.contains(says), "\(answer.said)")
            }
        }
    }

    @Test func theSameDaysGiveTheSamePackage() async throws {
        try await City.with { city in
            _ = try await Self.files(city)
            city.clock.advance(days: 1)
            let first = try await Packages.export(city, "2026-03-02", "2026-03-04")
            try await city.sweep()
            city.clock.advance(days: 3)
            _ = try await Sealed.files(1, on: Day(2026, 3, 8), city)
            let second = try await Packages.export(city, "2026-03-02", "2026-03-04")
            #expect(first["sha256"] == second["sha256"] && first["exportId"] != second["exportId"])
            let counts = "archive.exports WHERE day_from = '2026-03-02' AND day_to = '2026-03-04' AND files = 5"
            #expect(try await city.count(counts) == 2)
        }
    }

    /// The day that is not over goes as far as it has come, whatever is sealed while the parts are fetched.
    @Test func aDayThatIsNotOverGoesAsFarAsItHasCome() async throws {
        try await City.with { city in
            _ = try await Sealed.files(2, on: Day(2026, 3, 2), city)
            let export = try await Packages.export(city, "2026-03-02", "2026-03-31")
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            let package = try await Packages.fetch(city, export)
            #expect(Secrets.hex(Secrets.sha256(Array(package))) == export["sha256"]?.stringValue)
            try Packages.unpacked(package) { folder in
                let answer = try Packages.verify(folder)
                #expect(answer.said.contains("OK: 2 files of 2026-03-02 to 2026-03-02"), "\(answer.said)")
                let days = try String(contentsOf: folder.appending(path: "days.jsonl"), encoding: .utf8)
                #expect(days.contains("\"final\":false"))
            }
        }
    }

    @Test func daysWithoutFilesAreAPackageToo() async throws {
        try await City.with { city in
            let nothing = try await Packages.fetch(city, try await Packages.export(city, "2026-03-01", "2026-03-02"))
            #expect(try Packages.unpacked(nothing) { try Packages.verify($0).said } == "OK: no day, no file\n")
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            city.clock.advance(days: 5)
            let quiet = try await Packages.fetch(city, try await Packages.export(city, "2026-03-04", "2026-03-05"))
            let said = try Packages.unpacked(quiet) { try Packages.verify($0).said }
            #expect(said.contains("OK: 0 files of 2026-03-04 to 2026-03-05"), "\(said)")
        }
    }

    /// The document was changed in the database before the package was made: it is packed, and found.
    @Test func aFileThatWasChangedInTheDatabaseIsFoundInThePackage() async throws {
        try await City.with { city in
            let numbers = try await Self.files(city)
            try await city.sql { db in
                try db.execute(
                    "UPDATE archive.files SET document = replace(document, 'settled', 'settlef') WHERE position = 2")
            }
            let package = try await Packages.fetch(city, try await Packages.export(city, "2026-03-02", "2026-03-04"))
            try Packages.unpacked(package) { folder in
                let answer = try Packages.verify(folder)
                #expect(answer.status == 1 && answer.said.contains("\(numbers[1]).json: FAILED"), "\(answer.said)")
            }
            try await city.sql { db in try db.execute("DELETE FROM archive.files WHERE position = 2") }
            let error = await city.refusal(
                "archive.export", ["from": "2026-03-02", "to": "2026-03-04"], as: .auditor)
            #expect(error?.code == 1011 && error?.reason == "archiveBroken")
        }
    }

    @Test func whatIsTooMuchOrWrongIsRefused() async throws {
        try await City.with { city in
            for who in [Who.source, .registrar, .office, .unit("housing"), .leader, .supervisor, .observer, .admin] {
                #expect(
                    await city.code("archive.export", ["from": "2026-03-02", "to": "2026-03-02"], as: who) == -32003)
            }
            for (params, path) in [
                (["from": "2026-03-02"], "to"), (["to": "2026-03-02"], "from"),
                (["from": "2026-03-02", "to": "2026-03-01"], "to"),
                (["from": "2025-01-01", "to": "2026-02-05"], "to"),
                (["from": "2026-03-02", "to": "2026-03-02", "x": 1], "x"),
            ] as [(JSONValue, String)] {
                let error = await city.refusal("archive.export", params, as: .auditor)
                #expect(error?.code == -32602 && error?.paths == [path], "\(params.json)")
            }
            try await city.sql { db in
                try db.execute(
                    """
                    INSERT INTO archive.catalogue (position, case_id, day, sha256, bytes, retention, keep_until, type,
                        urgency, outcome, co_unit_ids, is_withheld)
                    SELECT n, n, '2026-03-02', sha256('x'), 1, 'permanent', NULL, 'help', 'ordinary', 'closed', '{}', false
                    FROM generate_series(1, 50001) AS n
                    """)
            }
            let error = await city.refusal(
                "archive.export", ["from": "2026-03-02", "to": "2026-03-02"], as: .auditor)
            #expect(error?.code == 1011 && error?.reason == "exportTooLarge")
        }
    }

    @Test func anExportIsMadeOnceUnderItsKey() async throws {
        try await City.with { city in
            _ = try await Self.files(city)
            let broken = try await city.brokenPromises(
                of: Mutation(
                    "archive.export", ["from": "2026-03-02", "to": "2026-03-04"], as: .auditor,
                    other: ["from": "2026-03-02", "to": "2026-03-03"], and: "archive.export",
                    ["from": "2026-03-03", "to": "2026-03-03"]))
            #expect(broken == [])
            #expect(try await city.count("archive.exports WHERE person ->> 'name' = '冯经办'") == 1)
        }
    }
}
