import Testing

@testable import ServiceKit

/// The transport in virtual time: thousands of runs, each drawn from a number, in which messages are lost, doubled and
/// late, and instances are killed, stand still, restart and drain. A number that fails is printed and fails again alone:
/// `World(Plan(seed: 4711)).run()`.
struct SimulationTests {
    private static let seeds = 10_000
    private static let lanes = 2

    private static func failures(of seeds: StrideTo<Int>) async -> [String] {
        var failures: [String] = []
        for seed in seeds {
            let plan = Plan(seed: UInt64(seed))
            let violations = World(plan).run()
            if let first = violations.first, failures.count < 3 {
                failures.append("seed \(seed) (\(plan.kind)): \(first)")
            }
            // Other tests run on the same threads.
            await Task.yield()
        }
        return failures
    }

    @Test func nothingBreaksInTenThousandRuns() async {
        let failures = await withTaskGroup(of: [String].self) { group in
            for lane in 0..<Self.lanes {
                group.addTask { await Self.failures(of: stride(from: lane, to: Self.seeds, by: Self.lanes)) }
            }
            return await group.reduce(into: [String]()) { $0 += $1 }
        }
        #expect(failures == [])
    }

    @Test(arguments: Plan.Kind.allCases) func theSameSeedGivesTheSameRun(kind: Plan.Kind) {
        func trace() -> [Int] {
            let world = World(Plan(seed: 12, kind: kind))
            _ = world.run()
            return [Int(world.now.microseconds), world.moves, world.failures, world.answered.count]
        }
        #expect(trace() == trace())
    }

    /// Without keys a request that moves has its effect twice, and without positions an event has: the simulation sees it.
    @Test(arguments: [Plan.Kind.storm, .events]) func withoutKeysSomethingHappensTwice(kind: Plan.Kind) {
        let found = (0..<200).contains { seed in
            var plan = Plan(seed: UInt64(seed), kind: kind)
            plan.keepsKeys = false
            return !World(plan).run().isEmpty
        }
        #expect(found)
    }
}
