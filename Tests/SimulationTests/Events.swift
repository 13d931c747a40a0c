@testable import ServiceKit

/// The outbox's sender as an instance runs it.
extension SimulatedHost {
    private static let onTheWayMax = 20

    func deliver(_ rows: [OutboxRow], in world: World) {
        guard let caller = world.caller(of: self) else { return }
        let pending = world.stores[service]?.outbox.rows ?? []
        for row in rows where pending.contains(where: { $0.caseId == row.caseId && $0.version < row.version }) {
            world.violated("event \(row.id) is sent before its predecessor has arrived")
        }
        for row in rows where onTheWay.count < Self.onTheWayMax && onTheWay.insert(row.id).inserted {
            caller.deliver(row, in: world)
        }
    }

    func sweep(isExtra: Bool, in world: World) {
        let room = Self.onTheWayMax - onTheWay.count
        if room > 0, let caller = world.caller(of: self), caller.calls.peers.reaches("b") {
            let due = world.stores[service]?.outbox.due("b", at: world.seconds).prefix(room) ?? []
            let leased = world.stores[service]?.outbox.lease(Array(due), owner: instance, at: world.seconds) ?? []
            deliver(leased, in: world)
        }
        if !isExtra { world.arrange(.sweep(host: index, incarnation: incarnation, isExtra: false), within: 250...750) }
    }
}

extension World {
    func caller(of host: SimulatedHost) -> SimulatedCaller? { host.caller.flatMap { callers[$0] } }

    var seconds: Double { Double(now.microseconds) / 1e6 }

    /// A try to deliver an event has ended: what its sender writes into the books.
    func eventEnded(_ row: OutboxRow, _ answer: Answer?, version: String?, at caller: SimulatedCaller) {
        guard let owner = caller.owner else { return }
        let host = hosts[owner]
        host.onTheWay.remove(row.id)
        let held = stores[host.service]?.outbox.rows.first { $0.id == row.id }
        let isHolder = held?.owner == host.instance && held?.attempt == row.attempt
        defer {
            let after = stores[host.service]?.outbox.rows.first { $0.id == row.id }
            if !isHolder, let after, after != held { violated("who lost the lease of event \(row.id) changed it") }
        }
        switch answer.map({ DeliveryVerdict(PeerReply(body: $0.body, version: version)) }) ?? .notArrived {
        case .delivered:
            let next = stores[host.service]?.outbox.acknowledge([row.id], owner: host.instance, at: seconds) ?? []
            host.deliver(next, in: self)
        case .refused(_, let isPermanent):
            let backoff = Double(1 << min(row.tries + 1, 8)) * (0.5 + Double(dice.below(500)) / 1000)
            let isDead = stores[host.service]?.outbox.fail(
                row, owner: host.instance, isPermanent: isPermanent, backoff: backoff, at: seconds)
            if isDead ?? false { violated("event \(row.id) is dead") }
        case .notArrived:
            stores[host.service]?.outbox.postpone(
                row, owner: host.instance, seconds: 0.5 + Double(dice.below(1000)) / 1000, at: seconds)
        }
    }

    /// What was put back for want of an instance goes at once.
    func consumerAppeared(_ service: String, at caller: SimulatedCaller) {
        guard let owner = caller.owner else { return }
        stores[hosts[owner].service]?.outbox.hasten(service, at: seconds)
        arrange(.sweep(host: owner, incarnation: hosts[owner].incarnation, isExtra: true), inMs: 0)
    }

    /// An unasked word to whoever is connected.
    func announceEnd(of host: SimulatedHost) {
        for (caller, peer, connection) in callersOf(host) {
            var card = InstanceCard(instance: host.instance, version: host.version)
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
                let (connection, incarnation, _) = network.present(caller.index, host.index),
                incarnation == host.incarnation
            else { return nil }
            return (caller.index, peer, connection)
        }
    }
}

extension Answer {
    /// As it stands on the wire.
    var body: [UInt8] {
        func error(_ code: Int) -> [UInt8] {
            Array(#"{"jsonrpc":"2.0","id":1,"error":{"code":\#(code),"message":""}}"#.utf8)
        }
        return switch self {
        case .done: Array(#"{"jsonrpc":"2.0","id":1,"result":{}}"#.utf8)
        case .expired: error(-32008)
        case .outOfOrder: error(-32009)
        case .unknownMethod: error(-32601)
        case .failed: error(-32603)
        }
    }
}
