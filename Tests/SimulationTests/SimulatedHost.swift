import ZeroMQ

@testable import ServiceKit

/// A place where one instance after another may run. An instance admits by `Admission`, works with a few workers, commits
/// in its service's store, and answers.
final class SimulatedHost {
    struct Job {
        let asked: Delivery
        let deadline: Moment
        var hasBegun = false
    }

    private static let bytes = 100
    let index: Int
    let service: String
    private(set) var incarnation = 0
    var isRunning = false
    var isFrozen = false
    var isServing = true
    private(set) var version = Version.text
    var backlog: [Event] = []
    private var admission = Admission()
    private(set) var jobs: [Int: Job] = [:]
    private var lastJob = 0
    private var waiting: [Int] = []
    private var working = 0
    /// Requests that came, and answers of any kind that left.
    private(set) var received = 0
    private(set) var replied = 0
    /// The number under which its present program calls others.
    var caller: Int?
    /// Events that this instance is delivering.
    var onTheWay: Set<Int> = []

    init(index: Int, service: String) {
        self.index = index
        self.service = service
    }

    var endpoint: String { "host\(index)" }
    var instance: String { "\(index).\(incarnation)" }

    func begin(_ plan: Plan, isHealed: Bool) {
        incarnation += 1
        version = plan.oldHosts.contains(index) && !isHealed ? "0.0.9" : Version.text
        (isRunning, isFrozen) = (true, false)
        (backlog, jobs, waiting, working) = ([], [:], [], 0)
        (received, replied, onTheWay) = (0, 0, [])
        admission = Admission(limits: plan.admission)
    }

    private func card(for asked: Delivery) -> InstanceCard {
        var card = InstanceCard(instance: instance, version: version)
        card.connection = "c\(asked.connection)"
        card.serving = isServing
        card.queued = admission.inFlight
        card.draining = admission.isDraining
        return card
    }

    func receive(_ delivery: Delivery, in world: World) {
        // Of the connection the socket knows only a name.
        let peer = PeerID(bytes: [UInt8(truncatingIfNeeded: delivery.connection), UInt8(delivery.connection >> 8)])
        switch delivery.frame.kind {
        case .ping:
            admission.pinged(by: peer, at: world.now)
            world.answer(delivery, admission.isDraining ? .draining : .pong, card(for: delivery))
        case .request:
            received += 1
            let before = admission.inFlight
            switch admission.admit(peer, bytes: Self.bytes, at: world.now) {
            case .admitted:
                if admission.isDraining { world.violated("host \(index) takes work though it is about to go") }
                if before >= world.plan.admission.inFlightMax
                    || admission.inFlight(from: peer) > world.plan.admission.inFlightPerPeerMax
                {
                    world.violated("host \(index) took more than it may")
                }
                take(delivery, in: world)
            case .busy: refuse(delivery, retryAfterMs: 200, in: world)
            case .draining:
                replied += 1
                world.answer(delivery, .draining, card(for: delivery))
            }
        case .reply, .busy, .draining, .pong: world.violated("a host was sent an answer")
        }
    }

    private func refuse(_ delivery: Delivery, retryAfterMs: Int, in world: World) {
        var card = InstanceCard(instance: instance, version: version)
        card.retryAfterMs = retryAfterMs
        replied += 1
        world.answer(delivery, .busy, card)
    }

    private func take(_ delivery: Delivery, in world: World) {
        lastJob += 1
        let budgetMs = delivery.frame.budgetMs
        jobs[lastJob] = Job(asked: delivery, deadline: world.now + budgetMs)
        waiting.append(lastJob)
        workOn(in: world)
        if jobs[lastJob]?.hasBegun == false {
            let event = Event.tooLate(host: index, incarnation: incarnation, job: lastJob)
            world.arrange(event, inMs: budgetMs / 2)
        }
    }

    private func workOn(in world: World) {
        while working < world.plan.workers, !waiting.isEmpty {
            let number = waiting.removeFirst()
            guard jobs[number] != nil else { continue }
            jobs[number]?.hasBegun = true
            working += 1
            world.arrange(.begun(host: index, incarnation: incarnation, job: number), within: world.plan.workMs)
        }
    }

    /// Half its budget has passed before it was begun: busy.
    func giveUp(_ number: Int, in world: World) {
        guard let job = jobs[number], !job.hasBegun else { return }
        jobs[number] = nil
        release(job)
        refuse(job.asked, retryAfterMs: 0, in: world)
    }

    private func release(_ job: Job) {
        let connection = job.asked.connection
        admission.release(
            PeerID(bytes: [UInt8(truncatingIfNeeded: connection), UInt8(connection >> 8)]), bytes: Self.bytes)
    }

    /// The work is done: COMMIT, then the answer, unless the instance is killed in between.
    func finish(_ number: Int, in world: World) {
        guard let job = jobs.removeValue(forKey: number) else { return }
        working -= 1
        release(job)
        let answer = world.now < job.deadline ? commit(job.asked.frame.work, in: world) : .expired
        if world.plan.kind == .storm || world.plan.kind == .events, !world.isHealed, world.dice.below(100) == 0 {
            world.arrange(.fault(.start(host: index)), inMs: world.dice.below(3000))
            return world.crash(index)
        }
        replied += 1
        world.answer(job.asked, .reply(answer), InstanceCard(instance: instance, version: version))
        workOn(in: world)
    }

    private func commit(_ work: Work, in world: World) -> Answer {
        switch work {
        case .mutation(let key):
            let leased = world.stores[service]?.mutate(
                key, announcesTo: world.plan.kind == .events ? "b" : nil, owner: instance, at: world.seconds)
            if let leased { deliver([leased], in: world) }
            return .done
        case .event(let row):
            // An older program does not know every method yet; a newer one may stumble.
            if version != Version.text, row.id.isMultiple(of: 2) { return .unknownMethod }
            if world.plan.stumbles, !world.isHealed, world.dice.below(5) == 0 { return .failed }
            return world.stores[service]?.receive(row) ?? .failed
        }
    }

    func drain(in world: World) {
        // Those who spoke lately are told; here they are found by their pings.
        _ = admission.drain(at: world.now)
        if let row = world.registry.lastIndex(where: { $0.instance == instance }) {
            world.registry[row].isDraining = true
        }
        world.announceEnd(of: self)
        world.arrange(.drained(host: index, incarnation: incarnation), inMs: 50)
    }

    func endIfDone(in world: World) {
        guard admission.isDone(at: world.now) else {
            return world.arrange(.drained(host: index, incarnation: incarnation), inMs: 50)
        }
        if received != replied { world.violated("host \(index) went without answering") }
        isRunning = false
        world.registry.removeAll { $0.instance == instance }
        world.network.hostEnded(index, at: world.now)
        world.endCaller(of: self)
        // After the healing every place is taken.
        if world.isHealed { world.arrange(.fault(.start(host: index)), inMs: 100) }
    }
}
