/// How many requests may be sent again: a tenth of the traffic, so that a service in trouble is not asked ever more. A
/// full bucket lets all that one dead instance had in hand move to others.
struct RetryBudget: Sendable {
    static let share = 0.1
    let max: Double
    private(set) var left: Double

    init(max: Int) {
        self.max = Double(max)
        left = Double(max)
    }

    mutating func earn() { left = Swift.min(max, left + Self.share) }

    mutating func spend() -> Bool {
        // A little less than one: ten tenths must make one.
        guard left > 0.999 else { return false }
        left = Swift.max(0, left - 1)
        return true
    }
}
