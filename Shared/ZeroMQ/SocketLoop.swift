import CZeroMQ
import Glibc

/// What the socket thread does: wait for sockets and commands, read, obey, until told to shut down.
///
/// Not Sendable: it is made and used on that thread, and so is every socket in it.
final class SocketLoop {
    /// One socket of ours. The polled list stays as it is during a round; only commands change it, and they come last.
    private final class Slot {
        let opening: Opening
        var socket: Socket
        /// When it last sent or received, or was dialled.
        var aliveAtMs: Int

        init(opening: Opening, socket: Socket, aliveAtMs: Int) {
            self.opening = opening
            self.socket = socket
            self.aliveAtMs = aliveAtMs
        }
    }

    /// Messages read from one socket before the others have their turn.
    private static let messagesPerRound = 256

    private let context: UnsafeMutableRawPointer
    private let queue: CommandQueue
    private let allowed: AllowList
    private let part = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)

    private var slots: [SocketID: Slot] = [:]
    private var zap: Socket?
    private var polled: [Slot] = []
    /// The eventfd, the sockets of `polled` in their order, the ZAP socket if there is one; empty when out of date.
    private var items: [zmq_pollitem_t] = []
    private var commands: [Command] = []
    private var nowMs = 0

    init(context: UnsafeMutableRawPointer, queue: CommandQueue, allowed: AllowList) {
        self.context = context
        self.queue = queue
        self.allowed = allowed
        zmq_msg_init(part)
    }

    deinit {
        zmq_msg_close(part)
        part.deallocate()
    }

    /// Returns when all sockets are closed and the context is gone.
    func run() {
        var lingerMs: Int32?
        while lingerMs == nil {
            wait()
            readSockets()
            lingerMs = obeyCommands()
        }
        close(lingerMs: lingerMs ?? 0)
    }

    // MARK: a round

    private func wait() {
        if items.isEmpty { listItems() }
        while zmq_poll(&items, Int32(items.count), -1) < 0 {
            precondition(zmq_errno() == EINTR, "zmq_poll: only an interruption is possible on our own sockets")
        }
        nowMs = Self.monotonicMs()
        if items[0].revents != 0 { queue.clearWakeup() }
    }

    private func listItems() {
        polled = Array(slots.values)
        let readable = Int16(ZMQ_POLLIN)
        items = [zmq_pollitem_t(socket: nil, fd: queue.wakeup, events: readable, revents: 0)]
        for socket in polled.map(\.socket) + (zap.map { [$0] } ?? []) {
            items.append(zmq_pollitem_t(socket: socket.raw, fd: 0, events: readable, revents: 0))
        }
    }

    private func readSockets() {
        for (index, slot) in polled.enumerated() where items[index + 1].revents != 0 { drain(slot) }
        if let zap, items[items.count - 1].revents != 0 { answer(zap) }
    }

    private func drain(_ slot: Slot) {
        let opening = slot.opening
        slot.aliveAtMs = nowMs
        for _ in 0..<Self.messagesPerRound {
            let reading = slot.socket.read(
                through: part, isRouted: opening.isRouter, framesMax: opening.options.framesMax,
                bytesMax: opening.options.messageBytesMax)
            switch reading {
            case .nothing: return
            case .overlong: opening.counters.countOverlong()
            case .message(let frames, let userId): opening.deliver(frames: frames, publicKey: userId)
            }
        }
    }

    /// A REP socket owes an answer to each request, malformed ones included.
    private func answer(_ zap: Socket) {
        for _ in 0..<Self.messagesPerRound {
            switch zap.read(through: part, isRouted: false, framesMax: 16, bytesMax: 4096) {
            case .nothing: return
            case .overlong: _ = zap.send(ZapHandler.answer([], admitting: allowed))
            // A client that left in the meantime needs no answer.
            case .message(let request, _): _ = zap.send(ZapHandler.answer(request, admitting: allowed))
            }
        }
    }

    // MARK: commands

    /// - Returns: How long to linger when told to shut down, else `nil`.
    private func obeyCommands() -> Int32? {
        queue.take(into: &commands)
        guard !commands.isEmpty else { return nil }
        var lingerMs: Int32?
        var messages = 0
        var bytes = 0
        for command in commands {
            switch command {
            case .open(let opening): open(opening)
            case .route(let router, let peer, let frames):
                messages += 1
                bytes += frames.byteCount
                route(frames, to: peer, by: router)
            case .deal(let dealer, let frames):
                messages += 1
                bytes += frames.byteCount
                deal(frames, by: dealer)
            case .close(let id):
                slots.removeValue(forKey: id)?.socket.close()
                items = []
            case .fence(let reached): reached()
            case .shutdown(let ms): lingerMs = ms
            }
        }
        commands.removeAll(keepingCapacity: commands.count <= Self.capacityKept)
        queue.release(messages: messages, bytes: bytes)
        return lingerMs
    }

    /// A burst's list is not kept for ever.
    private static let capacityKept = 4096

    private func open(_ opening: Opening) {
        do throws(ZeroMQError) {
            if opening.isCurveServer && zap == nil {
                let handler = try Socket(ZMQ_REP, in: context)
                try handler.set(ZMQ_LINGER, 0)
                _ = try handler.bind(ZapHandler.endpoint)
                zap = handler
            }
            let (socket, endpoint) = try opening.open(in: context)
            slots[opening.id] = Slot(opening: opening, socket: socket, aliveAtMs: nowMs)
            opening.opened(.success(endpoint))
        } catch {
            opening.opened(.failure(error))
        }
        items = []
    }

    private func route(_ frames: [[UInt8]], to peer: PeerID, by router: Router) {
        router.counters.count(slots[router.id]?.socket.send([peer.bytes] + frames) ?? .unreachable)
    }

    private func deal(_ frames: [[UInt8]], by dealer: Dealer) {
        let slot = slots[dealer.id]
        let outcome = slot?.socket.send(frames) ?? .full
        dealer.counters.count(outcome)
        if outcome == .sent {
            slot?.aliveAtMs = nowMs
        } else {
            dealer.refused(frames)
            if let slot, nowMs - slot.aliveAtMs >= Int(slot.opening.options.reconnectMaxMs) { redial(slot) }
        }
    }

    /// Replaces a DEALER that libzmq may have given up: after a protocol error it never dials again.
    private func redial(_ slot: Slot) {
        slot.aliveAtMs = nowMs
        // Out of descriptors: the old one stays, the next refusal after the same time tries again.
        guard let (socket, _) = try? slot.opening.open(in: context) else { return }
        slot.socket.close()
        slot.socket = socket
        items = []
    }

    private func close(lingerMs: Int32) {
        for slot in slots.values {
            // Fails only for a wrong value; the socket then closes without lingering, as it was made.
            _ = try? slot.socket.set(ZMQ_LINGER, lingerMs)
            slot.socket.close()
        }
        zap?.close()
        while zmq_ctx_term(context) != 0 && zmq_errno() == EINTR {}
        slots = [:]
        polled = []
    }

    private static func monotonicMs() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}
