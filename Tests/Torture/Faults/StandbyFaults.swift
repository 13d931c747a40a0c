import Domain
import Postgres

extension Fault {
    /// Synchronous replication: a standby that is not there, one that goes down, and fail-over to it.
    static let standbyFaults: [Fault] = [
        Fault("COMMIT cancelled in its wait for a ghost standby", .database) { world, seed in
            var seed = seed
            let ends = ContinuousClock.now + seed.seconds(world.plan.lasting(short: 4...6, long: 5...15))
            try await world.servers.require(standby: "ghost")
            while ContinuousClock.now < ends {
                try await end(waiting: seed.chance(0.5), world)
                await Wait.for(seed.seconds(0.1...0.5))
            }
            try await world.servers.require(standby: "")
        },
        Fault("synchronous standby down", .database) { world, seed in
            var seed = seed
            try await attachStandby(world)
            await Wait.for(seed.seconds(1...3))
            await world.servers.other.stopAtOnce()
            await Wait.for(seed.seconds(world.plan.lasting(short: 2...4, long: 3...12)))
            try await world.servers.other.revive()
            await Wait.for(seed.seconds(1...2))
            try await detachStandby(world)
        },
        Fault("fail-over, the primary dead", .database) { world, seed in
            var seed = seed
            try await attachStandby(world)
            await Wait.for(seed.seconds(world.plan.lasting(short: 1...3, long: 2...10)))
            await world.servers.primary.stopAtOnce()
            try await takeOver(world)
        },
        Fault("fail-over, the primary cut off and alive", .database) { world, seed in
            var seed = seed
            try await attachStandby(world)
            await Wait.for(seed.seconds(1...3))
            let former = world.servers.primary
            let spell = world.proxy.weather.begin(
                .init(effect: .partition, caller: nil, target: "postgres.\(former.name)"))
            await Wait.for(seed.seconds(0.5...2))
            try await takeOver(world)
            // What hangs there is committed nowhere else, and must not count.
            await Wait.for(seed.seconds(world.plan.lasting(short: 1...3, long: 2...15)))
            await former.stopAtOnce()
            world.proxy.weather.end(spell)
        },
        Fault("fail-over after cancelled waits", .database) { world, seed in
            var seed = seed
            try await attachStandby(world)
            await Wait.for(seed.seconds(1...2))
            await world.servers.other.stopAtOnce()
            // What is cancelled now is committed on the primary only, and is gone with it.
            // Longer than a lease now and then: what is swept up then is swept up of a transaction that may be gone.
            let ends = ContinuousClock.now + seed.seconds(world.plan.lasting(short: 1...3, long: 2...25))
            while ContinuousClock.now < ends {
                try await end(waiting: seed.chance(0.5), world)
                await Wait.for(seed.seconds(0.2...0.6))
            }
            await world.servers.primary.stopAtOnce()
            try await world.servers.other.revive()
            try await takeOver(world)
        },
    ]

    /// Terminates, or cancels, who waits for a standby to confirm a COMMIT.
    private static func end(waiting terminate: Bool, _ world: World) async throws {
        let function: SQL = terminate ? "pg_terminate_backend" : "pg_cancel_backend"
        let count = try await world.servers.sql { db in
            try db.rows(
                """
                SELECT \(sql: function)(pid)
                FROM pg_stat_activity
                WHERE usename LIKE 'renling%' AND wait_event = 'SyncRep' AND random() < 0.7
                """
            ) { try $0[0] as Bool }.count
        }
        world.log.count("waits for a standby \(terminate ? "terminated" : "cancelled")", count)
    }

    /// A copy of the primary in the other place, without which nothing is committed any more.
    private static func attachStandby(_ world: World) async throws {
        let (primary, standby) = (world.servers.primary, world.servers.other)
        await standby.stopAtOnce()
        try await standby.copy(of: primary)
        try await world.servers.require(standby: standby.name)
        let isThere = await Wait.until(.seconds(60)) {
            try await world.servers.sql { db in
                try db.value(
                    "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming')")
            }
        }
        if !isThere {
            try await detachStandby(world)
            throw Failure("the standby \(standby.name) did not catch up within a minute")
        }
    }

    private static func detachStandby(_ world: World) async throws {
        try await world.servers.require(standby: "")
        await world.servers.other.stopAtOnce()
    }

    /// The standby becomes the primary. It has no standby of its own to wait for.
    private static func takeOver(_ world: World) async throws {
        try await world.servers.other.promote()
        world.servers.swap()
        try await world.servers.require(standby: "")
    }
}
