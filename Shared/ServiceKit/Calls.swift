/// The caller's side of the transport as a value: which call goes to which instance, when it goes to another, and when it
/// ends. It has no sockets, threads, clock or chance of its own; each function is told what happened and returns what is
/// to be done, in that order. `Dialer` does it, and the simulation does it in virtual time.
///
/// A call is *waiting* in its service's queue or *in hand* at one instance, as one *try* with a number of its own. It ends
/// exactly once: answered, or failed at its deadline at the latest.
///
/// - A try that never left, or that met an instance that is about to go, had no effect and is not counted.
/// - A try that was answered busy, or whose instance fell silent or is gone, is counted: at most three, and each further
///   one is paid for from the retry budget. Its key makes sending it again safe.
struct Calls: Sendable {
    typealias ID = Int
    typealias Number = UInt64

    private struct Call: Sendable {
        let service: String
        let bytes: Int
        let deadline: Moment
        /// Until then it may wait for an instance.
        let patientUntil: Moment
        /// Its present try; `nil` while it waits.
        var number: Number?
        var tries = 0
        var tried: [Peers.Key] = []
        /// A try of it was lost sight of, so that it may have had its effect.
        var isUncertain = false
        var wasBusy = false
    }

    private struct Try: Sendable {
        let call: ID
        let peer: Peers.Key
        let sentAt: Moment
    }

    /// Why a try ended without a reply.
    private enum Setback { case neverLeft, draining, busy, lost }

    private static let skipMsDefault = 100
    private static let skipMsMax = 1000
    /// Longer between two ticks, and the caller itself stood still.
    private static let tickMsMax = 1000

    let limits: Limits
    private(set) var peers: Peers
    private(set) var retries: RetryBudget
    private var open: [ID: Call] = [:]
    private var tries: [Number: Try] = [:]
    private var queues: [String: CallQueue] = [:]
    private var wheel = DeadlineWheel()
    private var lastNumber: Number = 0
    private var dice: Dice
    private var tickedAt: Moment?
    private var resumedAt = Moment(microseconds: .min / 2)
    private var actions: [Action] = []

    init(seed: UInt64, limits: Limits = Limits()) {
        self.limits = limits
        peers = Peers(windowMax: limits.windowMax)
        retries = RetryBudget(max: limits.retriesMax)
        dice = Dice(seed: seed)
    }

    /// Takes a call on.
    ///
    /// - Parameters:
    ///   - id: not used before.
    ///   - patientUntil: when it fails if no instance can take it; the deadline otherwise.
    mutating func start(
        _ id: ID, _ service: String, bytes: Int, deadline: Moment, patientUntil: Moment? = nil, at now: Moment
    ) -> [Action] {
        guard now < deadline else { return [.failed(id, .unavailable)] }
        retries.earn()
        let call = Call(
            service: service, bytes: bytes, deadline: deadline, patientUntil: min(patientUntil ?? deadline, deadline))
        serveQueue(service, at: now)
        let ahead = waiting(for: service)
        if ahead.count == 0, send(id, call, at: now) {
            wheel.add(id, at: deadline, now: now)
        } else if call.patientUntil <= now {
            actions.append(.failed(id, .unavailable))
        } else if ahead.count >= limits.waitingMax || ahead.bytes + bytes > limits.waitingBytesMax {
            actions.append(.failed(id, .overloaded))
        } else {
            open[id] = call
            queues[service, default: CallQueue()].append(id, bytes: bytes, isAgain: false)
            wheel.add(id, at: call.patientUntil, now: now)
        }
        return flush()
    }

    /// A message came from `peer`, with the number of what it answers.
    mutating func heard(
        _ kind: Kind, _ number: Number, _ card: InstanceCard, from peer: Peers.Key, at now: Moment
    ) -> [Action] {
        let change = peers.heard(peer, card, isDraining: kind == .draining, at: now)
        let service = peers.byKey[peer]?.service
        let known = kind == .pong ? nil : tries[number].flatMap { $0.peer == peer ? $0 : nil }
        if let known {
            switch kind {
            case .reply:
                end(number, known, latencyMs: Double(now.microseconds - known.sentAt.microseconds) / 1000)
                open[known.call] = nil
                actions.append(.answered(known.call, version: card.version ?? peers.byKey[peer]?.version))
            case .busy:
                let skipMs = min(card.retryAfterMs ?? Self.skipMsDefault, Self.skipMsMax)
                if skipMs > 0 { peers.skip(peer, until: now + skipMs) }
                setBack(number, .busy, at: now)
            case .draining: setBack(number, .draining, at: now)
            case .pong: break
            }
        } else if kind == .reply || kind == .busy {
            actions.append(.late)
        }
        if change == .replaced { moveAll(from: peer, sentBefore: number, at: now) }
        if let service {
            if change == .appeared || change == .replaced { actions.append(.appeared(service: service)) }
            serveQueue(service, at: now)
        }
        return flush()
    }

    /// Nothing leaves for `peer`: its connection is gone, and with it whatever was sent there before.
    mutating func refused(_ number: Number, by peer: Peers.Key, at now: Moment) -> [Action] {
        peers.lose(peer, at: now)
        if tries[number] != nil { setBack(number, .neverLeft, at: now) }
        moveAll(from: peer, sentBefore: number, at: now)
        return flush()
    }

    /// The way to the sockets is full: tried again at the next tick.
    mutating func notQueued(_ number: Number, at now: Moment) -> [Action] {
        guard let known = tries[number] else { return [] }
        peers.skip(known.peer, until: now + 1)
        setBack(number, .neverLeft, at: now)
        return flush()
    }

    /// Dials what is listed and not dialled, and hangs up on what is gone.
    mutating func update(
        _ listed: [Peers.Listing], at now: Moment
    ) -> (dial: [(key: Peers.Key, endpoint: String)], drop: [Peers.Key]) {
        peers.update(listed, at: now)
    }

    /// It could not be dialled.
    mutating func forget(_ peer: Peers.Key) { peers.remove(peer) }

    /// To be called often, such as every 50 ms: calls whose time is over end, peers are pinged, and those that are silent
    /// lose their requests to others.
    mutating func tick(at now: Moment) -> [Action] {
        if let tickedAt, now.milliseconds(since: tickedAt) > Self.tickMsMax { resumedAt = now }
        tickedAt = now
        for id in wheel.due(at: now) { expire(id, at: now) }
        for peer in peers.keys where peers.isSilent(peer, at: now, resumed: resumedAt) {
            peers.lose(peer, at: now)
            moveAll(from: peer, sentBefore: .max, at: now)
        }
        for peer in peers.keys where peers.takePing(peer, at: now) {
            lastNumber += 1
            actions.append(.ping(number: lastNumber, to: peer))
        }
        for service in queues.keys.sorted() { serveQueue(service, at: now) }
        return flush()
    }
}

extension Calls {
    var waiting: Int { queues.values.reduce(0) { $0 + $1.count } }
    func waiting(for service: String) -> (count: Int, bytes: Int) {
        (queues[service]?.count ?? 0, queues[service]?.bytes ?? 0)
    }
    /// The numbers of the tries in hand at each peer, and when they were sent.
    var inHand: [(number: Number, peer: Peers.Key, sentAt: Moment)] {
        tries.map { (number: $0.key, peer: $0.value.peer, sentAt: $0.value.sentAt) }
    }

    func holds(_ number: Number) -> Bool { tries[number] != nil }

    private mutating func flush() -> [Action] {
        defer { actions.removeAll() }
        return actions
    }

    /// - Returns: `false` when no instance can take it; nothing has changed then.
    private mutating func send(_ id: ID, _ call: Call, at now: Moment) -> Bool {
        guard let peer = peers.choose(call.service, avoiding: call.tried, at: now, &dice) else { return false }
        lastNumber += 1
        var call = call
        call.tries += 1
        call.number = lastNumber
        if !call.tried.contains(peer) { call.tried.append(peer) }
        open[id] = call
        tries[lastNumber] = Try(call: id, peer: peer, sentAt: now)
        let budgetMs = max(1, call.deadline.milliseconds(since: now))
        actions.append(.send(id, number: lastNumber, to: peer, budgetMs: budgetMs))
        return true
    }

    private mutating func serveQueue(_ service: String, at now: Moment) {
        guard var queue = queues[service], !queue.isEmpty else { return }
        while let id = queue.first(where: { isWaiting($0) }), let call = open[id], send(id, call, at: now) {
            queue.removeFirst(bytes: call.bytes)
            if call.patientUntil < call.deadline { wheel.add(id, at: call.deadline, now: now) }
        }
        queues[service] = queue
    }

    private func isWaiting(_ id: ID) -> Bool { open[id].map { $0.number == nil } ?? false }

    private mutating func end(_ number: Number, _ known: Try, latencyMs: Double? = nil) {
        tries[number] = nil
        peers.finished(known.peer, latencyMs: latencyMs)
    }

    /// A try has ended without a reply: another one, the queue, or the end of the call.
    private mutating func setBack(_ number: Number, _ setback: Setback, at now: Moment) {
        guard let known = tries[number], var call = open[known.call] else { return }
        end(number, known)
        call.number = nil
        switch setback {
        case .neverLeft, .draining: call.tries -= 1
        case .busy: call.wasBusy = true
        case .lost: (call.isUncertain, call.wasBusy) = (true, false)
        }
        let isPaid = setback == .busy || setback == .lost
        if now >= call.deadline {
            fail(known.call, call, call.isUncertain ? .deadline : .unavailable)
        } else if isPaid, call.tries >= limits.triesMax || !retries.spend() {
            fail(known.call, call, call.wasBusy && !call.isUncertain ? .overloaded : .unavailable)
        } else if !send(known.call, call, at: now) {
            if call.patientUntil <= now {
                fail(known.call, call, call.wasBusy && !call.isUncertain ? .overloaded : .unavailable)
            } else {
                open[known.call] = call
                queues[call.service, default: CallQueue()].append(known.call, bytes: call.bytes, isAgain: true)
                wheel.add(known.call, at: call.patientUntil, now: now)
            }
        }
    }

    private mutating func fail(_ id: ID, _ call: Call, _ failure: Failure) {
        open[id] = nil
        actions.append(.failed(id, failure))
    }

    /// What was sent there before will not be answered. The oldest goes first.
    private mutating func moveAll(from peer: Peers.Key, sentBefore limit: Number, at now: Moment) {
        guard peers.byKey[peer]?.inFlight ?? 0 > 0 else { return }
        for number in tries.filter({ $0.value.peer == peer && $0.key < limit }).keys.sorted() {
            setBack(number, .lost, at: now)
        }
    }

    private mutating func expire(_ id: ID, at now: Moment) {
        guard let call = open[id] else { return }
        if let number = call.number {
            guard call.deadline <= now, let known = tries[number] else { return }
            end(number, known)
            fail(id, call, .deadline)
            serveQueue(call.service, at: now)
        } else if call.patientUntil <= now {
            queues[call.service]?.left(bytes: call.bytes)
            if let queue = queues[call.service], queue.isSparse {
                var swept = queue
                open[id] = nil
                swept.sweep { isWaiting($0) }
                queues[call.service] = swept
            }
            fail(id, call, call.isUncertain ? .deadline : call.wasBusy ? .overloaded : .unavailable)
        }
    }
}
