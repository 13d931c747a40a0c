import ZeroMQ

/// A service's side of the transport as a value: which requests are taken, and when an instance that is about to go may
/// go. Each request is admitted and released, or refused in words; none is dropped.
struct Admission: Sendable {
    struct Limits: Sendable {
        /// Admitted and not answered yet.
        var inFlightPerPeerMax = 1024
        var inFlightMax = 4096
        var bytesMax = 64 << 20
        var bodyBytesMax = 8 << 20
        var retryAfterMs = 200
    }

    enum Decision: Sendable, Equatable { case admitted, busy, draining }

    /// Who spoke within this time is told when the instance is about to go.
    private static let latelyMs = 10_000
    private static let speakersMax = 4096
    /// An instance about to go waits for so long without a request, so that those on their way are told to go elsewhere.
    static let quietMs = 250

    let limits: Limits
    private(set) var inFlight = 0
    private(set) var bytes = 0
    private(set) var isDraining = false
    private var perPeer: [PeerID: Int] = [:]
    private var speakers: [PeerID: Moment] = [:]
    private var quietSince: Moment?

    init(limits: Limits = Limits()) { self.limits = limits }

    func inFlight(from peer: PeerID) -> Int { perPeer[peer] ?? 0 }

    mutating func admit(_ peer: PeerID, bytes: Int, at now: Moment) -> Decision {
        if isDraining {
            quietSince = now
            return .draining
        }
        let own = perPeer[peer] ?? 0
        guard own < limits.inFlightPerPeerMax, inFlight < limits.inFlightMax, self.bytes + bytes <= limits.bytesMax
        else { return .busy }
        perPeer[peer] = own + 1
        inFlight += 1
        self.bytes += bytes
        return .admitted
    }

    /// An admitted request was answered.
    mutating func release(_ peer: PeerID, bytes: Int) {
        let left = (perPeer[peer] ?? 1) - 1
        perPeer[peer] = left > 0 ? left : nil
        inFlight -= 1
        self.bytes -= bytes
    }

    /// One of our own programs pinged.
    mutating func pinged(by peer: PeerID, at now: Moment) {
        if speakers.count >= Self.speakersMax, speakers[peer] == nil {
            speakers = speakers.filter { now.milliseconds(since: $0.value) < Self.latelyMs }
            guard speakers.count < Self.speakersMax else { return }
        }
        speakers[peer] = now
    }

    /// From now on whoever comes is told to go elsewhere.
    ///
    /// - Returns: whom to tell without being asked.
    mutating func drain(at now: Moment) -> [PeerID] {
        guard !isDraining else { return [] }
        (isDraining, quietSince) = (true, now)
        return speakers.filter { now.milliseconds(since: $0.value) < Self.latelyMs }.map(\.key)
    }

    /// Whether an instance about to go has nothing left to answer and nobody comes any more.
    func isDone(at now: Moment) -> Bool {
        guard isDraining, inFlight == 0, let quietSince else { return false }
        return now.milliseconds(since: quietSince) >= Self.quietMs
    }
}
