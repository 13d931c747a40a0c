@testable import ServiceKit

/// The outbox's sender as an instance runs it.
extension SimulatedHost {
    private static let onTheWayMax = 20

    func deliver(_ rows: [OutboxRow], in world: World) {
        guard let caller = world.callers[world.plan.callers + index] else { return }
        for row in rows where onTheWay.count < Self.onTheWayMax && onTheWay.insert(row.id).inserted {
            caller.deliver(row, in: world)
        }
    }

    func sweep(isExtra: Bool, in world: World) {
        let room = Self.onTheWayMax - onTheWay.count
        if room > 0, let caller = world.callers[world.plan.callers + index], caller.calls.peers.reaches("b") {
            deliver(
                world.stores[service]?.outbox.sweep(owner: instance, limit: room, at: world.seconds) ?? [], in: world)
        }
        if !isExtra { world.arrange(.sweep(host: index, incarnation: incarnation, isExtra: false), within: 250...750) }
    }
}

extension World {
    var seconds: Double { Double(now.microseconds) / 1e6 }

    /// A try to deliver an event has ended: what its sender writes into the books.
    func eventEnded(_ row: OutboxRow, _ answer: Answer?, at caller: SimulatedCaller) {
        guard let owner = caller.owner else { return }
        let host = hosts[owner]
        host.onTheWay.remove(row.id)
        switch answer {
        case .done?:
            let next = stores[host.service]?.outbox.acknowledge([row.id], owner: host.instance, at: seconds) ?? []
            host.deliver(next, in: self)
        case .failed?:
            let backoff = Double(1 << min(row.tries + 1, 8))
            stores[host.service]?.outbox.fail(
                row, owner: host.instance, isPermanent: false, backoff: backoff, at: seconds)
        case .expired?, .outOfOrder?, nil:
            stores[host.service]?.outbox.postpone(
                row, owner: host.instance, seconds: 0.5 + Double(dice.below(1000)) / 1000, at: seconds)
        }
    }

    /// What waits for that service goes with the next sweep.
    func consumerAppeared(_ service: String, at caller: SimulatedCaller) {
        guard let owner = caller.owner else { return }
        arrange(.sweep(host: owner, incarnation: hosts[owner].incarnation, isExtra: true), inMs: 0)
    }

    /// An unasked word to whoever is connected.
    func announceEnd(of host: SimulatedHost) {
        for (caller, peer, connection) in callersOf(host) {
            var card = InstanceCard(instance: host.instance, version: "1")
            (card.draining, card.connection) = (true, "c\(connection)")
            let asked = Delivery(
                caller: caller, peer: peer, host: host.index, incarnation: host.incarnation, connection: connection,
                frame: Frame(kind: .ping, number: 0))
            answer(asked, .draining, card)
        }
    }

    private func callersOf(_ host: SimulatedHost) -> [(Int, Peers.Key, Int)] {
        callers.compactMap { caller in
            guard let caller, let peer = caller.peer(at: host.index),
                let (connection, incarnation) = network.present(caller.index, host.index),
                incarnation == host.incarnation
            else { return nil }
            return (caller.index, peer, connection)
        }
    }
}
