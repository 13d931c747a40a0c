/// Waits until every program says at `/readyz` that it serves.
enum Readiness {
    private static let patience = Duration.seconds(60)

    /// - Throws: `Failure` naming the program that does not come up, and its log.
    static func wait(for children: [Child]) async throws {
        let deadline = ContinuousClock.now + patience
        try await withThrowingTaskGroup(of: Void.self) { group in
            for child in children { group.addTask { try await wait(for: child, until: deadline) } }
            try await group.waitForAll()
        }
    }

    private static func wait(for child: Child, until deadline: ContinuousClock.Instant) async throws {
        var said = "nothing"
        while ContinuousClock.now < deadline {
            // While nobody answers there is nothing to say.
            if let page = try? await Web.get("/readyz", at: child.address) {
                if page.status == 200 { return }
                said = page.text.split(separator: "\n").first.map(String.init) ?? said
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw Failure("\(child.name) is not ready after 60 seconds; it says: \(said). Its log: \(child.log)")
    }
}
