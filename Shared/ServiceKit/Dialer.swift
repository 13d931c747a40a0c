import JSONRPC
import Logging
import Metrics
import ServiceLifecycle
import Synchronization
import ZeroMQ

/// What an instance answered, and which version of the program it runs; `nil` when it has not said.
struct PeerReply: Sendable {
    var body: [UInt8]
    var version: String?
}

/// Calls other services: one DEALER socket per remote instance, requests told apart by correlation id.
///
/// A request goes to one instance at a time. It moves to another when the first cannot be reached, says that it is busy
/// or draining, or falls silent; the key that every mutation carries makes that safe. Nobody waits past the deadline.
final class Dialer: Sendable {
    /// Why no reply came.
    enum Failure: Error, Sendable {
        case deadline
        /// No instance could be reached in time, or every one was busy.
        case unavailable
        case overloaded
    }

    private struct State {
        var peers = Peers()
        var dealers: [String: Dealer] = [:]
        var pending: [Correlation: Pending] = [:]
        var waiting = 0
        var random = SystemRandomNumberGenerator()
    }

    private struct Pending {
        let endpoint: String
        let sentAt: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant
        let resume: @Sendable (Answer) -> Void
    }

    private enum Answer: Sendable {
        case reply([UInt8])
        case refused, busy, draining, silent, late
    }

    static let triesMax = 3
    static let waitingMax = 4096
    private let thread: SocketThread
    private let logger: Logger
    private let state = Mutex(State())

    init(_ thread: SocketThread, logger: Logger) {
        self.thread = thread
        self.logger = logger
    }

    /// Sends a JSON-RPC body to an instance of `service`.
    ///
    /// - Returns: the reply's body; empty for a notification.
    func call(
        _ service: String, _ body: [UInt8], _ headers: Headers, deadline: ContinuousClock.Instant,
        patience: Duration? = nil
    ) async throws(Failure) -> PeerReply {
        guard
            state.withLock({ state in
                guard state.waiting < Self.waitingMax else { return false }
                state.waiting += 1
                return true
            })
        else { throw .overloaded }
        defer { state.withLock { $0.waiting -= 1 } }
        var (tried, sent) = (Set<String>(), 0)
        while sent < Self.triesMax {
            let now = ContinuousClock.now
            guard now < deadline else { throw sent > 0 ? .deadline : .unavailable }
            guard let (endpoint, dealer) = choose(service, avoiding: tried, at: now) else {
                if patience == .zero { throw .unavailable }
                try await pause(until: deadline)
                continue
            }
            var headers = headers
            headers.budgetMs = max(1, Int((deadline - now) / .milliseconds(1)))
            switch await exchange(endpoint, dealer, body, headers.frame, deadline) {
            case .reply(let reply): return PeerReply(body: reply)
            case .late: throw .deadline
            case .silent: sent += 1
            case .refused, .busy, .draining: break
            }
            tried.insert(endpoint)
        }
        throw .unavailable
    }

    /// Whether an instance of a service is known.
    func reaches(_ service: String) -> Bool {
        state.withLock { $0.peers.byEndpoint.values.contains { $0.service == service && $0.isListed } }
    }

    /// No instance is free or reachable: looks again shortly, without a try counted.
    private func pause(until deadline: ContinuousClock.Instant) async throws(Failure) {
        do {
            try await Task.sleep(until: min(deadline, .now + .milliseconds(.random(in: 20...60))), clock: .continuous)
        } catch {
            throw .unavailable
        }
    }

    private func choose(_ service: String, avoiding: Set<String>, at now: ContinuousClock.Instant) -> (String, Dealer)?
    {
        state.withLock { state in
            guard let endpoint = state.peers.choose(service, avoiding: avoiding, at: now, using: &state.random) else {
                return nil
            }
            guard let dealer = state.dealers[endpoint] else {
                state.peers.finished(endpoint, latencyMs: nil, at: now)
                return nil
            }
            return (endpoint, dealer)
        }
    }

    private func exchange(
        _ endpoint: String, _ dealer: Dealer, _ body: [UInt8], _ headers: [UInt8], _ deadline: ContinuousClock.Instant
    ) async -> Answer {
        let correlation = Correlation()
        return await withCheckedContinuation { continuation in
            let pending = Pending(
                endpoint: endpoint, sentAt: .now, deadline: deadline, resume: { continuation.resume(returning: $0) })
            state.withLock { $0.pending[correlation] = pending }
            if !dealer.send(Envelope(.request, correlation, headers: headers, body: body).frames) {
                finish(correlation, .busy)
            }
        }
    }

    /// Ends a pending request, if it is still pending: late replies are counted and dropped.
    private func finish(_ correlation: Correlation, _ answer: Answer) {
        let now = ContinuousClock.now
        let pending = state.withLock { state -> Pending? in
            guard let pending = state.pending.removeValue(forKey: correlation) else { return nil }
            var latency: Double?
            switch answer {
            case .reply: latency = (now - pending.sentAt) / .milliseconds(1)
            case .refused: state.peers.skip(pending.endpoint, until: now + .milliseconds(50))
            case .busy: state.peers.skip(pending.endpoint, until: now + .milliseconds(100))
            case .draining: state.peers.heard(pending.endpoint, isDraining: true, at: now)
            case .silent, .late: break
            }
            state.peers.finished(pending.endpoint, latencyMs: latency, at: now)
            return pending
        }
        guard let pending else { return Counter(label: "renling_replies_late").increment() }
        pending.resume(answer)
    }

    /// Dials what is listed and not dialled, and hangs up on what is gone.
    func update(_ listed: [(service: String, endpoint: String, draining: Bool)]) async {
        let (dial, drop) = state.withLock { $0.peers.update(listed) }
        for endpoint in drop { state.withLock { $0.dealers.removeValue(forKey: endpoint) }?.close() }
        for endpoint in dial { await connect(endpoint) }
    }

    private func connect(_ endpoint: String) async {
        do {
            let dealer = try await thread.connect(
                endpoint,
                refused: { [self] frames in
                    if let envelope = Envelope(frames: frames) { finish(envelope.correlation, .refused) }
                },
                receive: { [self] frames in receive(frames, from: endpoint) })
            state.withLock { $0.dealers[endpoint] = dealer }
        } catch {
            logger.warning("cannot dial", metadata: ["endpoint": "\(endpoint)", "error": "\(error)"])
            state.withLock { $0.peers.skip(endpoint, until: .now + .seconds(1)) }
        }
    }

    private func receive(_ frames: [[UInt8]], from endpoint: String) {
        guard let envelope = Envelope(frames: frames) else { return }
        switch envelope.kind {
        case .reply: finish(envelope.correlation, .reply(envelope.body))
        case .busy: finish(envelope.correlation, .busy)
        case .draining:
            state.withLock { $0.peers.heard(endpoint, isDraining: true, at: .now) }
            finish(envelope.correlation, .draining)
        case .pong: state.withLock { $0.peers.heard(endpoint, isDraining: false, at: .now) }
        case .request, .ping: break
        }
    }

    /// Every 100 ms: requests past their deadline end, every two seconds peers are pinged, and those silent for six
    /// seconds lose their requests to others.
    func tick(_ count: Int) async {
        let now = ContinuousClock.now
        let (late, silent, all) = state.withLock { state in
            let silent = Set(state.peers.silent(at: now))
            for endpoint in silent {
                state.peers.forget(endpoint)
                state.peers.skip(endpoint, until: now + .seconds(1))
            }
            return (
                state.pending.filter { $0.value.deadline <= now }.map(\.key),
                state.pending.filter { silent.contains($0.value.endpoint) }.map(\.key),
                count.isMultiple(of: 20) ? Array(state.dealers.values) : []
            )
        }
        for correlation in late { finish(correlation, .late) }
        for correlation in silent { finish(correlation, .silent) }
        for dealer in all { _ = dealer.send(Envelope(.ping, Correlation()).frames) }
    }
}
