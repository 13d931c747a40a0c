@testable import ServiceKit

/// The connections between callers and hosts, and what becomes of the messages on them.
struct Network {
    private struct Link {
        /// 0 while nobody is connected.
        var connection = 0
        /// The life of the host that it leads to.
        var incarnation = 0
        var isCut = false
        var retryAt: Moment?
        var since = Moment(microseconds: 0)
    }

    private let plan: Plan
    private var links: [[Link]] = []
    private var lastConnection = 0
    private(set) var lost = 0
    private(set) var doubled = 0
    let delayMs: ClosedRange<Int>

    init(_ plan: Plan) {
        self.plan = plan
        (lost, doubled, delayMs) = (plan.lost, plan.doubled, plan.delayMs)
    }

    mutating func addCaller() { links.append(Array(repeating: Link(), count: plan.hosts.count)) }

    /// - Returns: the connection and the host's life at its end; `nil` when nothing leaves.
    mutating func connection(
        of caller: Int, to host: SimulatedHost, at now: Moment
    ) -> (connection: Int, incarnation: Int)? {
        var link = links[caller][host.index]
        defer { links[caller][host.index] = link }
        if link.connection != 0 { return (link.connection, link.incarnation) }
        guard host.isRunning, !host.isFrozen, !link.isCut else { return nil }
        // The first attempt of a message finds nobody; the connection is made meanwhile.
        guard let retryAt = link.retryAt else {
            link.retryAt = now + 20
            return nil
        }
        guard retryAt <= now else { return nil }
        lastConnection += 1
        (link.connection, link.incarnation, link.retryAt) = (lastConnection, host.incarnation, nil)
        link.since = now
        return (link.connection, link.incarnation)
    }

    /// - Returns: `nil` without a connection.
    func present(_ caller: Int, _ host: Int) -> (connection: Int, incarnation: Int, since: Moment)? {
        let link = links[caller][host]
        return link.connection == 0 ? nil : (link.connection, link.incarnation, link.since)
    }

    func isCut(_ caller: Int, _ host: Int) -> Bool { links[caller][host].isCut }

    /// The kernel of the host says so on every connection that a cut does not hide.
    mutating func hostEnded(_ host: Int, at now: Moment) {
        for caller in links.indices where !links[caller][host].isCut { reset(caller, host, at: now) }
    }

    /// The socket dials again by itself: if somebody is there when the next message comes, nothing shows that anything
    /// was lost.
    mutating func reset(_ caller: Int, _ host: Int, at now: Moment) {
        guard links[caller][host].connection != 0 else { return }
        (links[caller][host].connection, links[caller][host].retryAt) = (0, now + 20)
    }

    mutating func hangUp(_ caller: Int, _ host: Int) { links[caller][host] = Link(isCut: links[caller][host].isCut) }
    mutating func cut(_ caller: Int, _ host: Int) { links[caller][host].isCut = true }

    /// Afterwards the connection is a new one: heartbeats or TCP gave up the old one.
    mutating func mend(_ caller: Int, _ host: Int) {
        if links[caller][host].isCut { links[caller][host] = Link() }
    }

    mutating func heal() {
        (lost, doubled) = (0, 0)
        for caller in links.indices {
            for host in links[caller].indices { mend(caller, host) }
        }
    }
}

extension World {
    /// From a caller: handed to the connection, or given back.
    func send(_ frame: Frame, from caller: SimulatedCaller, to peer: Peers.Key, _ host: Int) {
        guard let (connection, incarnation) = network.connection(of: caller.index, to: hosts[host], at: now) else {
            return arrange(.refused(caller: caller.index, peer: peer, frame.number), within: 0...0)
        }
        let delivery = Delivery(
            caller: caller.index, peer: peer, host: host, incarnation: incarnation, connection: connection, frame: frame
        )
        carry(.toHost(delivery), delivery)
    }

    /// From an instance, back on the connection on which it was asked.
    func answer(_ asked: Delivery, _ kind: Frame.Kind, _ card: InstanceCard) {
        let frame = Frame(kind: kind, number: asked.frame.number, card: card)
        let delivery = Delivery(
            caller: asked.caller, peer: asked.peer, host: asked.host, incarnation: asked.incarnation,
            connection: asked.connection, frame: frame)
        carry(.toCaller(delivery), delivery)
    }

    private func carry(_ event: Event, _ delivery: Delivery) {
        guard !network.isCut(delivery.caller, delivery.host) else { return }
        if network.lost > 0, dice.below(1000) < network.lost { return }
        arrange(event, within: network.delayMs)
        if network.doubled > 0, dice.below(1000) < network.doubled { arrange(event, within: network.delayMs) }
    }
}
