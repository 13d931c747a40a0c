import Foundation
import Postgres

/// What a pass of each sweep takes, by the programs' own `/metrics`: with nothing due, and the ladder with 400 cases to look
/// at.
struct SweepTimes: Sendable {
    static let casesLookedAt = 400
    let place: Place

    /// - Parameter seconds: how long to watch.
    /// - Returns: milliseconds, by what was done.
    func measure(_ seconds: Int) async throws -> [(String, Double)] {
        let before = try await read()
        try await Task.sleep(for: .seconds(seconds))
        let after = try await read()
        let sweeps = after.keys.filter { $0.hasSuffix("none") }.sorted()
        var times = sweeps.compactMap { key -> (String, Double)? in
            guard let (count, sum) = after[key], count > before[key]?.count ?? 0 else { return nil }
            let passes = count - (before[key]?.count ?? 0)
            return ("\(key.split(separator: " ")[0]), nothing due", (sum - (before[key]?.sum ?? 0)) / passes * 1000)
        }
        times.append(("ladder, \(Self.casesLookedAt) cases to look at", try await look()))
        return times
    }

    /// Has the ladder look at cases at which nothing is to be done: it judges each and says when to look again.
    private func look() async throws -> Double {
        let before = try await read()["ladder some"]?.sum ?? 0
        let marked = try await Connection.open(place.database) { db in
            try db.execute(
                """
                UPDATE ledger.cases
                SET look_at = '2000-01-01'
                WHERE case_id IN (
                    SELECT case_id
                    FROM ledger.cases
                    WHERE due_at IS NOT NULL AND look_at IS NOT NULL
                    ORDER BY due_at DESC, case_id
                    LIMIT \(Self.casesLookedAt))
                """)
        }
        guard marked == Self.casesLookedAt else { throw Failure("only \(marked) open cases to look at") }
        for _ in 1...300 {
            try await Task.sleep(for: .milliseconds(100))
            let left = try await Connection.open(place.database) { db -> Int in
                try db.value("SELECT count(*) FROM ledger.cases WHERE look_at <= '2000-01-02'")
            }
            if left == 0 { return (try await read()["ladder some"]?.sum ?? 0) * 1000 - before * 1000 }
        }
        throw Failure("the ladder does not look at the cases")
    }

    /// Of the services that sweep: passes and their seconds, by `<sweep> none` and `<sweep> some`.
    private func read() async throws -> [String: (count: Double, sum: Double)] {
        var times: [String: (count: Double, sum: Double)] = [:]
        for service in ["intake", "assignment", "supervision", "archive"] {
            let page = try await Tool.run("curl", ["--silent", "--fail", try place.page(of: service) + "/metrics"])
            let pattern = /renling_sweep_seconds_(count|sum)\{sweep="(\w+)",found="(\w+)"\} ([0-9.e+-]+)/
            for match in page.matches(of: pattern) {
                let key = "\(match.2) \(match.3)"
                let value = Double(match.4) ?? 0
                if match.1 == "count" { times[key, default: (0, 0)].count += value }
                if match.1 == "sum" { times[key, default: (0, 0)].sum += value }
            }
        }
        return times
    }
}
