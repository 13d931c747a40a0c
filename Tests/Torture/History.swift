import Synchronization

/// One mutation as its caller sees it: invoked some times under one key, and then known to be done, refused, or neither.
package struct Operation: Sendable {
    package enum Outcome: String, Sendable {
        case ok, fail, unknown
    }

    /// What it leaves when it is done.
    package enum Effect: Sendable, Equatable {
        /// One entry in a timeline.
        case once
        /// A registration: of all with the same channel and external id one makes a case.
        case natural(String)
        /// It asks for what must be refused.
        case refusal(code: Int)
    }

    package struct Attempt: Sendable {
        /// Milliseconds since the run began.
        package var invoked: Int
        package var ended: Int
        package var outcome: Outcome
        /// The door, and what it said.
        package var note: String

        package init(invoked: Int, ended: Int, outcome: Outcome, note: String) {
            self.invoked = invoked
            self.ended = ended
            self.outcome = outcome
            self.note = note
        }
    }

    package let id: Int
    package let method: String
    /// Unique. Also what marks the effect: it is the name of the person who acts.
    package let key: String
    package let effect: Effect
    package var attempts: [Attempt] = []
    /// The first result that was given.
    package var answer: [UInt8]?
    /// Another result than the first, given for the same key.
    package var altered: [UInt8]?
    package var refusal: Int?

    package init(id: Int, method: String, key: String, effect: Effect = .once) {
        self.id = id
        self.method = method
        self.key = key
        self.effect = effect
    }

    package var outcome: Outcome {
        if answer != nil { return .ok }
        if attempts.contains(where: { $0.outcome == .unknown }) || refusal == nil { return .unknown }
        return .fail
    }
}

/// Everything that the callers did and were told.
final class History: Sendable {
    private struct State {
        var operations: [Operation] = []
        var sends = 0
        var answered = 0
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now

    /// Milliseconds since the run began.
    var now: Int { Int((ContinuousClock.now - began) / .milliseconds(1)) }

    func begin(_ method: String, key: String, effect: Operation.Effect) -> Int {
        state.withLock { state in
            let id = state.operations.count
            state.operations.append(Operation(id: id, method: method, key: key, effect: effect))
            return id
        }
    }

    func note(_ id: Int, invoked: Int, by door: String, _ answer: Answer) {
        let now = now
        state.withLock { state in
            state.sends += 1
            var attempt = Operation.Attempt(invoked: invoked, ended: now, outcome: .unknown, note: door)
            switch answer {
            case .result(let bytes):
                attempt.outcome = .ok
                if let first = state.operations[id].answer {
                    if first != bytes { state.operations[id].altered = bytes }
                } else {
                    state.operations[id].answer = bytes
                    state.answered += 1
                }
            case .refused(let code, let reason):
                attempt.outcome = .fail
                attempt.note += " \(code) \(reason)"
                state.operations[id].refusal = code
            case .unknown(let why): attempt.note += " \(why)"
            }
            state.operations[id].attempts.append(attempt)
        }
    }

    var operations: [Operation] { state.withLock { $0.operations } }
    /// Requests: each has a key of its own, however often it is sent.
    var count: Int { state.withLock { $0.operations.count } }
    var sends: Int { state.withLock { $0.sends } }
    var answered: Int { state.withLock { $0.answered } }

    /// How many operations of a method were answered with a result between these two moments.
    func answered(_ method: String, from: Int, to: Int) -> Int {
        state.withLock { state in
            state.operations.count { operation in
                operation.method == method
                    && operation.attempts.contains { $0.outcome == .ok && (from...to).contains($0.ended) }
            }
        }
    }
}
