@testable import ServiceKit

extension World {
    func happen(_ fault: Fault) {
        switch fault {
        case .crash(let host): crash(host)
        case .start(let host): start(host)
        case .freeze(let host):
            guard hosts[host].isRunning, !isHealed else { return }
            hosts[host].isFrozen = true
            stopBeating(host)
        case .thaw(let host): thaw(host)
        case .drain(let host):
            guard hosts[host].isRunning, !hosts[host].isFrozen, !isHealed else { return }
            hosts[host].drain(in: self)
        case .stopServing(let host): hosts[host].isServing = false
        case .serve(let host): hosts[host].isServing = true
        case .cut(let caller, let host): network.cut(caller, host)
        case .mend(let caller, let host): network.mend(caller, host)
        case .reset(let caller, let host): network.reset(caller, host, at: now)
        case .heal: heal()
        }
    }

    private func heal() {
        for host in plan.oldHosts { crash(host) }
        isHealed = true
        network.heal()
        for host in hosts.indices {
            hosts[host].isServing = true
            if !hosts[host].isRunning { start(host) } else { thaw(host) }
        }
        askAgain()
    }

    /// Whoever got no answer asks again with the same key.
    func askAgain() {
        guard isHealed else { return }
        for (caller, call) in unanswered {
            openCalls += 1
            arrange(.call(caller: caller, UserCall(key: call.key, budgetMs: 10_000)), within: 1...1000)
        }
        unanswered = []
    }

    func crash(_ index: Int) {
        let host = hosts[index]
        guard host.isRunning, !isHealed else { return }
        host.isRunning = false
        stopBeating(index)
        network.hostEnded(index, at: now)
        endCaller(of: host)
    }

    func endCaller(of host: SimulatedHost) {
        if let caller = host.caller { callers[caller] = nil }
        host.caller = nil
    }

    func start(_ index: Int) {
        let host = hosts[index]
        guard !host.isRunning else { return }
        host.begin(plan, isHealed: isHealed)
        registry.append(Entry(instance: host.instance, host: index))
        if plan.kind == .events, host.service == "a" {
            addCaller(owner: index)
            arrange(.sweep(host: index, incarnation: host.incarnation, isExtra: false), within: 250...750)
        }
    }

    private func thaw(_ index: Int) {
        let host = hosts[index]
        guard host.isFrozen else { return }
        host.isFrozen = false
        if let row = registry.lastIndex(where: { $0.instance == host.instance }) { registry[row].lastBeat = nil }
        let backlog = host.backlog
        host.backlog = []
        for event in backlog { timeline.add(event, at: now) }
    }

    /// The last beat was up to three seconds ago.
    private func stopBeating(_ index: Int) {
        guard let row = registry.lastIndex(where: { $0.instance == hosts[index].instance }) else { return }
        registry[row].lastBeat = now + -dice.below(3000)
    }

    /// What a caller reads: those that beat within ten seconds.
    var listings: [Peers.Listing] {
        registry.filter { $0.lastBeat.map { now.milliseconds(since: $0) < 10_000 } ?? true }.map { entry in
            Peers.Listing(
                service: hosts[entry.host].service, endpoint: hosts[entry.host].endpoint, instance: entry.instance,
                isDraining: entry.isDraining)
        }
    }
}
