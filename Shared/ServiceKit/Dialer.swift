import Logging
import Metrics
import Synchronization
import ZeroMQ

/// What an instance answered to a call.
struct PeerReply: Sendable {
    /// Empty for a notification.
    var body: [UInt8]
    /// Of the instance that answered; `nil` for one too old to say.
    var version: String?
}

/// Calls other services: one DEALER socket per remote instance, requests told apart by the number of their try. What goes
/// where and when is decided by `Calls`; this is its way to the sockets and to whoever waits.
final class Dialer: Sendable {
    typealias Failure = Calls.Failure

    fileprivate struct Work: Sendable {
        let body: [UInt8]
        let headers: Headers
        let caller: CheckedContinuation<Result<PeerReply, Failure>, Never>
    }

    fileprivate struct State {
        var calls: Calls
        var isClosed = false
        var lastCall = 0
        var work: [Calls.ID: Work] = [:]
        var dealers: [Peers.Key: Dealer] = [:]
        /// The headers of each one's last reply, taken apart: they hardly ever change.
        var cards: [Peers.Key: (frame: [UInt8], card: InstanceCard)] = [:]
    }

    /// What is done outside the lock.
    fileprivate enum Effect {
        case send(Work, Calls.Number, Dealer?, budgetMs: Int)
        case ping(Calls.Number, Dealer)
        case resume(Work, Result<PeerReply, Failure>)
        case appeared(String)
        case late
    }

    private static let tickMs = 50
    private static let bodyBytesMax = 8 << 20
    private let thread: SocketThread
    private let curve: CurveRing?
    private let logger: Logger
    /// Tells this caller's requests from those of others in the logs of a receiver; the try's number follows.
    private let origin = UInt64.random(in: 0 ... .max)
    private let state: Mutex<State>
    private let appeared = Mutex<(@Sendable (String) -> Void)?>(nil)

    init(_ thread: SocketThread, curve: CurveRing? = nil, logger: Logger, limits: Calls.Limits = Calls.Limits()) {
        self.thread = thread
        self.curve = curve
        self.logger = logger
        state = Mutex(State(calls: Calls(seed: .random(in: 0 ... .max), limits: limits)))
    }

    /// Has `body` called with a service's name whenever an instance of it can be sent requests that could not before. On
    /// the socket thread: it must not wait.
    func onAppear(_ body: @escaping @Sendable (String) -> Void) { appeared.withLock { $0 = body } }

    /// Sends a JSON-RPC body to an instance of `service`.
    ///
    /// - Parameter patience: how long it may wait for an instance that can take it; up to the deadline without one.
    func call(
        _ service: String, _ body: [UInt8], _ headers: Headers, deadline: ContinuousClock.Instant,
        patience: Duration? = nil
    ) async throws(Failure) -> PeerReply {
        guard body.count <= Self.bodyBytesMax else { throw .unavailable }
        let result: Result<PeerReply, Failure> = await withCheckedContinuation { caller in
            let now = ContinuousClock.now
            let patientUntil = patience.map { Moment(now + $0) }
            change { state in
                state.lastCall += 1
                state.work[state.lastCall] = Work(body: body, headers: headers, caller: caller)
                guard !state.isClosed else { return [.failed(state.lastCall, .unavailable)] }
                return state.calls.start(
                    state.lastCall, service, bytes: body.count, deadline: Moment(deadline),
                    patientUntil: patientUntil, at: Moment(now))
            }
        }
        return try result.get()
    }

    /// Dials what is listed and not dialled, and hangs up on what is gone.
    func update(_ listed: [Peers.Listing]) async {
        let (dial, gone) = state.withLock { state in
            let (dial, drop) = state.calls.update(listed, at: .now)
            return (
                dial,
                drop.compactMap { key in
                    state.cards[key] = nil
                    return state.dealers.removeValue(forKey: key)
                }
            )
        }
        for dealer in gone { dealer.close() }
        for (key, endpoint) in dial { await connect(key, endpoint) }
    }

    private func connect(_ key: Peers.Key, _ endpoint: String) async {
        do {
            let service = state.withLock { $0.calls.peers.byKey[key]?.service ?? "" }
            let dealer = try await thread.connect(
                endpoint, curve: try curve?.client(of: service),
                refused: { [weak self] frames in self?.refused(frames, by: key) },
                receive: { [weak self] frames in self?.receive(frames, from: key) })
            state.withLock { $0.dealers[key] = dealer }
        } catch {
            logger.warning("cannot dial", metadata: ["endpoint": "\(endpoint)", "error": "\(error)"])
            state.withLock { $0.calls.forget(key) }
        }
    }

    func tick() { change { $0.calls.tick(at: .now) } }

    /// Ticks until the task is cancelled.
    func keepTime() async {
        while !Task.isCancelled {
            tick()
            // Cut short only by the end, which the loop sees.
            try? await Task.sleep(for: .milliseconds(Self.tickMs), clock: .continuous)
        }
    }

    /// Whoever still waits is told so; nothing is called any more.
    func close() {
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.work = [:] }
            return Array(state.work.values)
        }
        for work in left { work.caller.resume(returning: .failure(.unavailable)) }
    }

    /// Whether an instance of `service` can be sent requests.
    func reaches(_ service: String) -> Bool { state.withLock { $0.calls.peers.reaches(service) } }

    /// Whether somebody was heard there and is not silent since.
    func isLive(_ endpoint: String) -> Bool { state.withLock { $0.calls.peers.isLive(endpoint) } }

    /// Requests that wait for an instance.
    var waiting: Int { state.withLock { $0.calls.waiting } }

    private func refused(_ frames: [[UInt8]], by key: Peers.Key) {
        guard let envelope = Envelope(frames: frames) else { return }
        change { $0.calls.refused(envelope.correlation.low, by: key, at: .now) }
    }

    private func receive(_ frames: [[UInt8]], from key: Peers.Key) {
        guard let envelope = Envelope(frames: frames) else { return stray() }
        let kind: Calls.Kind
        switch envelope.kind {
        case .reply: kind = .reply
        case .busy: kind = .busy
        case .draining: kind = .draining
        case .pong: kind = .pong
        case .request, .ping: return stray()
        }
        // Only an announcement answers nothing of ours.
        guard envelope.correlation.high == origin || kind == .draining else { return stray() }
        let number = envelope.correlation.high == origin ? envelope.correlation.low : 0
        change(replyBody: envelope.body) { state in
            state.calls.heard(kind, number, state.card(envelope.headers, from: key), from: key, at: .now)
        }
    }

    private func stray() { Counter(label: "renling_dealer_strays").increment() }

    /// Has the state machine decide, under the lock, and does what it says, outside.
    private func change(replyBody: [UInt8] = [], _ decide: (inout State) -> [Calls.Action]) {
        let effects = state.withLock { state in decide(&state).compactMap { state.effect($0, replyBody) } }
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .send(let work, let number, let dealer, let budgetMs):
            var headers = work.headers
            headers.budgetMs = budgetMs
            let correlation = Correlation(high: origin, low: number)
            let frames = Envelope(.request, correlation, headers: headers.frame, body: work.body).frames
            if dealer?.send(frames) != true { change { $0.calls.notQueued(number, at: .now) } }
        case .ping(let number, let dealer):
            // One that finds the way to the sockets full is followed by another.
            _ = dealer.send(Envelope(.ping, Correlation(high: origin, low: number)).frames)
        case .resume(let work, let result): work.caller.resume(returning: result)
        case .appeared(let service): appeared.withLock { $0 }?(service)
        case .late: Counter(label: "renling_replies_late").increment()
        }
    }
}

extension Dialer.State {
    fileprivate mutating func effect(_ action: Calls.Action, _ replyBody: [UInt8]) -> Dialer.Effect? {
        switch action {
        case .send(let id, let number, let key, let budgetMs):
            return work[id].map { .send($0, number, dealers[key], budgetMs: budgetMs) }
        case .ping(let number, let key): return dealers[key].map { .ping(number, $0) }
        case .answered(let id, let version):
            return work.removeValue(forKey: id).map {
                .resume($0, .success(PeerReply(body: replyBody, version: version)))
            }
        case .failed(let id, let failure): return work.removeValue(forKey: id).map { .resume($0, .failure(failure)) }
        case .appeared(let service): return .appeared(service)
        case .late: return .late
        }
    }

    fileprivate mutating func card(_ frame: [UInt8], from key: Peers.Key) -> InstanceCard {
        if let known = cards[key], known.frame == frame { return known.card }
        let card = InstanceCard(frame: frame)
        cards[key] = (frame, card)
        return card
    }
}
