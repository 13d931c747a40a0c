import Domain
import JSONRPC
import Postgres
import Synchronization

/// The checks that the database or a service makes itself.
enum DatabaseChecks {
    /// What each service keeps beside the case: exactly one paper for each entry that makes one.
    private static let papers: [(table: String, actions: String)] = [
        ("assignment.letters", "dispatch"), ("assignment.claims", "claim"), ("assignment.instructions", "instruct"),
        ("handling.results", "fileResult"), ("handling.co_results", "fileCoResult"), ("handling.reviews", "review"),
        ("handling.publications", "confirmPublication"), ("supervision.follow_ups", "recordFollowUp"),
        ("intake.supplements", "supplement"), ("intake.declines", "proposeDecline"),
    ]

    static func papers(_ servers: Servers) async throws -> [Violation] {
        try await servers.surely { db in
            try papers.flatMap { table, action in
                let wrong = try db.row(
                    """
                    SELECT count(*) AS count, min(coalesce(p.case_id, t.case_id)) AS example
                    FROM (SELECT case_id, seq FROM \(raw: table)) AS p
                    FULL JOIN (SELECT case_id, seq FROM ledger.timeline WHERE action = \(action)) AS t
                        USING (case_id, seq)
                    WHERE p.case_id IS NULL OR t.case_id IS NULL
                    """
                ) { row in (count: try row["count"] as Int64, example: try row["example"] as Int64?) }
                guard let wrong, wrong.count > 0 else { return [Violation]() }
                return [
                    Violation(
                        .papers,
                        "\(wrong.count) of \(table) and \(action) do not match, such as case \(wrong.example ?? 0)")
                ]
            }
        }
    }

    /// Files are numbered without gap, one for each archived case, and are what was sealed.
    static func archive(_ world: World) async throws -> [Violation] {
        var violations = try await world.servers.surely { db in
            try db.one(
                """
                SELECT
                    (SELECT count(*) FROM archive.files) AS files,
                    (SELECT coalesce(max(position), 0) FROM archive.files) AS last,
                    (SELECT count(*) FROM ledger.cases WHERE status = 'archived') AS archived,
                    (SELECT count(*)
                        FROM ledger.cases c
                        JOIN archive.files f USING (case_id)
                        WHERE c.status = 'archived') AS both
                """
            ) { row in
                let counts = (
                    files: try row["files"] as Int64, last: try row["last"] as Int64,
                    archived: try row["archived"] as Int64, both: try row["both"] as Int64
                )
                return counts.files == counts.last && counts.files == counts.archived && counts.files == counts.both
                    ? [] : [Violation(.archive, "files, last position, archived cases and both: \(counts)")]
            }
        }
        let files = try await world.servers.surely { db in
            try db.value("SELECT count(*) FROM archive.files") as Int64
        }
        if files > 0 { violations += await verify(files, world) }
        return violations
    }

    /// Asks the archive itself.
    private static func verify(_ files: Int64, _ world: World) async -> [Violation] {
        let today = Instant.present.day
        let params = #"{"from":"\#(today.advanced(by: -7))","to":"\#(today.advanced(by: 7))"}"#
        let said = Mutex("nothing")
        let isVerified = await Wait.until(.seconds(60), every: 500) {
            let answer = await world.desk.lines.call(
                world.desk.doors["archive"]?.first ?? "", "archive.verify", Array(params.utf8),
                token: world.desk.tokens[.office] ?? "", budgetMs: 60_000, patience: .seconds(60))
            guard case .result(let bytes) = answer, let result = try? JSONValue(parsing: bytes) else {
                said.withLock { $0 = "\(answer)" }
                return false
            }
            said.withLock { $0 = String(decoding: bytes, as: UTF8.self) }
            return result["verified"]?.boolValue == true && result["files"]?.intValue == Int(files)
        }
        return isVerified
            ? [] : [Violation(.archive, "archive.verify of \(files) files says: \(said.withLock { $0 })")]
    }

    /// Copies of events were answered with what stands in the inbox.
    static func receipts(_ receipts: [Postman.Receipt], _ facts: Facts) -> [Violation] {
        receipts.compactMap { receipt in
            let stored = facts.inbox[Facts.pair(receipt.messageId, receipt.consumer)]
            return stored.map { Array($0.utf8) } == receipt.response
                ? nil
                : Violation(
                    stored == nil ? .lost : .altered,
                    "a copy of \(receipt.messageId) was answered \(String(decoding: receipt.response, as: UTF8.self)), the inbox has \(stored ?? "nothing")"
                )
        }
    }
}
