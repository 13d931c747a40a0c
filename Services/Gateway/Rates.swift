import Domain
import Synchronization

/// How many requests each client may make: a bucket that fills with the client's rate and holds one second's worth.
final class Rates: Sendable {
    private struct Bucket {
        var level: Double
        var at: ContinuousClock.Instant
    }

    private static let bucketsMax = 10_000
    private let buckets = Mutex<[Int64: Bucket]>([:])

    /// Takes `requests` from the caller's bucket.
    ///
    /// - Returns: `nil` when they may pass; otherwise in how many milliseconds to try again.
    func wait(_ caller: Caller, requests: Int, at now: ContinuousClock.Instant = .now) -> Int? {
        guard let rate = caller.ratePerSecond.map(Double.init), rate > 0 else { return nil }
        return buckets.withLock { buckets in
            if buckets.count >= Self.bucketsMax { buckets.removeAll() }
            var bucket = buckets[caller.clientId] ?? Bucket(level: rate, at: now)
            bucket.level = min(rate, bucket.level + rate * ((now - bucket.at) / .seconds(1)))
            bucket.at = now
            defer { buckets[caller.clientId] = bucket }
            // A batch larger than the bucket passes when the bucket is full, and leaves it in debt.
            let needed = min(Double(requests), rate)
            guard bucket.level >= needed else { return max(1, Int((needed - bucket.level) / rate * 1000)) }
            bucket.level -= Double(requests)
            return nil
        }
    }
}
