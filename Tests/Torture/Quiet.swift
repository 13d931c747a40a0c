import Postgres

/// Waits until everything is delivered and answered after the last fault, and says how long it took.
struct Quiet: Sendable {
    struct Drain: Sendable {
        /// Until every request had its answer, every event its receipt, and every instance was ready; `nil` when the
        /// patience ended before.
        var whole: Duration?
        var answers: Duration?
        var outbox: Duration?
        var ready: Duration?
        /// What was open last.
        var left = ""
    }

    let world: World

    /// - Parameter since: when the last fault ended.
    func wait(since: ContinuousClock.Instant, patience: Duration) async -> Drain {
        var drain = Drain()
        let isQuiet = await Wait.until(patience, every: 100) {
            let (unanswered, rows, unready) = (world.crowd.unanswered, await pending, await unready)
            let passed = ContinuousClock.now - since
            drain.answers = unanswered == 0 ? drain.answers ?? passed : nil
            drain.outbox = rows == 0 ? drain.outbox ?? passed : nil
            drain.ready = unready.isEmpty ? drain.ready ?? passed : nil
            if unanswered + unready.count == 0, rows == 0 { return true }
            drain.left =
                "\(unanswered) requests unanswered, \(rows.map(String.init) ?? "?") events, not ready: \(unready)"
            return false
        }
        drain.whole = isQuiet ? ContinuousClock.now - since : nil
        return drain
    }

    /// - Returns: `nil` while nobody can tell.
    private var pending: Int64? {
        get async {
            try? await world.servers.sql { db in
                try db.value("SELECT count(*) FROM ledger.outbox WHERE dead_reason IS NULL") as Int64
            }
        }
    }

    private var unready: [String] {
        get async {
            await withTaskGroup(of: String?.self) { group in
                for keeper in world.fleet.keepers {
                    group.addTask {
                        await WebLine.status(of: "/readyz", port: keeper.instance.http) == 200
                            ? nil : keeper.instance.name
                    }
                }
                return await group.reduce(into: [String]()) { names, name in if let name { names.append(name) } }
                    .sorted()
            }
        }
    }
}
