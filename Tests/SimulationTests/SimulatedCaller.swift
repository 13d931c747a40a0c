@testable import ServiceKit

/// A program that calls: `Calls`, driven as `Dialer` drives it, and beside it the checks of what it does.
final class SimulatedCaller {
    private enum Purpose {
        case user(UserCall)
        case event(OutboxRow)
    }

    private struct Open {
        let purpose: Purpose
        let deadline: Moment
        var sends = 0
        /// Tries that never left, or met an instance that is about to go.
        var free = 0
        /// Tries beyond the first.
        var paid = 0
        var tried: Set<Peers.Key> = []
    }

    /// What was heard from a peer, as a bystander has it.
    private struct Heard {
        var host: Int
        var at: Moment?
        var incarnation = 0
        /// The latest that a pong has named: what comes on an earlier one tells nothing any more.
        var connection = 0
        var drainingIncarnation = 0
        var busyUntil: Moment?
        var isServing = true
    }

    let index: Int
    /// The host whose instance it belongs to.
    let owner: Int?
    private(set) var calls: Calls
    private let tickMs: Int
    private var open: [Calls.ID: Open] = [:]
    private var heard: [Peers.Key: Heard] = [:]
    private var callOf: [Calls.Number: Calls.ID] = [:]
    /// The connection on which each request left.
    private var sentOn: [Calls.Number: Int] = [:]
    private var lastCall = 0
    private var started = 0
    private var paid = 0
    private var peersMost = 0
    /// Whether the choices of the present step only take places and free none in between, so that what is free afterwards
    /// was free when they were made.
    private var isStepPlain = true

    init(index: Int, owner: Int?, _ plan: Plan, seed: UInt64) {
        self.index = index
        self.owner = owner
        tickMs = plan.tickMs
        calls = Calls(seed: seed, limits: plan.limits)
    }

    func peer(at host: Int) -> Peers.Key? { heard.first { $0.value.host == host }?.key }

    // MARK: what happens

    func start(_ call: UserCall, in world: World) {
        start("a", .user(call), budgetMs: call.budgetMs, patienceMs: call.patienceMs, in: world)
    }

    func deliver(_ row: OutboxRow, in world: World) {
        start(row.consumer, .event(row), budgetMs: 10_000, patienceMs: 0, in: world)
    }

    private func start(_ service: String, _ purpose: Purpose, budgetMs: Int, patienceMs: Int?, in world: World) {
        lastCall += 1
        started += 1
        let deadline = world.now + budgetMs
        open[lastCall] = Open(purpose: purpose, deadline: deadline)
        let patientUntil = patienceMs.map { world.now + $0 }
        perform(
            calls.start(
                lastCall, service, bytes: 100, deadline: deadline, patientUntil: patientUntil, at: world.now), in: world
        )
        checkLimits(in: world)
    }

    func tick(in world: World) {
        isStepPlain = false
        perform(calls.tick(at: world.now), in: world)
        isStepPlain = true
        checkLimits(in: world)
        for (number, peer, sentAt) in calls.inHand {
            let last = max(sentAt, heard[peer]?.at ?? sentAt)
            if world.now.milliseconds(since: last) > 6000 + tickMs {
                world.violated("caller \(index): request \(number) still waits for silent peer \(peer)")
            }
            if leftBehind(number, peer, in: world) {
                world.violated("caller \(index): request \(number) was sent on a connection long gone")
            }
        }
        for (id, call) in open where world.now.milliseconds(since: call.deadline) > tickMs {
            world.violated("caller \(index): call \(id) lives past its deadline")
        }
        world.arrange(.tick(caller: index), inMs: tickMs)
    }

    /// Where nothing is lost, a ping a second shows that the connection is another.
    private func leftBehind(_ number: Calls.Number, _ peer: Peers.Key, in world: World) -> Bool {
        guard world.plan.kind == .oneOfTwo, let host = heard[peer]?.host, !world.hosts[host].isFrozen,
            let sentOn = sentOn[number], let present = world.network.present(index, host)
        else { return false }
        return sentOn != present.connection && world.now.milliseconds(since: present.since) > 1100 + 2 * tickMs
    }

    func look(in world: World) {
        let (dial, drop) = calls.update(world.listings, at: world.now)
        for key in drop {
            if let host = heard.removeValue(forKey: key)?.host { world.network.hangUp(index, host) }
        }
        for (key, endpoint) in dial {
            guard let host = world.hosts.firstIndex(where: { $0.endpoint == endpoint }) else { continue }
            heard[key] = Heard(host: host)
        }
        world.arrange(.look(caller: index), inMs: 2000)
    }

    func refused(_ number: Calls.Number, by peer: Peers.Key, in world: World) {
        if calls.holds(number), let id = callOf[number] { open[id]?.free += 1 }
        isStepPlain = false
        perform(calls.refused(number, by: peer, at: world.now), in: world)
        isStepPlain = true
    }

    func receive(_ delivery: Delivery, in world: World) {
        let (peer, frame) = (delivery.peer, delivery.frame)
        guard let kind = frame.kind.isAnswer else { return world.violated("a caller was sent a request") }
        let isNewer = note(delivery, in: world)
        if kind == .draining, calls.holds(frame.number), let id = callOf[frame.number] { open[id]?.free += 1 }
        // Of a new connection the bystander knows nothing.
        isStepPlain = !isNewer && world.plan.kind != .storm
        perform(
            calls.heard(kind, frame.number, frame.card, from: peer, at: world.now), answer: frame.kind.answer, in: world
        )
        isStepPlain = true
        if isNewer, calls.inHand.contains(where: { $0.peer == peer && $0.number < frame.number }) {
            world.violated("caller \(index): a request waits for an instance of peer \(peer) that is gone")
        }
    }

    /// - Returns: whether the peer is now another instance than before.
    private func note(_ delivery: Delivery, in world: World) -> Bool {
        guard var known = heard[delivery.peer], delivery.incarnation >= known.incarnation else { return false }
        if delivery.frame.card.connection != nil {
            guard delivery.connection >= known.connection else { return false }
            known.connection = delivery.connection
        }
        let isNewer = known.incarnation > 0 && delivery.incarnation > known.incarnation
        if delivery.incarnation > known.incarnation {
            (known.incarnation, known.busyUntil, known.isServing) = (delivery.incarnation, nil, true)
        }
        known.at = world.now
        switch delivery.frame.kind {
        case .draining: known.drainingIncarnation = known.incarnation
        case .busy:
            if let skipMs = delivery.frame.card.retryAfterMs, skipMs > 0, calls.holds(delivery.frame.number) {
                known.busyUntil = world.now + skipMs
            }
        default: break
        }
        known.isServing = delivery.frame.card.serving ?? known.isServing
        heard[delivery.peer] = known
        return isNewer
    }

    // MARK: what it does

    private func perform(_ actions: [Calls.Action], answer: Answer? = nil, in world: World) {
        for action in actions {
            switch action {
            case .send(let id, let number, let peer, let budgetMs):
                send(id, number, peer, budgetMs, in: world)
            case .ping(let number, let peer):
                guard let host = heard[peer]?.host else { continue }
                world.send(Frame(kind: .ping, number: number), from: self, to: peer, host)
            case .answered(let id, let version): end(id, answer, version: version, in: world)
            case .failed(let id, _): end(id, nil, in: world)
            case .appeared(let service): if owner != nil { world.consumerAppeared(service, at: self) }
            case .late: break
            }
        }
    }

    private func send(_ id: Calls.ID, _ number: Calls.Number, _ peer: Peers.Key, _ budgetMs: Int, in world: World) {
        guard var call = open[id], let known = heard[peer] else {
            return world.violated("caller \(index) sends what is not open, or to nobody")
        }
        callOf[number] = id
        check(call, peer, known, in: world)
        if call.sends > 0 { world.moves += 1 }
        call.sends += 1
        if call.sends - call.free - 1 > call.paid {
            call.paid += 1
            paid += 1
        }
        call.tried.insert(peer)
        open[id] = call
        if call.sends - call.free > 3 { world.violated("caller \(index): call \(id) is tried more than three times") }
        if Double(paid) > Double(calls.limits.retriesMax) + 0.1 * Double(started) + 0.01 {
            world.violated("caller \(index) sends again more than it may")
        }
        if budgetMs > max(1, call.deadline.milliseconds(since: world.now)) { world.violated("a budget grew") }
        let work: Work
        switch call.purpose {
        case .user(let user): work = .mutation(key: user.key)
        case .event(let row): work = .event(row)
        }
        world.send(
            Frame(kind: .request, number: number, work: work, budgetMs: budgetMs), from: self, to: peer, known.host)
        sentOn[number] = world.network.present(index, known.host)?.connection
    }

    /// Whether this peer may be sent a request, and no better one is left.
    private func check(_ call: Open, _ peer: Peers.Key, _ known: Heard, in world: World) {
        if known.drainingIncarnation > 0, known.drainingIncarnation == known.incarnation {
            world.violated("caller \(index) asks an instance that is about to go")
        }
        if let busy = known.busyUntil, world.now < busy { world.violated("caller \(index) asks one that is busy") }
        func rank(_ key: Peers.Key, _ heard: Heard) -> Int {
            (heard.isServing ? 0 : 2) + (call.tried.contains(key) ? 1 : 0)
        }
        let own = rank(peer, known)
        guard isStepPlain, own > 0, let service = calls.peers.byKey[peer]?.service else { return }
        for (key, other) in heard where key != peer && rank(key, other) < own {
            guard let listed = calls.peers.byKey[key], listed.service == service,
                listed.isAble(at: world.now, windowMax: calls.limits.windowMax)
            else { continue }
            world.violated("caller \(index) asks peer \(peer) and leaves the better \(key)")
        }
    }

    private func end(_ id: Calls.ID, _ answer: Answer?, version: String? = nil, in world: World) {
        guard let call = open.removeValue(forKey: id) else {
            return world.violated("caller \(index): call \(id) ends twice")
        }
        switch call.purpose {
        case .user(let user):
            world.openCalls -= 1
            if case .done? = answer {
                world.answered.insert(user.key)
            } else {
                world.failures += 1
                world.unanswered.append((index, user))
                world.askAgain()
            }
        case .event(let row): world.eventEnded(row, answer, version: version, at: self)
        }
    }

    private func checkLimits(in world: World) {
        for service in ["a", "b"] {
            let waiting = calls.waiting(for: service)
            // Those that come back had a place in a window.
            peersMost = max(peersMost, calls.peers.keys.count)
            let returned = calls.limits.windowMax * peersMost
            if waiting.count > calls.limits.waitingMax + returned {
                world.violated("caller \(index)'s queue is too long")
            }
            if waiting.bytes > calls.limits.waitingBytesMax + 100 * returned {
                world.violated("caller \(index)'s queue is too large")
            }
        }
        for key in calls.peers.keys {
            let inHand = calls.inHand.count { $0.peer == key }
            if inHand > calls.limits.windowMax {
                world.violated("caller \(index): peer \(key) has more than its window")
            }
            if inHand != calls.peers.byKey[key]?.inFlight { world.violated("caller \(index) has lost count") }
        }
    }
}

extension Frame.Kind {
    var isAnswer: Calls.Kind? {
        switch self {
        case .reply: .reply
        case .busy: .busy
        case .draining: .draining
        case .pong: .pong
        case .request, .ping: nil
        }
    }

    var answer: Answer? { if case .reply(let answer) = self { answer } else { nil } }
}
