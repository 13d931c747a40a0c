import Foundation
import Postgres

/// The methods that take a case further, each beside pgbench sending the very statements that the service sends.
///
/// A round makes as many cases for each entrant, and takes all of them through one step after the other: ours 64 at once
/// over HTTP, pgbench's by replaying what was traced of one call.
struct StepContest: Sendable {
    static let inFlight = 64
    let place: Place
    let desks: Desks
    let pgbench: Pgbench
    let processors: Processors
    let plan: Plan
    private let record: Record
    private let load: HTTPLoad

    /// Cases that follow one another without a gap.
    private struct Pool {
        var first: Int
        var count: Int
        var numbers: [String] {
            (first..<first + count).map { "\($0 / 1_000_000_000)-\(String(String($0).suffix(9)))" }
        }
    }

    private struct Result {
        var ours: [Stretch] = []
        /// By number of clients.
        var theirs: [Int: [Stretch]] = [:]
    }

    init(_ contest: Contest, _ place: Place, _ desks: Desks, _ pgbench: Pgbench, _ processors: Processors) {
        (self.place, self.desks, self.pgbench, self.processors) = (place, desks, pgbench, processors)
        plan = contest.plan
        record = Record(database: place.database, month: contest.sample.month)
        load = HTTPLoad(address: place.gateway)
    }

    /// - Returns: the table's lines, and how many seconds pgbench took for each step.
    func run() async throws -> (lines: [Report.Line], seconds: [Double]) {
        let replays = try await trace()
        var results = [Step: Result]()
        for round in 1...plan.stepRounds {
            let pools = try await makePools(1 + plan.stepClients.count)
            for step in Step.measured {
                guard let (trace, replay) = replays[step] else { continue }
                results[step, default: Result()].ours.append(try await ours(step, pools[0]))
                for (clients, pool) in zip(plan.stepClients, pools.dropFirst()) {
                    let stretch = try await theirs(step, pool, replay, trace, clients)
                    results[step, default: Result()].theirs[clients, default: []].append(stretch)
                    try await record.compare(step, trace, pools[0].first, pool.first, count: pool.count)
                }
            }
            Console.say("round \(round) of the steps is done")
        }
        return report(results, replays)
    }

    // MARK: Preparing

    private func trace() async throws -> [Step: ([Trace.Statement], Replay)] {
        // What services remember of calendar, policies and tokens, they have read before the call that is traced.
        let (warm, sample) = (try await makePool(1), try await makePool(1))
        for step in Step.measured { try await take(warm, step, run: "warm") }
        let log = try await Trace(place: place).log {
            for step in Step.measured { try await take(sample, step, run: "trace") }
        }
        let caseId = sample.first
        return try await Connection.open(place.database) { db in
            var replays: [Step: ([Trace.Statement], Replay)] = [:]
            for step in Step.measured {
                let trace = try Trace.transaction(holding: "c:" + step.key(sample.numbers[0], "trace"), in: log)
                replays[step] = (trace, try Replay(trace, of: caseId, db))
            }
            return replays
        }
    }

    private func take(_ pool: Pool, _ step: Step, run: String) async throws {
        for number in pool.numbers {
            let body = step.body(number, at: Lives.now)
            try await load.call(Array(body.utf8), token: step.token(desks), key: step.key(number, run))
        }
    }

    private func makePools(_ count: Int) async throws -> [Pool] {
        var pools: [Pool] = []
        for _ in 0..<count { pools.append(try await makePool(plan.stepCases)) }
        return pools
    }

    private func makePool(_ count: Int) async throws -> Pool {
        let (mark, messages, size) = (try await record.mark(), Registrations(), min(count, 128))
        let body = size == 1 ? messages.body : messages.batch(of: size)
        let request = Template(load.request(body, token: desks.source, key: size == 1 ? messages.id("0") : nil))
        struct State: Sendable {
            var request: Template
            var done = 0
        }
        _ = try await load.drive(1, State(request: request)) { state, _, reply in
            if let reply { try Replies.check(reply, registered: size) }
            guard state.done < count else { return nil }
            state.request.write(Registrations.first + state.done)
            state.done += size
            return state.request.bytes
        }
        let pool = Pool(first: mark + 1, count: count)
        guard try await record.mark() == mark + count else { throw Failure("the numbers of new cases have gaps") }
        return pool
    }

    // MARK: Running

    private func ours(_ step: Step, _ pool: Pool) async throws -> Stretch {
        try await record.settle()
        let (at, token) = (Lives.now, step.token(desks))
        let requests = pool.numbers.map {
            Array(load.request(step.body($0, at: at), token: token, key: step.key($0, "bench")).utf8)
        }
        struct State: Sendable {
            var sent = 0
            var stretch = Stretch()
        }
        let (before, began) = (try processors.used(), ContinuousClock.now)
        var stretch = try await load.drive(Self.inFlight, State()) { state, _, reply in
            if let reply {
                try Replies.check(reply)
                state.stretch.replies += 1
                state.stretch.moments.append((ContinuousClock.now - began) / .seconds(1))
            }
            guard state.sent < requests.count else { return nil }
            state.sent += 1
            return requests[state.sent - 1]
        }.stretch
        stretch.seconds = (ContinuousClock.now - began) / .seconds(1)
        // What the events that it sent cost is part of it.
        try await record.settle()
        stretch.used = zip(try processors.used(), before).map { $0 - $1 }
        return stretch
    }

    private func theirs(
        _ step: Step, _ pool: Pool, _ replay: Replay, _ trace: [Trace.Statement], _ clients: Int
    ) async throws -> Stretch {
        try await record.settle()
        let before = try processors.used()
        var stretch = try await replay.run(pgbench, first: pool.first, cases: pool.count, clients: clients)
        stretch.used = zip(try processors.used(), before).map { $0 - $1 }
        // Nobody is to send these.
        let events = trace.count { $0.text.hasPrefix("INSERT INTO ledger.outbox") }
        try await record.dropEvents(pool.first..<pool.first + pool.count, expected: events * pool.count)
        return stretch
    }

    // MARK: Reporting

    private func report(
        _ results: [Step: Result], _ replays: [Step: ([Trace.Statement], Replay)]
    ) -> (lines: [Report.Line], seconds: [Double]) {
        var (lines, seconds) = ([Report.Line](), [Double]())
        Console.say("CPU a step, in ms:")
        for step in Step.measured {
            guard let result = results[step] else { continue }
            let best = result.theirs.max { Self.rate($0.value) < Self.rate($1.value) } ?? (0, [])
            let count = replays[step]?.1.statements ?? 0
            Console.say("  \(step.rawValue), ours: \(Processors.text(result.ours))")
            Console.say("  \(step.rawValue), pgbench, \(count) statements: \(Processors.text(best.value))")
            seconds.append(1 / Self.rate(best.value))
            lines.append(
                Report.Line(
                    what: "\(step.rawValue): HTTP gateway, \(Self.inFlight) connections", value: Self.rate(result.ours),
                    unit: "/s", spread: result.ours.map(\.perSecondInTheMiddle),
                    reference: "its \(count) statements, \(best.key) clients", referenceValue: Self.rate(best.value),
                    bar: .atLeast(1)))
        }
        return (lines, seconds)
    }

    private static func rate(_ stretches: [Stretch]) -> Double { median(stretches.map(\.perSecondInTheMiddle)) }
}
