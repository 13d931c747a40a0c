import JSONRPC
import Logging
import Metrics
import Synchronization
import ZeroMQ

/// A service's ZeroMQ door: takes requests from a ROUTER socket, has them answered, sends the answers back. What is taken
/// and what is refused is decided by `Admission`.
final class Door: Sendable {
    private let answerer: Answerer
    private let gatewayToken: String
    private let isServing: @Sendable () -> Bool
    private let limits: Admission.Limits
    private let admission: Mutex<Admission>
    private let router = Mutex<Router?>(nil)
    /// The headers of what it answers: who it is, and for how long to stay away.
    private let card: InstanceCard
    private let replyHeaders: [UInt8]

    init(
        _ answerer: Answerer, gatewayToken: String, card: InstanceCard, isServing: @escaping @Sendable () -> Bool,
        limits: Admission.Limits = Admission.Limits()
    ) {
        self.answerer = answerer
        self.gatewayToken = gatewayToken
        self.card = card
        self.isServing = isServing
        self.limits = limits
        admission = Mutex(Admission(limits: limits))
        replyHeaders = card.frame
    }

    /// - Returns: where the door is, with the port that was taken.
    func open(at endpoint: String, on thread: SocketThread, curve: CurveKeys? = nil) async throws -> String {
        let socket = try await thread.bind(endpoint, curve: curve) { [self] incoming in receive(incoming) }
        router.withLock { $0 = socket }
        return socket.endpoint
    }

    /// Tells those who spoke lately, and from now on whoever comes, to go elsewhere.
    func announceEnd() {
        for peer in admission.withLock({ $0.drain(at: .now) }) {
            send(Envelope(.draining, Correlation(), headers: presentCard(for: peer).frame).frames, to: peer)
        }
    }

    /// Returns when all that was taken before is answered and nobody has come for a moment, or when the task is cancelled.
    func drain() async {
        do {
            while !admission.withLock({ $0.isDone(at: .now) }) {
                try await Task.sleep(for: .milliseconds(50), clock: .continuous)
            }
        } catch {
            // The time for it is over: whoever is not answered asks again.
            return
        }
    }

    var isDraining: Bool { admission.withLock { $0.isDraining } }

    /// On the socket thread: must not wait.
    private func receive(_ incoming: Incoming) {
        let bytes = incoming.frames.reduce(0) { $0 + $1.count }
        switch Arrival(frames: incoming.frames) {
        case .envelope(let envelope):
            receive(envelope, from: incoming.peer, bytes)
        case .bare(let body, let headers, let hasDelimiter):
            receive(body, headers, hasDelimiter, from: incoming.peer, bytes)
        case .unreadable(let hasDelimiter):
            let error = RPCError.invalidRequest(reason: "badFrames", detail: "消息帧不符合约定")
            send([Reply.failure(id: .null, error: error.traced(Headers()))], to: incoming.peer, hasDelimiter)
        }
    }

    private func receive(
        _ body: [UInt8], _ headers: Headers, _ hasDelimiter: Bool, from peer: PeerID, _ bytes: Int
    ) {
        guard body.count <= limits.bodyBytesMax else {
            let error = RPCError.invalidRequest(reason: "bodyTooLarge", detail: "报文超过 8 MiB")
            return send([Reply.failure(id: .null, error: error.traced(headers))], to: peer, hasDelimiter)
        }
        if let budget = headers.budgetMs, !Headers.isBudget(budget) {
            let reply = Reply.failure(id: Self.id(of: body), error: DoorErrors.badBudget.traced(headers))
            return send([reply], to: peer, hasDelimiter)
        }
        guard admit(peer, bytes) == .admitted else {
            let error = WireErrors.overloaded(retryAfterMs: limits.retryAfterMs).traced(headers)
            return send([Reply.failure(id: Self.id(of: body), error: error)], to: peer, hasDelimiter)
        }
        Task {
            let reply = await answerer.answer(body, headers, door: .bare, deadline: Self.deadline(headers))
            if let reply {
                send([reply], to: peer, hasDelimiter)
            } else if hasDelimiter {
                send([[]], to: peer, true)
            }
            release(peer, bytes)
        }
    }

    private func receive(_ envelope: Envelope, from peer: PeerID, _ bytes: Int) {
        switch envelope.kind {
        case .ping:
            admission.withLock { $0.pinged(by: peer, at: .now) }
            let card = presentCard(for: peer)
            let kind: Envelope.Kind = card.draining == true ? .draining : .pong
            send(Envelope(kind, envelope.correlation, headers: card.frame).frames, to: peer)
        case .request:
            let said = Headers(frame: envelope.headers) ?? Headers()
            let headers = said.vouch == gatewayToken ? said : said.unvouched
            switch admit(peer, bytes) {
            case .busy: return refuse(envelope, peer, retryAfterMs: limits.retryAfterMs)
            case .draining:
                return send(
                    Envelope(.draining, envelope.correlation, headers: presentCard(for: peer).frame).frames, to: peer)
            case .admitted: break
            }
            Task {
                let answer = await answerer.attempt(
                    envelope.body, headers, door: .envelope, deadline: Self.deadline(headers))
                if answer.isBusy {
                    // Only this request should go elsewhere: how long one may wait depends on its budget.
                    refuse(envelope, peer, retryAfterMs: 0)
                } else {
                    let body = answer.reply ?? []
                    send(Envelope(.reply, envelope.correlation, headers: replyHeaders, body: body).frames, to: peer)
                }
                release(peer, bytes)
            }
        case .reply, .pong, .busy, .draining:
            Counter(label: "renling_door_strays").increment()
        }
    }

    private func refuse(_ envelope: Envelope, _ peer: PeerID, retryAfterMs: Int) {
        Counter(label: "renling_door_busy").increment()
        var card = card
        card.retryAfterMs = retryAfterMs
        send(Envelope(.busy, envelope.correlation, headers: card.frame).frames, to: peer)
    }

    private func presentCard(for peer: PeerID) -> InstanceCard {
        var card = card
        card.connection = peer.bytes.map { String($0, radix: 16) }.joined(separator: ".")
        card.serving = isServing()
        (card.queued, card.draining) = admission.withLock { ($0.inFlight, $0.isDraining) }
        return card
    }

    private func admit(_ peer: PeerID, _ bytes: Int) -> Admission.Decision {
        admission.withLock { $0.admit(peer, bytes: bytes, at: .now) }
    }

    private func release(_ peer: PeerID, _ bytes: Int) { admission.withLock { $0.release(peer, bytes: bytes) } }

    private func send(_ frames: [[UInt8]], to peer: PeerID, _ hasDelimiter: Bool = false) {
        let isQueued = router.withLock { $0 }?.send(to: peer, frames: hasDelimiter ? [[]] + frames : frames) ?? false
        if !isQueued { Counter(label: "renling_replies_dropped").increment() }
    }

    static func deadline(_ headers: Headers) -> ContinuousClock.Instant {
        let asked = headers.budgetMs ?? Headers.budgetDefaultMs
        let budget = min(max(asked, Headers.budgetRangeMs.lowerBound), Headers.budgetRangeMs.upperBound)
        return .now + .milliseconds(budget)
    }

    private static func id(of body: [UInt8]) -> RequestID {
        guard case .single(.request(let head))? = try? RequestScanner.scan(body) else { return .null }
        return head.id ?? .null
    }
}
