/// Waiting for what cannot tell that it has happened: it is looked at again and again.
enum Wait {
    static func briefly(milliseconds: Int = 20) async {
        // Cut short only by the end of everything, which the loops around it see.
        try? await Task.sleep(for: .milliseconds(milliseconds))
    }

    static func `for`(_ duration: Duration) async {
        // The same.
        try? await Task.sleep(for: duration)
    }

    /// - Returns: whether the condition came true in time.
    static func until(
        _ patience: Duration, every milliseconds: Int = 50, _ condition: () async throws -> Bool
    ) async -> Bool {
        let deadline = ContinuousClock.now + patience
        while true {
            // What cannot be asked is not so yet.
            if (try? await condition()) ?? false { return true }
            if ContinuousClock.now > deadline || Task.isCancelled { return false }
            await briefly(milliseconds: milliseconds)
        }
    }
}
