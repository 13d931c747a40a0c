/// What one service keeps: stands for PostgreSQL. Each function is one transaction.
struct Store {
    /// How often each key had its effect; the key is written with it.
    private(set) var effects: [Int: Int] = [:]
    private var versions: [Int: Int] = [:]
    var outbox = OutboxModel()
    /// The events applied, in their order, per case.
    private(set) var applied: [Int: [Int]] = [:]
    private var positions: [Int: Int] = [:]
    private static let cases = 3
    /// `false` forgets keys and positions: the simulation must find what then happens twice.
    var keepsKeys = true

    /// A mutation: its effect, its key, and an event for another service, or the key's stored answer.
    ///
    /// - Returns: the event, when it is leased to `owner`.
    mutating func mutate(_ key: Int, announcesTo consumer: String?, owner: String, at now: Double) -> OutboxRow? {
        if keepsKeys, effects[key] != nil { return nil }
        effects[key, default: 0] += 1
        guard let consumer else { return nil }
        let caseId = key % Self.cases
        let before = versions[caseId] ?? 0
        versions[caseId] = before + 1
        let row = outbox.insert(
            consumer, caseId: caseId, version: before + 1, after: before, owner: owner, at: now)
        return row.owner == nil ? nil : row
    }

    /// An event: applied when it is next in its order, known when it was applied before.
    mutating func receive(_ row: OutboxRow) -> Answer {
        let last = positions[row.caseId] ?? 0
        if keepsKeys, row.version <= last { return .done }
        guard row.after == last || !keepsKeys else { return .outOfOrder }
        positions[row.caseId] = row.version
        applied[row.caseId, default: []].append(row.version)
        return .done
    }

    /// What was announced and what was applied must be the same, in order.
    static func difference(between sender: Store, and receiver: Store) -> String? {
        for (caseId, last) in sender.versions.sorted(by: { $0.key < $1.key }) {
            let applied = receiver.applied[caseId] ?? []
            if applied != Array(1...last) { return "case \(caseId): announced 1…\(last), applied \(applied)" }
        }
        return nil
    }
}
