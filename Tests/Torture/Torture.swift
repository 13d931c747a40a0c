import Foundation

/// A run: real programs and real clusters, callers who keep a history, faults in rounds, and at the end the checker.
/// docs/reliability.md says what is done and how to read the report.
package struct Torture: Sendable {
    private static let startSeconds = 120
    let options: Options
    private let say: @Sendable (String) -> Void

    package init(_ options: Options, say: @escaping @Sendable (String) -> Void) {
        self.options = options
        self.say = say
    }

    /// - Throws: `Failure` when the run could not be made; what it found is in the report.
    package func run() async throws -> Report {
        say("seed \(options.seed)")
        let town = try await Town.build(options, say: say)
        do {
            let report = try await run(town.world)
            await town.tearDown()
            return report
        } catch {
            await town.tearDown()
            throw error
        }
    }

    private func run(_ world: World) async throws -> Report {
        let quiet = Quiet(world: world)
        world.fleet.start()
        let start = await quiet.wait(since: .now, patience: .seconds(Self.startSeconds))
        guard start.whole != nil else { throw Failure("the programs do not come up: \(start.left)") }
        say("\(world.fleet.keepers.count) processes serve")
        world.crowd.start()
        world.postman.start()

        let began = ContinuousClock.now
        let end = options.seconds > 0 ? began + .seconds(options.seconds) : nil
        var drains: [Quiet.Drain] = []
        repeat {
            world.crowd.enter(.running)
            await Nemesis(world: world).round(drains.count + 1, until: end)
            let last = ContinuousClock.now
            world.crowd.enter(.finishing)
            let drain = await quiet.wait(since: last, patience: options.drainPatience)
            drains.append(drain)
            say(Report.line(of: drain, round: drains.count, world))
            guard drain.whole != nil else { break }
        } while !isEnough(world, until: end)
        world.crowd.enter(.idle)
        await world.postman.stop()
        await world.crowd.stop()
        return try await Report.make(world, drains, lasted: .now - began)
    }

    private func isEnough(_ world: World, until end: ContinuousClock.Instant?) -> Bool {
        if let end { return ContinuousClock.now >= end }
        return world.history.count >= options.requests && world.fleet.kills >= options.kills
    }
}
