import Synchronization

/// What the network does at the moment: spells, each over some of the links.
final class Weather: Sendable {
    /// The two ends of a connection: who called, as `handling.1` or `client`, and what is behind the proxy, as
    /// `supervision.2`, `gateway.1` or `postgres`.
    struct Ends: Sendable {
        var caller: String
        var target: String

        /// Whether `what` is the end itself or its service.
        static func matches(_ what: String?, _ end: String) -> Bool {
            guard let what else { return true }
            return end == what || end.hasPrefix(what + ".")
        }
    }

    enum Effect: Sendable {
        /// Everything arrives so much later, in order.
        case delay(milliseconds: Int)
        /// Nothing passes, and nobody is told; it goes on when the spell is over.
        case partition
        /// A connection on which COMMIT goes by is cut, in so many of a hundred cases: half of them before the server
        /// sees it, half before the caller sees the answer.
        case cutAtCommit(percent: Int)
    }

    struct Spell: Sendable {
        var effect: Effect
        /// An instance or a service; `nil` for any.
        var caller: String?
        var target: String?

        func covers(_ ends: Ends) -> Bool {
            Ends.matches(caller, ends.caller) && Ends.matches(target, ends.target)
        }
    }

    private let spells = Mutex<[Int: Spell]>([:])
    private let count = Atomic(0)
    /// Connections cut at COMMIT so far: before the server saw it, and after.
    let cutBefore = Atomic(0)
    let cutAfter = Atomic(0)

    func begin(_ spell: Spell) -> Int {
        let id = count.add(1, ordering: .relaxed).newValue
        spells.withLock { $0[id] = spell }
        return id
    }

    func end(_ id: Int) { _ = spells.withLock { $0.removeValue(forKey: id) } }

    func effects(on ends: Ends) -> [Effect] {
        spells.withLock { spells in spells.isEmpty ? [] : spells.values.filter { $0.covers(ends) }.map(\.effect) }
    }
}
