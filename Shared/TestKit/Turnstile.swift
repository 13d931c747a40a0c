import Synchronization

/// Lets so many in at once; the others wait their turn.
final class Turnstile: Sendable {
    private struct State {
        var free: Int
        /// The first in line is the last element.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state: Mutex<State>

    init(places: Int) { state = Mutex(State(free: places)) }

    func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.insert(continuation, at: 0)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let next = state.waiting.popLast() else {
                state.free += 1
                return nil
            }
            return next
        }
        next?.resume()
    }
}
