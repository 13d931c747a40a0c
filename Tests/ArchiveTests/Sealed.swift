import Domain
import JSONRPC
import Postgres
import ServiceKit
import TestKit

/// Sealed files for tests, and the tree of a day computed as the standard's text defines it.
enum Sealed {
    /// Seals so many declined cases on a day.
    static func files(_ count: Int, on day: Day, _ city: City) async throws -> [String] {
        city.clock.set(Instant(day, second: 36_000))
        var numbers: [String] = []
        for _ in 0..<count {
            let number = try await city.bring(to: .declined)
            try await city.call("archive.seal", ["caseNumber": JSONValue(number)], as: .service)
            numbers.append(number)
        }
        return numbers
    }

    static func root(_ city: City, _ day: String, as who: Who = .observer) async throws -> JSONValue {
        try await city.call("archive.root", ["day": JSONValue(day)], as: who)
    }

    static func range(_ city: City, _ from: String, _ to: String) async throws -> JSONValue {
        try await city.call("archive.verify", ["from": JSONValue(from), "to": JSONValue(to)], as: .auditor)
    }

    /// The digests of these files, as `archive.get` answers them.
    static func digests(_ city: City, _ numbers: [String]) async throws -> [[UInt8]] {
        var digests: [[UInt8]] = []
        for number in numbers {
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            digests.append(bytes(file["sha256"]?.stringValue ?? ""))
        }
        return digests
    }

    static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }

    /// RFC 6962, 2.1, by recursion.
    static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        guard let first = leaves.first else { return Secrets.sha256([]) }
        if leaves.count == 1 { return Secrets.sha256([0] + first) }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        return Secrets.sha256([1] + root(leaves.prefix(half)) + root(leaves.dropFirst(half)))
    }

    static func hexRoot(_ leaves: [[UInt8]]) -> JSONValue { JSONValue(Secrets.hex(root(leaves[...]))) }

    /// Files and their catalogue put in by SQL, so many on each of some days from 2 March 2026 on. No case is behind them.
    static func fill(_ city: City, days: Int, each: Int) async throws {
        try await city.sql { db in
            try db.execute(
                """
                INSERT INTO archive.files (position, case_id, day, document, sha256, sealed_at)
                SELECT position, 202603000000000 + position, day, document, sha256(convert_to(document, 'UTF8')), day
                FROM (
                    SELECT n AS position, date '2026-03-02' + ((n - 1) / \(each))::int AS day,
                        format('{"case":{"caseNumber":"202603-%s"},"text":"%s"}', lpad(n::text, 9, '0'), repeat('档案', 50)) AS document
                    FROM generate_series(1, \(days * each)) AS n
                ) AS files
                """)
            try db.execute(
                """
                INSERT INTO archive.catalogue (position, case_id, day, sha256, bytes, retention, keep_until, type,
                    urgency, outcome, co_unit_ids, is_withheld)
                SELECT position, case_id, day, sha256, octet_length(document), '10y', '2036-12-31', 'help', 'ordinary',
                    'closed', '{}', false
                FROM archive.files
                """)
        }
        city.clock.set(Instant(Day(2026, 3, 2).advanced(by: days), second: 3600))
        try await city.sweep()
    }
}
