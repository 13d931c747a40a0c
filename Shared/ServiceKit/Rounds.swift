import Ledger
import Logging
import Metrics
import Postgres
import ServiceLifecycle

/// What a program does again and again beside answering: beat, look who lives, sweep the outbox, keep its callers in time.
struct Rounds: Service {
    let entry: Instances.Entry?
    let ledger: Ledger
    let dialer: Dialer
    let sender: OutboxSender
    let sweeps: Sweeps
    let staticPeers: [Settings.Peer]
    let health: Health
    let isDraining: @Sendable () -> Bool
    /// Reads anew who may shake hands with the door.
    let renewAdmission: @Sendable () throws -> Void
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await dialer.keepTime() }
                group.addTask { await every(milliseconds: 20) { _ in await sender.keepBooks() } }
                // The gateway changes no case and has no outbox to look after.
                if entry != nil {
                    group.addTask { await every(milliseconds: 250...750) { _ in await sender.sweep() } }
                    for sweep in sweeps.entries {
                        group.addTask { await every(milliseconds: 500...1000) { _ in await run(sweep) } }
                    }
                    group.addTask {
                        await pause(.seconds(.random(in: 60...300)))
                        await every(milliseconds: 3_600_000) { _ in await keepUp() }
                    }
                }
                group.addTask { await every(milliseconds: 2000) { _ in await look() } }
                group.addTask { await every(milliseconds: Instances.beatSeconds * 1000) { _ in await beat() } }
                group.addTask {
                    // Every five seconds, and ten times as often while something is wrong.
                    await every(milliseconds: 500) { count in
                        if count.isMultiple(of: 10) || !health.isServing { await health.check(ledger) }
                    }
                }
            }
        }
    }

    /// Says in the registry that the instance lives, or that it is about to go.
    func beat() async {
        guard var entry else { return }
        entry.draining = isDraining()
        do {
            try await ledger.keepBooks { [entry] db in
                try Instances.beat(entry, version: Version.text, db)
                try Instances.sweepDead(db)
            }
        } catch {
            logger.debug("the registry could not be written", metadata: ["error": "\(error)"])
        }
    }

    /// Takes the instance out of the registry: it has ended in order.
    func leave() async {
        guard let entry else { return }
        do {
            let patience = Patience(deadline: .now + .seconds(2))
            try await ledger.aside.transaction(.unsynced, patience: patience) { db in
                try Instances.leave(entry.instanceId, db)
            }
        } catch {
            logger.debug("the registry could not be written", metadata: ["error": "\(error)"])
        }
    }

    /// Goes on at once while there is more.
    private func run(_ sweep: Sweeps.Entry) async {
        do {
            var found = sweep.atOnce
            while found >= sweep.atOnce, !Task.isCancelled {
                let began = ContinuousClock.now
                let done = try await sweep.run(ledger)
                found = done.found
                note(sweep, found, took: .now - began)
                sender.send(done.events)
            }
        } catch {
            logger.warning("a sweep failed", metadata: ["sweep": "\(sweep.name)", "error": "\(error)"])
        }
    }

    /// What a unit of work took, by whether anything was due.
    private func note(_ sweep: Sweeps.Entry, _ found: Int, took: Duration) {
        Timer(
            label: "renling_sweep_seconds", dimensions: [("sweep", sweep.name), ("found", found > 0 ? "some" : "none")]
        ).recordNanoseconds(Int64(took / .nanoseconds(1)))
        Counter(label: "renling_swept", dimensions: [("sweep", sweep.name)]).increment(by: found)
    }

    private func keepUp() async {
        do {
            try await Upkeep.run(ledger)
        } catch {
            logger.warning("the ledger's upkeep failed", metadata: ["error": "\(error)"])
        }
    }

    /// While the registry, or the file of outside clients, cannot be read the last list stands.
    private func look() async {
        do {
            try renewAdmission()
        } catch {
            logger.warning("the list of clients could not be read", metadata: ["error": "\(error)"])
        }
        do {
            let living = try await ledger.aside.read { db in try Instances.living(db) }
            let fixed = staticPeers.map { Peers.Listing(service: $0.service, endpoint: $0.endpoint) }
            await dialer.update(
                fixed
                    + living.map {
                        Peers.Listing(
                            service: $0.service, endpoint: $0.endpoint, instance: $0.instanceId, isDraining: $0.draining
                        )
                    })
        } catch {
            logger.debug("the registry could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func every(milliseconds: Int, _ body: (Int) async -> Void) async {
        await every(milliseconds: milliseconds...milliseconds, body)
    }

    /// Runs `body` at once and then after each pause, until the task is cancelled.
    private func every(milliseconds: ClosedRange<Int>, _ body: (Int) async -> Void) async {
        var count = 0
        while !Task.isCancelled {
            await body(count)
            count &+= 1
            await pause(.milliseconds(Int.random(in: milliseconds)))
        }
    }

    /// Cut short only by the end of everything, which the loop sees.
    private func pause(_ duration: Duration) async { try? await Task.sleep(for: duration, clock: .continuous) }
}
