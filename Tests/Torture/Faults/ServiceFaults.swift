import Domain
import Glibc
import Ledger
import Postgres

extension Fault {
    /// Whole services that are away, overloaded, or sent what they cannot take.
    static let serviceFaults: [Fault] = [
        Fault("all instances of a service away", .database) { world, seed in
            var seed = seed
            let service = seed.pick(["assignment", "handling", "supervision", "archive"])
            let keepers = world.fleet.keepers(of: service)
            let pause = seed.seconds(world.plan.lasting(short: 10...11, long: 60...60))
            await world.fleet.sparing(keepers) {
                for keeper in keepers {
                    keeper.hold()
                    keeper.send(SIGKILL)
                }
                let began = world.history.now
                await Wait.for(pause)
                if world.history.answered("intake.register", from: began, to: world.history.now) == 0 {
                    world.log.complain("intake accepted nothing while \(service) was away")
                }
                for keeper in keepers { keeper.release() }
            }
        },
        Fault("receiver overloaded", .network) { world, seed in
            var seed = seed
            let service = seed.pick(["supervision", "intake", "archive"])
            let ends = ContinuousClock.now + seed.seconds(world.plan.lasting(short: 3...4, long: 5...15))
            let params = Array(#"{"from":"2026-03-02","workingDays":400}"#.utf8)
            let method = service == "supervision" ? "supervision.computeDue" : "\(service).none"
            let token = world.desk.tokens[.office] ?? ""
            while ContinuousClock.now < ends {
                await withTaskGroup(of: Void.self) { group in
                    // More at once than a door takes from one caller (1,024).
                    for door in world.desk.doors[service] ?? [] {
                        for _ in 0..<1500 {
                            group.addTask {
                                _ = await world.desk.lines.call(
                                    door, method, params, token: token, budgetMs: 2000, patience: .seconds(3))
                            }
                        }
                    }
                }
            }
        },
        Fault("poison message", .database) { world, seed in
            var seed = seed
            try await Poison.write(number: seed.number(1...900_000_000), world.servers)
        },
        Fault("registry unreadable", .database) { world, seed in
            var seed = seed
            let pause = seed.seconds(world.plan.lasting(short: 4...6, long: 5...25))
            if seed.chance(0.5) {
                try await world.servers.surely { db in
                    try db.execute("REVOKE ALL ON ledger.service_instances FROM renling_service, renling_gateway")
                }
                await Wait.for(pause)
                try await world.servers.surely { db in
                    try db.execute(
                        """
                        GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.service_instances
                        TO renling_service, renling_gateway
                        """)
                }
            } else {
                // Whoever reads it waits, and gives up.
                try await world.servers.sql { db in
                    try db.transaction { db in
                        try db.execute("LOCK TABLE ledger.service_instances IN ACCESS EXCLUSIVE MODE")
                        try db.execute("SELECT pg_sleep(\(pause / .seconds(1)))")
                    }
                }
            }
        },
    ]
}

/// Messages that no receiver can take: events of cases that do not exist. Each becomes a dead row and stops nobody.
enum Poison {
    /// Ids of cases that exist are greater.
    static let caseBelow = Int64(200_001_000_000_000)
    private static let month = Int64(190_001_000_000_000)

    static func write(number: Int, _ servers: Servers) async throws {
        let caseId = month + Int64(number)
        let params = #"{"caseNumber":"\#(CaseNumber(id: caseId).text)","place":{"version":1,"ordinal":1}}"#
        try await servers.surely { db in
            try db.execute(
                """
                INSERT INTO ledger.outbox (msg_id, consumer, method, case_id, version, ordinal, params, ready_at)
                VALUES (\(MessageID.make())::uuid, 'supervision', 'supervision.caseDispatched', \(caseId), 1, 1, \(params),
                    now())
                ON CONFLICT DO NOTHING
                """)
        }
    }
}
