/// How long to wait before a program is started again: not at all the first time, then from 100 ms to 2 s as long as it
/// keeps ending within a second.
struct RestartPause {
    private static let longLived = Duration.seconds(1)
    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(2)
    private var shortLives = 0

    mutating func after(_ lived: Duration) -> Duration {
        guard lived < Self.longLived else {
            shortLives = 0
            return .zero
        }
        shortLives += 1
        return shortLives == 1 ? .zero : min(Self.longest, Self.first * (1 << min(shortLives - 2, 5)))
    }
}
