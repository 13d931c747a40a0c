/// What a caller knows of the instances it may call. A value without sockets, clock or chance of its own: every decision
/// can be tested by saying what happened when.
struct Peers: Sendable {
    /// Names an endpoint that was dialled; never used twice.
    typealias Key = Int

    /// An instance as the registry or the configuration has it.
    struct Listing: Sendable, Hashable {
        var service: String
        var endpoint: String
        var instance: String?
        var isDraining = false
    }

    struct Peer: Sendable {
        let service: String
        let endpoint: String
        /// In the registry's last list, or in the configuration.
        var isListed = true
        /// Heard, and neither silent nor unreachable since: only then it is sent requests.
        var isLive = false
        var isDraining = false
        var isServing = true
        /// The last instance that the registry named for this endpoint.
        var listedInstance: String?
        var instance: String?
        var connection: String?
        var version: String?
        /// Instances and connections that were here before; a late word of theirs counts for nothing.
        var gone: [String] = []
        /// Until then it said it is busy.
        var skippedUntil: Moment?
        /// Since when it is listed, or not live any more.
        var since: Moment
        var heardAt: Moment?
        /// The first time it was asked since it was last heard; `nil` when it owes no answer.
        var askedAt: Moment?
        var pingedAt: Moment?
        var inFlight = 0
        /// Smoothed time from request to reply.
        var latencyMs = 1.0

        func isAble(at now: Moment, windowMax: Int) -> Bool {
            isListed && isLive && !isDraining && inFlight < windowMax && (skippedUntil.map { $0 <= now } ?? true)
        }

        fileprivate var cost: Double { Double(inFlight + 1) * latencyMs }
    }

    enum Change {
        case none
        /// Somebody who is gone spoke: it tells nothing about the present instance.
        case stale
        /// It can be sent requests, and could not before.
        case appeared
        /// Another instance, or another connection: what was sent before will not be answered.
        case replaced
    }

    static let silentMs = 6000
    static let pingMs = 1000
    /// One that has not been heard yet is pinged at every tick, so that it takes requests as soon as it can; for so long.
    static let eagerMs = 5000
    private static let goneMax = 8

    let windowMax: Int
    private(set) var byKey: [Key: Peer] = [:]
    private(set) var keys: [Key] = []
    private var keyOf: [String: Key] = [:]
    private var byService: [String: [Key]] = [:]
    private var lastKey = 0

    init(windowMax: Int) { self.windowMax = windowMax }

    /// Of several entries for an endpoint the last counts: the caller lists them by the time of their start.
    ///
    /// - Returns: the endpoints to dial and those to hang up on.
    mutating func update(_ listed: [Listing], at now: Moment) -> (dial: [(key: Key, endpoint: String)], drop: [Key]) {
        var latest: [String: Listing] = [:]
        for entry in listed { latest[entry.endpoint] = entry }
        var (dial, drop) = ([(key: Key, endpoint: String)](), [Key]())
        for entry in listed where latest[entry.endpoint] == entry {
            if let key = keyOf[entry.endpoint], isStaleDial(key, entry) {
                remove(key)
                drop.append(key)
            }
            if keyOf[entry.endpoint] == nil { dial.append((add(entry, at: now), entry.endpoint)) }
            // Another service at an endpoint still in use: dialled when that one is dropped.
            guard let key = keyOf[entry.endpoint], var peer = byKey[key], peer.service == entry.service else {
                continue
            }
            peer.isListed = true
            peer.listedInstance = entry.instance ?? peer.listedInstance
            if entry.isDraining, peer.instance == nil || peer.instance == entry.instance {
                (peer.isDraining, peer.instance) = (true, entry.instance)
            }
            byKey[key] = peer
        }
        for key in keys {
            guard let peer = byKey[key], latest[peer.endpoint]?.service != peer.service else { continue }
            byKey[key]?.isListed = false
            if peer.inFlight == 0 {
                remove(key)
                drop.append(key)
            }
        }
        return (dial, drop)
    }

    /// Whether a new instance has started where nobody could be reached: libzmq pauses longer and longer between its
    /// attempts to connect, so it is dialled afresh.
    private func isStaleDial(_ key: Key, _ entry: Listing) -> Bool {
        guard let peer = byKey[key], let instance = entry.instance else { return false }
        return !peer.isLive && peer.inFlight == 0 && instance != peer.listedInstance && instance != peer.instance
    }

    private mutating func add(_ entry: Listing, at now: Moment) -> Key {
        lastKey += 1
        byKey[lastKey] = Peer(
            service: entry.service, endpoint: entry.endpoint, listedInstance: entry.instance, since: now)
        keys.append(lastKey)
        keyOf[entry.endpoint] = lastKey
        byService[entry.service, default: []].append(lastKey)
        return lastKey
    }

    /// Forgets a peer without anything in flight: it is gone, or could not be dialled and is new when it is listed again.
    mutating func remove(_ key: Key) {
        guard let peer = byKey.removeValue(forKey: key) else { return }
        keys.removeAll { $0 == key }
        keyOf[peer.endpoint] = nil
        byService[peer.service]?.removeAll { $0 == key }
    }

    /// Of two able instances drawn at random, the one with the smaller (in flight × latency). Those that do not serve are
    /// taken only when no other is left, and those in `tried` only when none of the same kind is.
    mutating func choose(_ service: String, avoiding tried: [Key], at now: Moment, _ dice: inout Dice) -> Key? {
        var (able, rank) = ([Key](), Int.max)
        for key in byService[service] ?? [] {
            guard let peer = byKey[key], peer.isAble(at: now, windowMax: windowMax) else { continue }
            let own = (peer.isServing ? 0 : 2) + (tried.contains(key) ? 1 : 0)
            if own < rank { (able, rank) = ([key], own) } else if own == rank { able.append(key) }
        }
        guard var best = able.first else { return nil }
        if able.count > 1 {
            let first = dice.below(able.count)
            let second = (first + 1 + dice.below(able.count - 1)) % able.count
            let isSecond = (byKey[able[second]]?.cost ?? 0) < (byKey[able[first]]?.cost ?? 0)
            best = able[isSecond ? second : first]
        }
        byKey[best]?.inFlight += 1
        asked(best, at: now)
        return best
    }

    func reaches(_ service: String) -> Bool {
        (byService[service] ?? []).contains { key in
            byKey[key].map { $0.isListed && $0.isLive && !$0.isDraining } ?? false
        }
    }

    func isLive(_ endpoint: String) -> Bool { keyOf[endpoint].flatMap { byKey[$0]?.isLive } ?? false }

    private mutating func asked(_ key: Key, at now: Moment) {
        if byKey[key]?.askedAt == nil { byKey[key]?.askedAt = now }
    }

    /// A request to it has ended.
    mutating func finished(_ key: Key, latencyMs: Double? = nil) {
        guard var peer = byKey[key] else { return }
        peer.inFlight -= 1
        if let latencyMs { peer.latencyMs = 0.8 * peer.latencyMs + 0.2 * max(0.05, latencyMs) }
        byKey[key] = peer
    }

    /// A message came from it. `isDraining` when the message said so.
    mutating func heard(_ key: Key, _ card: InstanceCard, isDraining: Bool, at now: Moment) -> Change {
        guard var peer = byKey[key] else { return .stale }
        if let instance = card.instance, peer.gone.contains(instance) { return .stale }
        if let connection = card.connection, peer.gone.contains(connection) { return .stale }
        let wasAble = peer.isLive && peer.isServing && !peer.isDraining
        var isReplaced = false
        if let instance = card.instance, instance != peer.instance {
            if let before = peer.instance {
                isReplaced = true
                peer.gone += [before] + (peer.connection.map { [$0] } ?? [])
                (peer.isDraining, peer.isServing) = (false, true)
                (peer.skippedUntil, peer.connection, peer.latencyMs) = (nil, nil, 1)
            }
            peer.instance = instance
        }
        if let connection = card.connection, connection != peer.connection {
            if let before = peer.connection {
                isReplaced = true
                peer.gone.append(before)
            }
            peer.connection = connection
        }
        if peer.gone.count > Self.goneMax { peer.gone.removeFirst(peer.gone.count - Self.goneMax) }
        peer.version = card.version ?? peer.version
        peer.isServing = card.serving ?? peer.isServing
        if isDraining || card.draining == true { peer.isDraining = true }
        (peer.isLive, peer.heardAt, peer.askedAt) = (true, now, nil)
        byKey[key] = peer
        if isReplaced { return .replaced }
        return !wasAble && peer.isServing && !peer.isDraining ? .appeared : .none
    }

    mutating func skip(_ key: Key, until moment: Moment) { byKey[key]?.skippedUntil = moment }

    /// It is silent, or nothing leaves for it: it gets nothing until it is heard again.
    mutating func lose(_ key: Key, at now: Moment) {
        guard byKey[key]?.isLive == true else { return }
        byKey[key]?.isLive = false
        byKey[key]?.since = now
    }

    /// Whether it has not been heard for six seconds, though it was asked. While the caller itself stood still, up to
    /// `resumed`, nobody could be heard.
    func isSilent(_ key: Key, at now: Moment, resumed: Moment) -> Bool {
        guard let peer = byKey[key], peer.isLive || peer.inFlight > 0, peer.askedAt != nil, let heard = peer.heardAt
        else { return false }
        return now.milliseconds(since: max(heard, resumed)) >= Self.silentMs
    }

    /// Whether it is to be pinged now; it then counts as pinged.
    mutating func takePing(_ key: Key, at now: Moment) -> Bool {
        guard let peer = byKey[key] else { return false }
        let isEager = !peer.isLive && now.milliseconds(since: peer.since) < Self.eagerMs
        guard isEager || peer.pingedAt.map({ now.milliseconds(since: $0) >= Self.pingMs }) ?? true else { return false }
        byKey[key]?.pingedAt = now
        asked(key, at: now)
        return true
    }
}
