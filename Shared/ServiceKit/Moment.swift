/// A moment of the monotonic clock, in microseconds since the program began. The state machines of the transport are told
/// it and never ask; in the simulation it is virtual.
struct Moment: Comparable, Hashable, Sendable {
    var microseconds: Int64

    private static let origin = ContinuousClock.now

    init(microseconds: Int64) { self.microseconds = microseconds }

    init(_ instant: ContinuousClock.Instant) {
        let (seconds, attoseconds) = (instant - Self.origin).components
        microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    static var now: Moment { Moment(.now) }

    static func < (left: Moment, right: Moment) -> Bool { left.microseconds < right.microseconds }
    static func + (moment: Moment, milliseconds: Int) -> Moment {
        Moment(microseconds: moment.microseconds + Int64(milliseconds) * 1000)
    }

    func milliseconds(since other: Moment) -> Int { Int((microseconds - other.microseconds) / 1000) }
}

/// The generator that the state machines draw from (SplitMix64): the same seed gives the same draws.
struct Dice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 up to `bound`, without it.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
