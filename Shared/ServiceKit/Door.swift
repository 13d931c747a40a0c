import JSONRPC
import Logging
import Metrics
import Synchronization
import ZeroMQ

/// A service's ZeroMQ door: takes requests from a ROUTER socket, admits what it can work on, answers each.
///
/// Nothing waits without a limit and nothing is dropped silently: what exceeds the limits is answered busy at once.
final class Door: Sendable {
    struct Limits: Sendable {
        var inFlightPerPeerMax = 1024
        var waitingMax = 4096
        var waitingBytesMax = 64 << 20
        var bodyBytesMax = 8 << 20
        var retryAfterMs = 200
    }

    private struct Load {
        var perPeer: [PeerID: Int] = [:]
        var requests = 0
        var bytes = 0
        var isDraining = false
        var whenIdle: [CheckedContinuation<Void, Never>] = []
    }

    private let answerer: Answerer
    private let limits: Limits
    private let gatewayToken: String
    private let load = Mutex(Load())
    private let router = Mutex<Router?>(nil)

    init(_ answerer: Answerer, gatewayToken: String, limits: Limits = Limits()) {
        self.answerer = answerer
        self.gatewayToken = gatewayToken
        self.limits = limits
    }

    /// - Returns: where the door is, with the port that was taken.
    func open(at endpoint: String, on thread: SocketThread) async throws -> String {
        let socket = try await thread.bind(endpoint) { [self] incoming in receive(incoming) }
        router.withLock { $0 = socket }
        return socket.endpoint
    }

    /// From now on new requests are told to go elsewhere; returns when those in flight are answered.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isIdle = load.withLock { load in
                load.isDraining = true
                if load.requests > 0 { load.whenIdle.append(continuation) }
                return load.requests == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    var inFlight: Int { load.withLock { $0.requests } }

    /// On the socket thread: must not wait.
    private func receive(_ incoming: Incoming) {
        let bytes = incoming.frames.reduce(0) { $0 + $1.count }
        switch Arrival(frames: incoming.frames) {
        case .envelope(let envelope):
            receive(envelope, from: incoming.peer, bytes)
        case .bare(let body, let headers, let hasDelimiter):
            let peer = incoming.peer
            guard body.count <= limits.bodyBytesMax else {
                let error = RPCError.invalidRequest(reason: "bodyTooLarge", detail: "报文超过 8 MiB")
                return send([Reply.failure(id: .null, error: error.traced(Headers()))], to: peer, hasDelimiter)
            }
            if let budget = headers.budgetMs, !Headers.isBudget(budget) {
                return send(
                    [Reply.failure(id: Self.id(of: body), error: DoorErrors.badBudget.traced(headers))], to: peer,
                    hasDelimiter)
            }
            guard admit(peer, bytes) == .admitted else {
                let reply = Reply.failure(
                    id: Self.id(of: body),
                    error: WireErrors.overloaded(retryAfterMs: limits.retryAfterMs).traced(headers))
                return send([reply], to: peer, hasDelimiter)
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
        case .unreadable(let hasDelimiter):
            let error = RPCError.invalidRequest(reason: "badFrames", detail: "消息帧不符合约定")
            send([Reply.failure(id: .null, error: error.traced(Headers()))], to: incoming.peer, hasDelimiter)
        }
    }

    private func receive(_ envelope: Envelope, from peer: PeerID, _ bytes: Int) {
        switch envelope.kind {
        case .ping:
            let kind: Envelope.Kind = load.withLock { $0.isDraining } ? .draining : .pong
            send(Envelope(kind, envelope.correlation).frames, to: peer)
        case .request:
            let said = Headers(frame: envelope.headers) ?? Headers()
            let headers = said.vouch == gatewayToken ? said : said.unvouched
            switch admit(peer, bytes) {
            case .busy: return send(Envelope(.busy, envelope.correlation).frames, to: peer)
            case .draining: return send(Envelope(.draining, envelope.correlation).frames, to: peer)
            case .admitted: break
            }
            Task {
                let reply = await answerer.answer(
                    envelope.body, headers, door: .envelope, deadline: Self.deadline(headers))
                send(Envelope(.reply, envelope.correlation, body: reply ?? []).frames, to: peer)
                release(peer, bytes)
            }
        case .reply, .pong, .busy, .draining:
            Counter(label: "renling_door_strays").increment()
        }
    }

    private enum Admission { case admitted, busy, draining }

    private func admit(_ peer: PeerID, _ bytes: Int) -> Admission {
        load.withLock { load in
            if load.isDraining { return .draining }
            guard load.perPeer[peer, default: 0] < limits.inFlightPerPeerMax, load.requests < limits.waitingMax,
                load.bytes + bytes <= limits.waitingBytesMax
            else { return .busy }
            load.perPeer[peer, default: 0] += 1
            load.requests += 1
            load.bytes += bytes
            return .admitted
        }
    }

    private func release(_ peer: PeerID, _ bytes: Int) {
        let idle = load.withLock { load in
            let left = load.perPeer[peer, default: 1] - 1
            load.perPeer[peer] = left > 0 ? left : nil
            load.requests -= 1
            load.bytes -= bytes
            guard load.requests == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { load.whenIdle = [] }
            return load.whenIdle
        }
        for continuation in idle { continuation.resume() }
    }

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
