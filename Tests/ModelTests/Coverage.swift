/// What happened in the histories of a run. The timelines are those of the model, which are the system's.
struct Coverage: Sendable {
    private(set) var verbs: [String: Int] = [:]
    /// Status → the statuses that were reached from it.
    private(set) var moves: [Status: Set<Status>] = [:]
    private(set) var refusals: [Int: Int] = [:]
    private(set) var histories = 0

    /// A history's end: what stands in the timeline of each case.
    mutating func count(_ cases: [ModelCase]) {
        for entry in cases.flatMap(\.timeline) {
            verbs[entry.verb, default: 0] += 1
            if let from = entry.from, from != entry.to { moves[from, default: []].insert(entry.to) }
        }
        histories += 1
    }

    mutating func countRefusal(_ code: Int) { refusals[code, default: 0] += 1 }

    mutating func add(_ other: Coverage) {
        verbs.merge(other.verbs, uniquingKeysWith: +)
        moves.merge(other.moves) { $0.union($1) }
        refusals.merge(other.refusals, uniquingKeysWith: +)
        histories += other.histories
    }
}
