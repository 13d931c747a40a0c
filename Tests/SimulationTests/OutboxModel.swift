/// A row of the modelled outbox. Times are seconds.
struct OutboxRow: Equatable {
    let id: Int
    let consumer: String
    let caseId: Int
    let version: Int
    /// The version of the event before it for that consumer and case; 0 for the first.
    let after: Int
    var owner: String?
    var attempt: Int
    var tries = 0
    var readyAt: Double
    var isDead = false
}

/// The rules of `ledger.outbox` as a value: what the SQL of `Outbox` does, without PostgreSQL. The conformance test holds
/// the two together.
struct OutboxModel {
    static let leaseSeconds = 15.0
    static let countedTriesMax = 25

    private(set) var rows: [OutboxRow] = []
    private var lastId = 0

    /// Leased at birth unless an earlier one of the same consumer and case is pending.
    mutating func insert(
        _ consumer: String, caseId: Int, version: Int, after: Int, owner: String, at now: Double
    ) -> OutboxRow {
        lastId += 1
        let waits = rows.contains { $0.consumer == consumer && $0.caseId == caseId }
        let row = OutboxRow(
            id: lastId, consumer: consumer, caseId: caseId, version: version, after: after,
            owner: waits ? nil : owner, attempt: waits ? 0 : 1, readyAt: now + (waits ? 1 : Self.leaseSeconds))
        rows.append(row)
        return row
    }

    /// Removes what was delivered and leases what comes next in the same orders.
    mutating func acknowledge(_ ids: [Int], owner: String, at now: Double) -> [OutboxRow] {
        let gone = rows.filter { ids.contains($0.id) }
        rows.removeAll { ids.contains($0.id) }
        var next: [Int] = []
        for row in gone {
            let first = rows.indices.filter { rows[$0].consumer == row.consumer && rows[$0].caseId == row.caseId }
                .min { rows[$0].version < rows[$1].version }
            if let first, !rows[first].isDead, !next.contains(first) { next.append(first) }
        }
        return lease(next, owner, now)
    }

    /// Takes what nobody holds and nothing earlier precedes.
    mutating func sweep(owner: String, limit: Int, at now: Double) -> [OutboxRow] {
        let due = rows.indices.filter { index in
            let row = rows[index]
            return !row.isDead && row.readyAt <= now
                && !rows.contains {
                    $0.consumer == row.consumer && $0.caseId == row.caseId && $0.version < row.version
                }
        }.sorted { (rows[$0].readyAt, rows[$0].id) < (rows[$1].readyAt, rows[$1].id) }
        return lease(Array(due.prefix(limit)), owner, now)
    }

    private mutating func lease(_ indices: [Int], _ owner: String, _ now: Double) -> [OutboxRow] {
        indices.map { index in
            rows[index].owner = owner
            rows[index].attempt += 1
            rows[index].readyAt = now + Self.leaseSeconds
            return rows[index]
        }
    }

    mutating func postpone(_ row: OutboxRow, owner: String, seconds: Double, at now: Double) {
        guard let index = fenced(row, owner) else { return }
        rows[index].owner = nil
        rows[index].readyAt = now + seconds
    }

    /// - Parameter backoff: seconds, as the database drew them.
    mutating func fail(_ row: OutboxRow, owner: String, isPermanent: Bool, backoff: Double, at now: Double) {
        guard let index = fenced(row, owner) else { return }
        rows[index].owner = nil
        rows[index].tries += 1
        rows[index].isDead = isPermanent || rows[index].tries >= Self.countedTriesMax
        rows[index].readyAt = now + backoff
    }

    private func fenced(_ row: OutboxRow, _ owner: String) -> Int? {
        rows.firstIndex { $0.id == row.id && $0.owner == owner && $0.attempt == row.attempt }
    }
}
