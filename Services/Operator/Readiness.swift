/// Waits until every program says at `/readyz` that it serves.
enum Readiness {
    private static let patience = Duration.seconds(60)

    /// - Throws: `Failure` naming the program that does not come up, and its log.
    static func wait(for children: [Child], _ web: Web) async throws {
        let deadline = ContinuousClock.now + patience
        try await withThrowingTaskGroup(of: Void.self) { group in
            for child in children { group.addTask { try await wait(for: child, until: deadline, web) } }
            try await group.waitForAll()
        }
    }

    private static func wait(for child: Child, until deadline: ContinuousClock.Instant, _ web: Web) async throws {
        var said = "nothing"
        while ContinuousClock.now < deadline {
            if let page = await web.get("\(child.address)/readyz") {
                if page.status == 200 { return }
                said = page.text
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw Failure("\(child.name) is not ready after 60 seconds; it says: \(said). Its log: \(child.log)")
    }
}
