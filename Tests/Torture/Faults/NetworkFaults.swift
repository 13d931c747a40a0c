extension Fault {
    /// What a network does between callers, gateways, services and PostgreSQL.
    static let networkFaults: [Fault] = [
        Fault("partition between two services", .network) { world, seed in
            var seed = seed
            // Each tells the other of its events.
            let (sender, receiver) = seed.pick([
                ("assignment", "supervision"), ("handling", "supervision"), ("handling", "intake"),
                ("supervision", "archive"),
            ])
            try await spell(.partition, from: sender, to: receiver, short: 4...8, long: 5...40, world, seed)
        },
        Fault("partition of an instance", .network) { world, seed in
            var seed = seed
            let target = seed.pick(world.fleet.keepers).instance.name
            try await spell(.partition, from: nil, to: target, short: 3...7, long: 5...30, world, seed)
        },
        Fault("partition from PostgreSQL", .network) { world, seed in
            var seed = seed
            let caller = seed.pick(world.fleet.keepers).instance.name
            try await spell(.partition, from: caller, to: "postgres", short: 3...7, long: 5...30, world, seed)
        },
        Fault("delays", .network) { world, seed in
            var seed = seed
            let target = seed.pick(Fleet.services + ["gateway", "postgres"])
            let effect = Weather.Effect.delay(milliseconds: seed.number(20...600))
            try await spell(effect, from: nil, to: target, short: 3...6, long: 5...20, world, seed)
        },
        Fault("connections cut", .network) { world, seed in
            var seed = seed
            for _ in 0..<seed.number(2...6) {
                let target = seed.pick(Fleet.services + ["gateway", "postgres"])
                let links = world.proxy.links(target: target).filter { _ in seed.chance(0.7) }
                for link in links { link.cut() }
                world.log.count("connections cut", links.count)
                await Wait.for(seed.seconds(0.1...1.5))
            }
        },
        Fault("connections half closed", .network) { world, seed in
            var seed = seed
            for _ in 0..<seed.number(1...4) {
                let target = seed.pick(Fleet.services + ["gateway", "postgres"])
                for link in world.proxy.links(target: target) where seed.chance(0.5) {
                    link.halfClose(towardsTarget: seed.chance(0.5))
                }
                await Wait.for(seed.seconds(0.2...2))
            }
        },
    ]

    static func spell(
        _ effect: Weather.Effect, from caller: String?, to target: String?, short: ClosedRange<Double>,
        long: ClosedRange<Double>, _ world: World, _ seed: Seed
    ) async throws {
        var seed = seed.branch("spell")
        if case .partition = effect {
            world.log.count("connections partitioned", world.proxy.links(caller: caller, target: target).count)
        }
        let spell = world.proxy.weather.begin(.init(effect: effect, caller: caller, target: target))
        await Wait.for(seed.seconds(world.plan.lasting(short: short, long: long)))
        world.proxy.weather.end(spell)
    }
}
