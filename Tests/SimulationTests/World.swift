@testable import ServiceKit

/// One run of the simulation: callers, instances, a network and a store per service, in one thread and virtual time. The
/// callers run `Calls`, the instances `Admission`, as the programs do.
final class World {
    let plan: Plan
    var dice: Dice
    var now = Moment(microseconds: 0)
    var timeline = Timeline()
    var network: Network
    var stores: [String: Store] = [:]
    var callers: [SimulatedCaller?] = []
    var hosts: [SimulatedHost] = []
    /// The registry's rows, by the time of their start.
    var registry: [Entry] = []
    var isHealed = false
    /// Calls that were not answered with success, to be asked again.
    var unanswered: [(caller: Int, UserCall)] = []
    var openCalls = 0
    var answered: Set<Int> = []
    var failures = 0
    var moves = 0
    private(set) var violations: [String] = []

    struct Entry {
        var instance: String
        var host: Int
        /// `nil` while it beats.
        var lastBeat: Moment?
        var isDraining = false
    }

    init(_ plan: Plan) {
        self.plan = plan
        dice = Dice(seed: plan.seed ^ 0x5EED)
        network = Network(plan)
        for service in Set(plan.hosts) {
            stores[service] = Store()
            stores[service]?.keepsKeys = plan.keepsKeys
        }
        hosts = plan.hosts.indices.map { SimulatedHost(index: $0, service: plan.hosts[$0]) }
    }

    func violated(_ what: @autoclosure () -> String) {
        if violations.count < 5 { violations.append("at \(now.microseconds / 1000) ms: \(what())") }
    }

    /// Runs until everything has ended.
    ///
    /// - Returns: what did not hold.
    func run() -> [String] {
        for _ in 0..<plan.callers { addCaller(owner: nil) }
        for host in hosts.indices { start(host) }
        for (at, caller, call) in plan.calls {
            openCalls += 1
            arrange(.call(caller: caller, call), inMs: at)
        }
        for (at, fault) in plan.faults { arrange(.fault(fault), inMs: at) }
        arrange(.fault(.heal), inMs: plan.healMs)
        while !isFinished, let (at, event) = timeline.next() {
            now = at
            guard at.microseconds < 180_000_000 else {
                violated("not finished: \(openCalls) calls open, \(stores["a"]?.outbox.rows.count ?? 0) events left")
                break
            }
            handle(event)
        }
        judge()
        return violations
    }

    private var isFinished: Bool {
        isHealed && openCalls == 0 && unanswered.isEmpty && stores.values.allSatisfy { $0.outbox.rows.isEmpty }
    }

    func arrange(_ event: Event, inMs milliseconds: Int) { timeline.add(event, at: now + milliseconds) }

    /// 1 up to `most` microseconds short of it, so that things seldom happen at one moment.
    func arrange(_ event: Event, within milliseconds: ClosedRange<Int>) {
        let span = Int64(milliseconds.upperBound - milliseconds.lowerBound + 1) * 1000
        let after = Int64(milliseconds.lowerBound) * 1000 + Int64(dice.below(Int(span)))
        timeline.add(event, at: Moment(microseconds: now.microseconds + after))
    }

    private func handle(_ event: Event) {
        switch event {
        case .tick(let index): atCaller(index, event) { $0.tick(in: self) }
        case .look(let index): atCaller(index, event) { $0.look(in: self) }
        case .refused(let index, let peer, let number):
            atCaller(index, event) { $0.refused(number, by: peer, in: self) }
        case .toCaller(let delivery): atCaller(delivery.caller, event) { $0.receive(delivery, in: self) }
        case .call(let index, let call): atCaller(index, event) { $0.start(call, in: self) }
        case .toHost(let delivery):
            atHost(delivery.host, delivery.incarnation, event) { $0.receive(delivery, in: self) }
        case .begun(let host, let incarnation, let job):
            atHost(host, incarnation, event) { $0.finish(job, in: self) }
        case .tooLate(let host, let incarnation, let job):
            atHost(host, incarnation, event) { $0.giveUp(job, in: self) }
        case .drained(let host, let incarnation): atHost(host, incarnation, event) { $0.endIfDone(in: self) }
        case .sweep(let host, let incarnation, let isExtra):
            atHost(host, incarnation, event) { $0.sweep(isExtra: isExtra, in: self) }
        case .fault(let fault): happen(fault)
        }
    }

    /// What comes to a program that stands still waits there.
    private func atCaller(_ index: Int, _ event: Event, _ body: (SimulatedCaller) -> Void) {
        guard let caller = callers[index] else { return }
        if let owner = caller.owner, hosts[owner].isFrozen {
            hosts[owner].backlog.append(event)
        } else {
            body(caller)
        }
    }

    private func atHost(_ index: Int, _ incarnation: Int, _ event: Event, _ body: (SimulatedHost) -> Void) {
        let host = hosts[index]
        guard host.isRunning, host.incarnation == incarnation else { return }
        if host.isFrozen { host.backlog.append(event) } else { body(host) }
    }

    /// Each program that calls has a number of its own; one that starts again is another.
    func addCaller(owner: Int?) {
        let index = callers.count
        callers.append(SimulatedCaller(index: index, owner: owner, plan, seed: dice.next()))
        network.addCaller()
        if let owner { hosts[owner].caller = index }
        arrange(.look(caller: index), within: 1...3)
        arrange(.tick(caller: index), within: 1...plan.tickMs)
    }

    private func judge() {
        for key in answered.sorted() where stores["a"]?.effects[key] != 1 {
            violated("call \(key) was acknowledged and had \(stores["a"]?.effects[key] ?? 0) effects")
        }
        for call in plan.calls where stores["a"]?.effects[call.2.key] != 1 {
            violated("call \(call.2.key) ended with \(stores["a"]?.effects[call.2.key] ?? 0) effects")
        }
        for host in hosts where host.isRunning && !host.isFrozen && isHealed {
            if host.received != host.replied + host.jobs.count {
                violated("host \(host.index) left a request without a word")
            }
        }
        if plan.kind == .events, let a = stores["a"], let b = stores["b"],
            let why = Store.difference(between: a, and: b)
        {
            violated(why)
        }
        let mayFail = plan.kind != .rolling && plan.kind != .oneOfTwo
        if !mayFail, failures > 0 { violated("\(failures) calls failed that had 10 s") }
    }
}
