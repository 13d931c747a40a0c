/// The calls that wait for an instance of one service, first come, first served; those that come back from an instance
/// that could not answer go before all others. A value: whose time is over leaves in the middle.
struct CallQueue: Sendable {
    private struct Line: Sendable {
        var calls: [Int] = []
        var head = 0

        mutating func popFirst() -> Int? {
            guard head < calls.count else { return nil }
            let call = calls[head]
            head += 1
            // Moves the rest down seldom enough that a pop costs a constant on average.
            if head * 2 > calls.count {
                calls.removeFirst(head)
                head = 0
            }
            return call
        }
    }

    private var again = Line()
    private var fresh = Line()
    /// Of those that wait; what left in the middle stays in the lines until it comes to the front, or they are swept.
    private(set) var count = 0
    private(set) var bytes = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ call: Int, bytes: Int, isAgain: Bool) {
        if isAgain { again.calls.append(call) } else { fresh.calls.append(call) }
        count += 1
        self.bytes += bytes
    }

    /// The first for which `waits` holds, which stays where it is.
    mutating func first(where waits: (Int) -> Bool) -> Int? {
        while let call = again.head < again.calls.count ? again.calls[again.head] : nil {
            if waits(call) { return call }
            _ = again.popFirst()
        }
        while let call = fresh.head < fresh.calls.count ? fresh.calls[fresh.head] : nil {
            if waits(call) { return call }
            _ = fresh.popFirst()
        }
        return nil
    }

    /// Takes out what `first` has found.
    mutating func removeFirst(bytes: Int) {
        if again.head < again.calls.count { _ = again.popFirst() } else { _ = fresh.popFirst() }
        left(bytes: bytes)
    }

    /// A call has left in the middle: `first` will pass it over.
    mutating func left(bytes: Int) {
        count -= 1
        self.bytes -= bytes
    }

    /// Whether more in the lines has left than waits.
    var isSparse: Bool { again.calls.count + fresh.calls.count > 4 * count + 256 }

    mutating func sweep(keeping waits: (Int) -> Bool) {
        again = Line(calls: again.calls[again.head...].filter(waits))
        fresh = Line(calls: fresh.calls[fresh.head...].filter(waits))
    }
}
