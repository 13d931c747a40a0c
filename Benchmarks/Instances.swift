import Postgres
import Synchronization

/// Registrations over HTTP with two instances of intake, in turn with one; and whether any of PostgreSQL's sessions is
/// seen waiting for a lock then.
struct InstanceContest: Sendable {
    private static let connections = 64
    let place: Place
    let desks: Desks
    let record: Record
    let plan: Plan

    func run() async throws -> [Report.Line] {
        var (one, two) = ([Double](), [Double]())
        let (sampleOfOne, sampleOfTwo) = (LockSampler(place.database), LockSampler(place.database))
        for _ in 0..<plan.otherRounds {
            one.append(try await sampleOfOne.watching { try await stretch() })
            let second = try Program(another: "intake", of: place)
            do {
                _ = try await second.ready()
                // Until the gateway has found it in the registry, which it reads once a second.
                try await Task.sleep(for: .seconds(3))
                let before = Processors.used(by: second.pid)
                two.append(try await sampleOfTwo.watching { try await stretch() })
                guard Processors.used(by: second.pid) - before > 0.05 else {
                    throw Failure("the second instance of intake got nothing to do")
                }
            } catch {
                try await second.stop()
                throw error
            }
            try await second.stop()
        }
        Console.say("waiting for a lock, with one instance: \(sampleOfOne), with two: \(sampleOfTwo)")
        let lock = sampleOfTwo.share
        return [
            Report.Line(
                what: "registrations: HTTP, two instances of intake", value: median(two), unit: "/s", spread: two,
                reference: "one instance", referenceValue: median(one), bar: .atLeast(0.95)),
            Report.Line(
                what: "samples with a session waiting for a lock, two instances", value: lock, unit: "%",
                spread: [lock],
                reference: "samples", referenceValue: 100, bar: .atMost(0)),
        ]
    }

    private func stretch() async throws -> Double {
        try await record.settle()
        let mark = try await record.mark()
        let stretch = try await HTTPLoad(address: place.gateway).register(
            Registrations(), token: desks.source, connections: Self.connections, for: .seconds(plan.seconds))
        try await record.check("instances", stretch, after: mark)
        return stretch.perSecond
    }
}

/// Looks at `pg_stat_activity` fifty times a second.
final class LockSampler: Sendable, CustomStringConvertible {
    private struct Seen {
        var samples = 0
        var waiting = 0
        /// By kind of lock.
        var events: [String: Int] = [:]
    }

    private let database: ConnectionString
    private let seen = Mutex(Seen())

    init(_ database: ConnectionString) { self.database = database }

    var share: Double { seen.withLock { Double($0.waiting) / Double(max(1, $0.samples)) * 100 } }
    var description: String {
        let seen = seen.withLock { $0 }
        let events = seen.events.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value)" }.joined()
        return "\(seen.waiting) of \(seen.samples) samples\(events)"
    }

    func watching<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        let pool = Database(database, connections: 1, applicationName: "bench", prepares: true)
        let task = Task {
            while !Task.isCancelled {
                let events = try await pool.read { db in
                    try db.rows(
                        "SELECT wait_event FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
                    ) { try $0["wait_event"] as String }
                }
                seen.withLock { seen in
                    seen.samples += 1
                    if !events.isEmpty { seen.waiting += 1 }
                    for event in Set(events) { seen.events[event, default: 0] += 1 }
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let result: T
        do {
            result = try await body()
        } catch {
            task.cancel()
            await pool.close()
            throw error
        }
        task.cancel()
        // Its own end by cancellation is no failure; any other is.
        if case .failure(let error) = await task.result, !(error is CancellationError) { throw error }
        await pool.close()
        return result
    }
}
