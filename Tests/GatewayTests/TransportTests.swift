import Testing

@testable import ServiceKit

/// Instances that come and go, on real sockets. Nothing here is timed: each test waits for what must happen.
@Suite(.timeLimit(.minutes(2)))
struct TransportTests {
    @Test func aSecondInstanceTakesTrafficAfterItsStart() async throws {
        try await TransportStage.with { stage in
            let first = try await TestInstance("first")
            await stage.list(first)
            #expect(try await stage.call() == "first")
            let second = try await TestInstance("second")
            await stage.list(first, second)
            try await until { try await stage.call() == "second" }
            await first.kill()
            await second.kill()
        }
    }

    @Test func killingOneOfTwoFailsNoCall() async throws {
        try await TransportStage.with { stage in
            let (first, second) = (try await TestInstance("first", isHolding: true), try await TestInstance("second"))
            await stage.list(first, second)
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await stage.call("test.hold") } }
                await until {
                    group.addTask { try await stage.call("test.hold") }
                    return first.held >= 20
                }
                await first.kill()
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(names == ["second"])
            await second.kill()
        }
    }

    @Test func aRestartOnTheSamePortMovesWhatWaited() async throws {
        try await TransportStage.with { stage in
            let old = try await TestInstance("old", isHolding: true)
            await stage.list(old)
            async let waiting = stage.call("test.hold")
            await until { old.held == 1 }
            await old.kill()
            let new = try await TestInstance("new", at: old.endpoint)
            #expect(try await waiting == "new")
            #expect(try await stage.call() == "new")
            await new.kill()
        }
    }

    @Test func drainingLosesNoReplyUnderLoad() async throws {
        try await TransportStage.with { stage in
            let (first, second) = (try await TestInstance("first", isHolding: true), try await TestInstance("second"))
            await stage.list(first, second)
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                await until {
                    group.addTask { try await stage.call("test.hold") }
                    return first.held >= 20
                }
                first.door.announceEnd()
                for _ in 0..<200 { group.addTask { try await stage.call() } }
                first.letGo()
                await first.door.drain()
                return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            // What it had taken it answered; what came later went to the other.
            #expect(names["first", default: 0] >= 20 && names["second", default: 0] >= 200)
            #expect(try await stage.call() == "second")
            await first.kill()
            await second.kill()
        }
    }

    @Test func aFullInstanceSaysSoAndTheOtherTakesOver() async throws {
        try await TransportStage.with { stage in
            var limits = Admission.Limits()
            limits.inFlightMax = 1
            let first = try await TestInstance("first", isHolding: true, limits: limits)
            await stage.list(first)
            async let held = stage.call("test.hold")
            await until { first.held == 1 }
            await #expect(throws: Dialer.Failure.overloaded) { try await stage.call() }
            let second = try await TestInstance("second")
            await stage.list(first, second)
            await until { stage.dialer.isLive(second.endpoint) }
            #expect(try await stage.call() == "second")
            first.letGo()
            #expect(try await held == "first")
            await first.kill()
            await second.kill()
        }
    }

    @Test func withoutPatienceACallFailsAtOnceWhereNobodyIs() async throws {
        try await TransportStage.with { stage in
            await #expect(throws: Dialer.Failure.unavailable) {
                try await stage.dialer.call("test", [], Headers(), deadline: .now + .seconds(3600), patience: .zero)
            }
        }
    }
}
