import Synchronization

/// What a caller knows of the instances it may call, and of the requests that wait for them. A value without sockets or
/// clocks of its own: every decision can be tested by saying what happened when.
struct Peers: Sendable {
    typealias Moment = ContinuousClock.Instant

    struct Peer: Sendable {
        let service: String
        let endpoint: String
        /// In the registry's last list, or in the configuration.
        var isListed = true
        var isDraining = false
        /// Until then it said it is busy, or could not be reached.
        var skippedUntil: Moment?
        /// The last sign of life since it was first asked; `nil` before.
        var heardAt: Moment?
        var askedAt: Moment?
        var inFlight = 0
        /// Smoothed time from request to reply.
        var latencyMs = 1.0
    }

    /// libzmq reports progress in steps of half its high-water mark (1,000), so that more could be refused.
    static let windowMax = 500
    static let silentSeconds = 6.0

    private(set) var byEndpoint: [String: Peer] = [:]

    /// - Returns: the endpoints to dial and those to hang up on.
    mutating func update(
        _ listed: [(service: String, endpoint: String, draining: Bool)]
    ) -> (dial: [String], drop: [String]) {
        let endpoints = Set(listed.map(\.endpoint))
        let dial = listed.filter { byEndpoint[$0.endpoint] == nil }.map(\.endpoint)
        for entry in listed {
            byEndpoint[entry.endpoint, default: Peer(service: entry.service, endpoint: entry.endpoint)].isDraining =
                entry.draining
        }
        let drop = byEndpoint.values.filter { !endpoints.contains($0.endpoint) && $0.inFlight == 0 }.map(\.endpoint)
        for endpoint in byEndpoint.keys where !endpoints.contains(endpoint) { byEndpoint[endpoint]?.isListed = false }
        for endpoint in drop { byEndpoint[endpoint] = nil }
        return (dial, drop)
    }

    /// Of two instances drawn at random, the one with the smaller (in flight × latency). Those that are draining, busy or
    /// full are left out, and those in `avoiding` where another will do.
    mutating func choose(
        _ service: String, avoiding: Set<String>, at now: Moment, using random: inout some RandomNumberGenerator
    ) -> String? {
        let able = byEndpoint.values.filter {
            $0.service == service && $0.isListed && !$0.isDraining && $0.inFlight < Self.windowMax
                && ($0.skippedUntil.map { $0 <= now } ?? true)
        }
        let fresh = able.filter { !avoiding.contains($0.endpoint) }
        let drawn = (fresh.isEmpty ? able : fresh).sorted { $0.endpoint < $1.endpoint }.shuffled(using: &random).prefix(
            2)
        guard let best = drawn.min(by: { Self.cost($0) < Self.cost($1) }) else { return nil }
        byEndpoint[best.endpoint]?.inFlight += 1
        if best.askedAt == nil { byEndpoint[best.endpoint]?.askedAt = now }
        return best.endpoint
    }

    private static func cost(_ peer: Peer) -> Double { Double(peer.inFlight + 1) * peer.latencyMs }

    mutating func finished(_ endpoint: String, latencyMs: Double?, at now: Moment) {
        guard var peer = byEndpoint[endpoint] else { return }
        peer.inFlight = max(0, peer.inFlight - 1)
        if let latencyMs {
            peer.latencyMs = 0.8 * peer.latencyMs + 0.2 * max(0.05, latencyMs)
            peer.heardAt = now
        }
        byEndpoint[endpoint] = peer
    }

    mutating func heard(_ endpoint: String, isDraining: Bool, at now: Moment) {
        byEndpoint[endpoint]?.heardAt = now
        if isDraining { byEndpoint[endpoint]?.isDraining = true }
    }

    mutating func skip(_ endpoint: String, until moment: Moment) { byEndpoint[endpoint]?.skippedUntil = moment }

    /// Peers that were asked and have not been heard for six seconds.
    func silent(at now: Moment) -> [String] {
        byEndpoint.values.filter { peer in
            guard let asked = peer.askedAt else { return false }
            return now - max(asked, peer.heardAt ?? asked) > .seconds(Self.silentSeconds)
        }.map(\.endpoint)
    }

    /// A peer counts as heard anew: after it was found silent and hung up on.
    mutating func forget(_ endpoint: String) {
        byEndpoint[endpoint]?.askedAt = nil
        byEndpoint[endpoint]?.heardAt = nil
    }
}
