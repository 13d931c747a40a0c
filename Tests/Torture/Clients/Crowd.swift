import Glibc
import Domain
import JSONRPC
import Synchronization

/// The callers: some number of tasks that take up one case after the other, send its next request, and put it back. Whoever
/// gets no answer puts the case aside and asks again a little later with the same key, while the callers go on with others.
final class Crowd: Sendable {
    enum Mode: Sendable {
        case idle
        case running
        /// Nothing new is begun; what waits for its answer is asked for.
        case finishing
    }

    /// A request that was answered long ago, to be sent once more.
    struct Replay: Sendable {
        var at: ContinuousClock.Instant
        var pending: Life.Pending
    }

    struct State {
        var mode = Mode.idle
        var ready: [Life] = []
        /// The next to be asked again is the last.
        var aside: [(at: ContinuousClock.Instant, life: Life)] = []
        var replays: [Replay] = []
        var random: Seed
        var born = 0
        /// In a caller's hands.
        var busy = 0
        var complaints: [String] = []
    }

    /// How many cases wait at most: while a service is away they gather before it.
    fileprivate static let livesMax = 2_500
    let history: History
    let plan: RunPlan
    private let state: Mutex<State>
    private let desk: Desk
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(_ plan: RunPlan, _ history: History, _ desk: Desk) {
        self.plan = plan
        self.history = history
        self.desk = desk
        state = Mutex(State(random: plan.seed.branch("crowd")))
    }

    func start() {
        tasks.withLock { tasks in
            tasks = (0..<plan.options.clients).map { number in Task { await work(Caller(desk, number)) } }
        }
    }

    func stop() async {
        for task in tasks.withLock({ $0 }) { task.cancel() }
        for task in tasks.withLock({ $0 }) { await task.value }
    }

    func enter(_ mode: Mode) { state.withLock { $0.mode = mode } }

    /// Requests that still wait for their answers.
    var unanswered: Int {
        state.withLock { state in state.busy + state.aside.count { $0.life.pending != nil } + state.replays.count }
    }

    /// What callers saw that must not be, besides what the history tells.
    var complaints: [String] { state.withLock { $0.complaints } }

    fileprivate enum Turn: Sendable {
        case life(Life)
        case replay(Life.Pending)
    }

    private func work(_ caller: Caller) async {
        while !Task.isCancelled {
            guard let turn = take() else {
                await Wait.briefly(milliseconds: 10)
                continue
            }
            switch turn {
            case .replay(let pending): _ = await send(pending, caller)
            case .life(let life): await move(life, caller)
            }
            state.withLock { $0.busy -= 1 }
        }
        caller.close()
    }

    private func take() -> Turn? {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard state.mode != .idle else { return nil }
            let turn = state.take(now, plan)
            if turn != nil { state.busy += 1 }
            return turn
        }
    }

    private func move(_ life: Life, _ caller: Caller) async {
        var life = life
        let isFirst = life.pending == nil
        let pending = life.pending ?? life.next(run: plan.name, history)
        let answer: Answer
        if isFirst, pending.hasTwin {
            answer = await twins(life, pending, caller)
        } else {
            answer = await send(pending, caller)
        }
        if case .unknown = answer {
            if pending.isNeverAskedAgain { return }
            life.pending?.tries += 1
            return putAside(life)
        }
        let goesOn = life.take(answer)
        if life.pending != nil { return complain(pending, answer) }
        if life.seed.chance(0.02) { remember(pending) }
        if life.seed.chance(0.02) { await look(at: life, caller) }
        if goesOn { state.withLock { [life] in $0.ready.append(life) } }
    }

    /// The same request twice at once, or another one for the same message.
    private func twins(_ life: Life, _ pending: Life.Pending, _ caller: Caller) async -> Answer {
        var other = pending
        if pending.deed.method == "intake.register", life.number.isMultiple(of: 2) {
            let key = "\(plan.name)-\(life.number)-\(life.position)"
            other.operation = history.begin(pending.deed.method, key: key + "-n", effect: pending.deed.effect)
            other.params = Array(String(decoding: pending.params, as: UTF8.self).replacing(key, with: key + "-n").utf8)
        }
        async let second = send(other, caller, alone: false)
        let first = await send(pending, caller)
        _ = await second
        return first
    }

    private func send(_ pending: Life.Pending, _ caller: Caller, alone: Bool = true) async -> Answer {
        let invoked = history.now
        var random = state.withLock { $0.random.branch("door", pending.operation &* 64 &+ pending.tries) }
        let (answer, door) = await caller.call(
            pending.deed.method, pending.params, as: pending.deed.who, alone: alone, &random)
        history.note(pending.operation, invoked: invoked, by: door, answer)
        return answer
    }

    private func putAside(_ life: Life) {
        let tries = life.pending?.tries ?? 1
        state.withLock { state in
            let pause = Duration.milliseconds(state.random.number(20...min(5000, 50 << min(tries, 7))))
            state.putAside(life, until: .now + pause)
        }
    }

    private func remember(_ pending: Life.Pending) {
        state.withLock { state in
            let pause = state.random.seconds(plan.options.isShort ? 2...20 : 5...90)
            state.replays.append(Replay(at: .now + pause, pending: pending))
        }
    }

    /// What was acknowledged is there for whoever reads next.
    private func look(at life: Life, _ caller: Caller) async {
        guard let number = life.caseNumber else { return }
        var random = life.seed
        let (answer, door) = await caller.call(
            "intake.get", Array(#"{"caseNumber":"\#(number)"}"#.utf8), as: .office, alone: true, &random)
        switch answer {
        case .unknown: return
        case .result(let bytes):
            let version = (try? JSONValue(parsing: bytes))?["version"]?.intValue ?? 0
            if version >= life.version { return }
            complain("\(number) was acknowledged in version \(life.version) and read in version \(version) by \(door)")
        case .refused(let code, let reason):
            complain("\(number) was acknowledged and could not be read: \(code) \(reason)")
        }
    }

    private func complain(_ pending: Life.Pending, _ answer: Answer) {
        let shown =
            switch answer {
            case .result(let bytes): "the result \(String(decoding: bytes, as: UTF8.self))"
            case .refused(let code, let reason): "\(code) \(reason)"
            case .unknown(let why): why
            }
        let text = String(decoding: pending.params, as: UTF8.self)
        complain("\(pending.deed.method) \(text) got an answer that it should not: \(shown)")
    }

    private func complain(_ text: String) {
        let at = history.now
        state.withLock { $0.complaints.append("at \(at) ms: \(text)") }
    }
}

extension Crowd.State {
    fileprivate mutating func putAside(_ life: Life, until at: ContinuousClock.Instant) {
        var (low, high) = (0, aside.count)
        while low < high {
            let middle = (low + high) / 2
            if aside[middle].at > at { low = middle + 1 } else { high = middle }
        }
        aside.insert((at, life), at: low)
    }

    fileprivate mutating func take(_ now: ContinuousClock.Instant, _ plan: RunPlan) -> Crowd.Turn? {
        if let index = replays.firstIndex(where: { $0.at <= now || mode == .finishing }) {
            return .replay(replays.remove(at: index).pending)
        }
        if let next = aside.last, next.at <= now { return .life(aside.removeLast().life) }
        guard mode == .running else { return nil }
        let waiting = ready.count + aside.count + busy
        if waiting < Crowd.livesMax, ready.isEmpty || ready.count < plan.options.clients * 2 || random.chance(0.02) {
            born += 1
            return .life(Life(born, run: plan.seed, name: plan.name))
        }
        guard !ready.isEmpty else { return nil }
        ready.swapAt(random.number(0...ready.count - 1), ready.count - 1)
        return .life(ready.removeLast())
    }
}

extension Instant {
    /// The system's clock, which the services go by too.
    static var present: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
