import Glibc
import Ledger
import Synchronization

/// Plays the faults: in each round every one of them once, in an order that the seed shuffles, while processes are killed
/// at random beside them.
struct Nemesis: Sendable {
    /// To be chosen by name: nothing happens for a quarter of a minute; or nothing but kills.
    private static let (calm, kills) = ("calm", "kill at random")

    let world: World

    private func isChosen(_ name: String) -> Bool {
        let (only, without) = (world.plan.options.only, world.plan.options.without)
        if without.contains(name) { return false }
        return only.isEmpty ? name != Self.calm : only.contains(name)
    }

    /// - Parameter until: no fault is begun after that.
    func round(_ number: Int, until end: ContinuousClock.Instant?) async {
        await withTaskGroup(of: Void.self) { group in
            let killer = Task { await killAtRandom(world.plan.seed.branch("killer", number)) }
            if isChosen(Self.calm) { group.addTask { await Wait.for(.seconds(15)) } }
            for lane in Fault.Lane.allCases { group.addTask { await play(lane, round: number, until: end) } }
            await group.waitForAll()
            killer.cancel()
            await killer.value
        }
    }

    private func play(_ lane: Fault.Lane, round: Int, until end: ContinuousClock.Instant?) async {
        var seed = world.plan.seed.branch("lane \(lane.rawValue)", round)
        let deck = Fault.all.filter { $0.lane == lane && isChosen($0.name) }
        for (index, fault) in deck.shuffled(using: &seed).enumerated() {
            if Task.isCancelled { return }
            if let end, ContinuousClock.now > end { return }
            await Wait.for(seed.seconds(world.plan.lasting(short: 0.2...1, long: 0.5...4)))
            await play(fault, world.plan.seed.branch(fault.name, round &* 1000 &+ index))
        }
    }

    private func play(_ fault: Fault, _ seed: Seed) async {
        let began = world.history.now
        do {
            try await fault.run(world, seed)
            world.log.add(.init(name: fault.name, began: began, ended: world.history.now, detail: ""))
        } catch let problem as NotHere {
            world.log.cannot(fault.name, problem.why)
        } catch {
            // The run goes on; a database that stays away shows in the drain.
            world.log.add(.init(name: fault.name, began: began, ended: world.history.now, detail: "\(error)"))
            world.log.complain("\(fault.name) could not be carried out: \(error)")
        }
    }

    /// kill -9 of anything, and for some what is started again comes to an end at a named point of its own.
    private func killAtRandom(_ seed: Seed) async {
        guard isChosen(Self.kills) else { return }
        var seed = seed
        while !Task.isCancelled {
            await Wait.for(seed.seconds(world.plan.lasting(short: 1...5, long: 0.5...3.5)))
            let all = world.fleet.killable
            guard !Task.isCancelled, !all.isEmpty else { continue }
            let keeper = seed.pick(all)
            if seed.chance(0.4), !keeper.instance.isGateway {
                keeper.plan("\(seed.pick(CrashPoint.allCases).rawValue):\(seed.number(3...60))")
            }
            keeper.send(SIGKILL)
        }
    }
}
