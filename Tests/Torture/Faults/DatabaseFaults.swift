import Domain
import Postgres
import Synchronization

extension Fault {
    /// PostgreSQL itself: gone, cut off in the middle of COMMIT, without room.
    static let databaseFaults: [Fault] = [
        Fault("PostgreSQL stopped at once", .database) { world, seed in
            var seed = seed
            let server = world.servers.primary
            await server.stopAtOnce()
            await Wait.for(seed.seconds(world.plan.lasting(short: 1...4, long: 0.5...15)))
            try await server.revive()
        },
        Fault("connection cut during COMMIT", .database) { world, seed in
            var seed = seed
            let effect = Weather.Effect.cutAtCommit(percent: seed.number(1...20))
            let weather = world.proxy.weather
            let before = (
                weather.cutBefore.load(ordering: .relaxed), weather.cutAfter.load(ordering: .relaxed)
            )
            try await spell(effect, from: nil, to: "postgres", short: 4...6, long: 5...20, world, seed)
            world.log.count("cut before COMMIT arrived", weather.cutBefore.load(ordering: .relaxed) - before.0)
            world.log.count("cut after COMMIT arrived", weather.cutAfter.load(ordering: .relaxed) - before.1)
        },
        Fault("backends terminated", .database) { world, seed in
            var seed = seed
            for _ in 0..<seed.number(3...10) {
                let count = try await world.servers.sql { db in
                    try db.rows(
                        """
                        SELECT pg_terminate_backend(pid)
                        FROM pg_stat_activity
                        WHERE usename LIKE 'renling%' AND random() < 0.4
                        """
                    ) { try $0[0] as Bool }.count
                }
                world.log.count("backends terminated", count)
                await Wait.for(seed.seconds(0.2...1))
            }
        },
        Fault("disk full", .database) { world, seed in
            var seed = seed
            let server = world.servers.primary
            guard server.disk.isLimited else { throw NotHere(why: "it takes the right to mount a small tmpfs") }
            guard server.disk.fill() else { throw NotHere(why: "the tmpfs could not be made smaller") }
            // Its log has segments in store; now and then it is made to ask for a new one, which it cannot go on without.
            if seed.chance(0.5) { await exhaustLog(world) }
            await Wait.for(seed.seconds(world.plan.lasting(short: 4...6, long: 4...20)))
            if !(await server.isRunning) { world.log.count("PostgreSQL gave up without room", 1) }
            server.disk.empty()
            // Without room for its log PostgreSQL gives up, and does not come back by itself.
            try await server.revive()
        },
    ]

    private static func exhaustLog(_ world: World) async {
        for _ in 0..<8 {
            // It fails when there is no room, which is the point.
            _ = try? await world.servers.sql { db in
                try db.execute("SELECT pg_switch_wal()")
                try db.execute("SELECT pg_logical_emit_message(false, 'torture', 'x')")
            }
        }
    }
}
