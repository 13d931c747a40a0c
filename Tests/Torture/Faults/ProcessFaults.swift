import Glibc
import Ledger

extension Fault {
    /// kill -9 at named points, SIGSTOP, an orderly stop.
    static let processFaults: [Fault] =
        CrashPoint.allCases.map { point in
            Fault("crash \(point.rawValue)", .network) { world, seed in await crash(at: point, world, seed) }
        } + [
            Fault("kill gateway", .network) { world, seed in
                var seed = seed
                let keeper = seed.pick(world.fleet.keepers(of: "gateway"))
                await world.fleet.sparing([keeper]) {
                    let before = keeper.pid
                    keeper.send(SIGKILL)
                    await comesBack(keeper, after: before)
                }
            },
            Fault("stop a lease owner", .network) { world, seed in
                var seed = seed
                let keeper = seed.pick(world.fleet.keepers(of: seed.pick(["assignment", "handling"])))
                let pause = seed.seconds(world.plan.lasting(short: 17...18, long: 60...60))
                await world.fleet.sparing([keeper]) {
                    keeper.send(SIGSTOP)
                    await Wait.for(pause)
                    keeper.send(SIGCONT)
                }
            },
            Fault("stop any process for a moment", .network) { world, seed in
                var seed = seed
                let keeper = seed.pick(world.fleet.keepers)
                let pause = seed.seconds(world.plan.lasting(short: 2...5, long: 2...12))
                await world.fleet.sparing([keeper]) {
                    keeper.send(SIGSTOP)
                    await Wait.for(pause)
                    keeper.send(SIGCONT)
                }
            },
            Fault("orderly stop", .network) { world, seed in
                var seed = seed
                let keeper = seed.pick(world.fleet.keepers)
                await world.fleet.sparing([keeper]) {
                    // Before it is ready it is nobody's business how it ends.
                    let isReady = await Wait.until(.seconds(20)) {
                        await WebLine.status(of: "/readyz", port: keeper.instance.http) == 200
                    }
                    guard isReady else { return }
                    let before = keeper.pid
                    keeper.send(SIGTERM)
                    let isGone = await Wait.until(.seconds(60)) { keeper.pid != before }
                    if !isGone {
                        world.log.complain("\(keeper.instance.name) had not ended a minute after SIGTERM")
                        keeper.send(SIGKILL)
                    }
                    await comesBack(keeper, after: before)
                }
            },
        ]

    /// Has an instance that comes to the point kill itself there, after it has come by a few times.
    private static func crash(at point: CrashPoint, _ world: World, _ seed: Seed) async {
        var seed = seed
        let services =
            switch point {
            case .beforeCommit, .afterCommit: Fleet.services
            case .afterReply, .senderBeforeAcknowledge: ["assignment", "handling", "supervision"]
            case .receiverBeforeCommit, .receiverAfterCommit: ["supervision", "intake", "archive"]
            }
        let keeper = seed.pick(world.fleet.keepers(of: seed.pick(services)))
        let times = seed.number(1...(world.plan.options.isShort ? 3 : 12))
        await world.fleet.sparing([keeper]) {
            keeper.plan("\(point.rawValue):\(times)")
            let before = keeper.pid
            keeper.send(SIGKILL)
            _ = await Wait.until(.seconds(10)) { keeper.pid != nil && keeper.pid != before }
            let second = keeper.pid
            let patience = Duration.seconds(world.plan.options.isShort ? 8 : 30)
            let hasCrashed = await Wait.until(patience) { keeper.pid != second }
            if !hasCrashed { keeper.send(SIGKILL) }
            await comesBack(keeper, after: second)
        }
    }

    /// Ready is another thing: while PostgreSQL is away no instance is.
    private static func comesBack(_ keeper: Keeper, after pid: Int32?) async {
        _ = await Wait.until(.seconds(10)) { keeper.pid != nil && keeper.pid != pid }
    }
}
