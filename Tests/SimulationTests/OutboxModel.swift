/// A row of the modelled outbox. Times are seconds.
struct OutboxRow: Equatable {
    var id: Int
    var consumer: String
    var caseId: Int
    var version: Int
    /// The version of the event before it for that consumer and case; 0 for the first.
    var after: Int
    var owner: String?
    var attempt: Int
    var tries = 0
    var readyAt: Double
    var isDead = false
}

/// The rules of `ledger.outbox` as a value: what the SQL of `Outbox` does, without PostgreSQL. The conformance test holds
/// the two together. What the database draws by chance is handed in.
struct OutboxModel {
    static let leaseSeconds = 15.0
    static let countedTriesMax = 25
    static let postponedSecondsMax = 1.5

    var rows: [OutboxRow] = []
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

    /// Removes what was delivered, whoever says so, and leases what comes next in the same orders.
    mutating func acknowledge(_ ids: [Int], owner: String, at now: Double) -> [OutboxRow] {
        let gone = rows.filter { ids.contains($0.id) }
        rows.removeAll { ids.contains($0.id) }
        let next = rows.filter { row in
            gone.contains { $0.consumer == row.consumer && $0.caseId == row.caseId } && isFirst(row) && !row.isDead
        }
        return lease(next.map(\.id), owner: owner, at: now)
    }

    private func isFirst(_ row: OutboxRow) -> Bool {
        !rows.contains { $0.consumer == row.consumer && $0.caseId == row.caseId && $0.version < row.version }
    }

    /// What a sweep may take: what nobody holds and nothing earlier precedes, the longest due first.
    func due(_ consumer: String, at now: Double) -> [Int] {
        rows.filter { $0.consumer == consumer && !$0.isDead && $0.readyAt <= now && isFirst($0) }
            .sorted { ($0.readyAt, $0.id) < ($1.readyAt, $1.id) }.map(\.id)
    }

    mutating func lease(_ ids: [Int], owner: String, at now: Double) -> [OutboxRow] {
        ids.compactMap { id in
            guard let index = rows.firstIndex(where: { $0.id == id }) else { return nil }
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

    mutating func hasten(_ consumer: String, at now: Double) {
        for index in rows.indices {
            let row = rows[index]
            guard row.consumer == consumer, !row.isDead, row.owner == nil, row.readyAt > now,
                row.readyAt <= now + Self.postponedSecondsMax
            else { continue }
            rows[index].readyAt = now
        }
    }

    /// - Returns: whether it is dead now.
    mutating func fail(_ row: OutboxRow, owner: String, isPermanent: Bool, backoff: Double, at now: Double) -> Bool {
        guard let index = fenced(row, owner) else { return false }
        rows[index].owner = nil
        rows[index].tries += 1
        rows[index].isDead = isPermanent || rows[index].tries >= Self.countedTriesMax
        rows[index].readyAt = now + backoff
        return rows[index].isDead
    }

    /// Of a lease, only its present holder may say anything.
    private func fenced(_ row: OutboxRow, _ owner: String) -> Int? {
        rows.firstIndex { $0.id == row.id && $0.owner == owner && $0.attempt == row.attempt }
    }
}

/// The rules of `ledger.inbox` and its positions.
struct InboxModel {
    enum Arrival: Equatable { case next, known, early }

    private var positions: [String: Int] = [:]

    /// - Returns: `next` when it is to be applied now; it then counts as applied.
    mutating func arrive(_ consumer: String, caseId: Int, version: Int, after: Int) -> Arrival {
        let last = positions["\(consumer) \(caseId)"] ?? 0
        if version <= last { return .known }
        guard after == last else { return .early }
        positions["\(consumer) \(caseId)"] = version
        return .next
    }
}
