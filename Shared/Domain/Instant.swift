/// A moment on the time line, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Milliseconds, because every time that is shown, stored and compared must be the same value: a client that sends back
/// the time it was given must not be told that it lies a fraction of a millisecond in the future.
public struct Instant: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The moment `second` seconds after midnight of `day`, +08:00.
    public init(_ day: Day, second: Int = 0) {
        milliseconds = (Int64(day.number) * 86_400 + Int64(second) - Self.beijingSeconds) * 1000
    }

    public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }

    public func adding(milliseconds more: Int64) -> Instant { Instant(milliseconds: milliseconds + more) }
    public func adding(seconds: Int) -> Instant { adding(milliseconds: Int64(seconds) * 1000) }

    /// The civil date of this moment in China (+08:00, no summer time since 1991).
    public var day: Day { Day(number: Int((milliseconds + Self.beijingSeconds * 1000).flooredQuotient(86_400_000))) }

    /// Milliseconds since midnight, +08:00; 0 … 86,399,999.
    public var millisecondOfDay: Int64 { (milliseconds + Self.beijingSeconds * 1000).flooredRemainder(86_400_000) }

    /// This moment without its fraction of a second.
    public var wholeSecond: Instant { Instant(milliseconds: milliseconds.flooredQuotient(1000) * 1000) }

    static let beijingSeconds: Int64 = 8 * 3600
}

extension Int64 {
    /// Division that rounds towards minus infinity, so that moments before 1970 fall on the right day.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    func flooredRemainder(_ divisor: Int64) -> Int64 { self - flooredQuotient(divisor) * divisor }
}
