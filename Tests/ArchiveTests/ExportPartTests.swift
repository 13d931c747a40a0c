@testable import Archive
import Domain
import Foundation
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ExportPartTests {
    private static func part(
        _ city: City, _ export: JSONValue, _ offset: Int
    ) async throws -> (data: Data, next: Int?) {
        let params: JSONValue = ["exportId": export["exportId"] ?? .null, "offset": JSONValue(offset)]
        let part = try await city.call("archive.exportPart", params, as: .auditor)
        return (Data(base64Encoded: part["data"]?.stringValue ?? "") ?? Data(), part["nextOffset"]?.intValue)
    }

    /// Some mebibytes, one file of which is larger than a part.
    @Test func partsFitTogetherFromAnyOffset() async throws {
        try await City.with { city in
            try await Sealed.fill(city, days: 2, each: 500)
            try await city.sql { db in
                try db.execute(
                    """
                    UPDATE archive.files
                    SET document = '{"case":{"caseNumber":"202603-000000007"},"text":"' || repeat('档', 400000) || '"}'
                    WHERE position = 7
                    """)
            }
            let export = try await Packages.export(city, "2026-03-02", "2026-03-03")
            let whole = try await Packages.fetch(city, export)
            #expect(whole.count > 2 << 20)
            #expect(Secrets.hex(Secrets.sha256(Array(whole))) == export["sha256"]?.stringValue)
            for offset in [1, 511, 1_500_000, whole.count - 1] {
                let (data, next) = try await Self.part(city, export, offset)
                #expect(!data.isEmpty && data.count <= 1 << 20 && data == whole.dropFirst(offset).prefix(data.count))
                #expect(next == (offset + data.count < whole.count ? offset + data.count : nil), "\(offset)")
            }
        }
    }

    @Test func anotherInstanceGivesOutTheSameBytes() async throws {
        try await City.with { city in
            _ = try await Sealed.files(3, on: Day(2026, 3, 2), city)
            let export = try await Packages.export(city, "2026-03-02", "2026-03-02")
            let (data, _) = try await Self.part(city, export, 0)
            let settings = Settings(
                service: Archive.name, database: city.database.setting("user", to: "renling_archive"), connections: 1,
                bind: "", http: .init(host: "127.0.0.1", port: 0), secrets: SampleCity.secrets,
                clock: DomainClock { city.clock.now }, isTest: true)
            let other = Desk(settings, table: Archive.table(settings))
            var headers = Headers()
            headers.authorization = "Bearer \(Who.auditor.token)"
            let params: JSONValue = ["exportId": export["exportId"] ?? .null, "offset": 0]
            let body = Request.compose(id: RequestID(1), method: "archive.exportPart", params: params.serialized())
            let answer = try JSONValue(parsing: await other.answer(body, headers) ?? [])
            await other.close()
            #expect(answer["result"]?["data"]?.stringValue == data.base64EncodedString())
        }
    }

    @Test func whatIsNotThereOrNotYoursIsRefused() async throws {
        try await City.with { city in
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            let export = try await Packages.export(city, "2026-03-02", "2026-03-02")
            let bytes = export["bytes"]?.intValue ?? 0
            let id = export["exportId"] ?? .null
            for (params, code, path) in [
                (["exportId": id, "offset": JSONValue(bytes)], -32602, ["offset"]),
                (["exportId": id, "offset": -1], -32602, ["offset"]), (["exportId": id], -32602, ["offset"]),
                (["offset": 0], -32602, ["exportId"]), (["exportId": "x", "offset": 0], 1001, []),
                (["exportId": "00000000-0000-0000-0000-000000000000", "offset": 0], 1001, []),
            ] as [(JSONValue, Int, [String])] {
                let error = await city.refusal("archive.exportPart", params, as: .auditor)
                #expect(error?.code == code && error?.paths == path, "\(params.json)")
            }
            for who in [Who.office, .supervisor, .observer, .admin, .unit("housing")] {
                #expect(await city.code("archive.exportPart", ["exportId": id, "offset": 0], as: who) == -32003)
            }
            #expect(
                await city.code("archive.exportPart", ["exportId": id, "offset": JSONValue(bytes - 1)], as: .auditor)
                    == nil)
        }
    }

    @Test func aPackageExpiresAndWhoTookItStaysOnRecord() async throws {
        try await City.with { city in
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            let export = try await Packages.export(city, "2026-03-02", "2026-03-02")
            let params: JSONValue = ["exportId": export["exportId"] ?? .null, "offset": 0]
            city.clock.advance(seconds: 7 * 86_400 - 1)
            try await city.sweep()
            #expect(await city.code("archive.exportPart", params, as: .auditor) == nil)
            city.clock.advance(seconds: 1)
            #expect(await city.code("archive.exportPart", params, as: .auditor) == 1001)
            try await city.sweep()
            #expect(try await city.count("archive.export_parts") == 0)
            #expect(try await city.count("archive.exports WHERE dropped_at IS NOT NULL") == 1)
        }
    }

    @Test func oneMoreThanAHundredGivesUpTheOldest() async throws {
        try await City.with { city in
            let oldest = try await Packages.export(city, "2026-03-02", "2026-03-02")
            try await city.sql { db in
                try db.execute(
                    """
                    INSERT INTO archive.exports (day_from, day_to, files, bytes, sha256, client_id, made_at, expires_at)
                    SELECT '2026-03-02', '2026-03-02', 0, 0, sha256(''), 1, made_at + interval '1 second', expires_at
                    FROM archive.exports, generate_series(1, 99)
                    """)
            }
            #expect(try await Self.part(city, oldest, 0).data.count > 0)
            city.clock.advance(seconds: 10)
            let newest = try await Packages.export(city, "2026-03-02", "2026-03-02")
            #expect(
                await city.code(
                    "archive.exportPart", ["exportId": oldest["exportId"] ?? .null, "offset": 0], as: .auditor) == 1001)
            #expect(try await Self.part(city, newest, 0).data.count > 0)
            #expect(try await city.count("archive.exports WHERE dropped_at IS NULL") == 100)
        }
    }

    /// A document that has changed since the package was made no longer fits its plan.
    @Test func aFileThatChangedInLengthSinceIsNotGivenOut() async throws {
        try await City.with { city in
            _ = try await Sealed.files(1, on: Day(2026, 3, 2), city)
            let export = try await Packages.export(city, "2026-03-02", "2026-03-02")
            try await city.sql { db in try db.execute("UPDATE archive.files SET document = '{}'") }
            let error = await city.refusal(
                "archive.exportPart",
                [
                    "exportId": export["exportId"] ?? .null,
                    "offset": JSONValue((export["bytes"]?.intValue ?? 0) - 1030),
                ],
                as: .auditor)
            #expect(error?.code == 1011 && error?.reason == "archiveBroken")
        }
    }
}
