import Foundation
import Synchronization

/// Ten minutes of registrations over HTTP and ZeroMQ, whole lives and lists, all at once; and whether the programs' memory
/// stays flat: the last third's median at most 5 % above the middle third's.
struct Soak: Sendable {
    private static let seconds = 600
    let place: Place
    let desks: Desks

    func run() async throws -> [Report.Line] {
        let duration = Duration.seconds(Self.seconds)
        let sampled = Mutex([[Double]]())
        let sampler = Task {
            while !Task.isCancelled {
                let now = try Place.programs.map { try Memory.mebibytes("VmRSS", of: try place.pid(of: $0)) }
                sampled.withLock { $0.append(now) }
                try await Task.sleep(for: .seconds(1))
            }
        }
        defer { sampler.cancel() }
        async let registered = HTTPLoad(address: place.gateway).register(
            Registrations(), token: desks.source, connections: 8, for: duration)
        async let sent = ZeroMQLoad(endpoint: place.intake).register(
            Registrations(), token: desks.source, inFlight: 16, for: duration)
        async let lived = Lives(place: place, desks: desks).run(for: duration)
        async let listed = list(for: duration)
        let counts = try await (registered.replies, sent.replies, lived.replies, listed)
        Console.say("\(counts.0) registered over HTTP, \(counts.1) over ZeroMQ, \(counts.2) lives, \(counts.3) lists")
        let samples = sampled.withLock { $0 }
        return Place.programs.enumerated().map { place, program in
            let third = samples.count / 3
            let middle = samples[third..<2 * third].map { $0[place] }
            let last = samples[(2 * third)...].map { $0[place] }
            return Report.Line(
                what: "resident memory over \(Self.seconds / 60) minutes: \(program), last third", value: median(last),
                unit: "MiB", spread: last, reference: "middle third", referenceValue: median(middle), bar: .atMost(1.05)
            )
        }
    }

    /// Pages of the office's search, of a unit's claim list, of the ladder and of a source's changes.
    private func list(for duration: Duration) async throws -> Int {
        let load = HTTPLoad(address: place.gateway)
        let requests = [
            ("intake.search", #"{"limit":50,"status":["registered"]}"#, desks.office),
            ("assignment.claimList", #"{"limit":50}"#, desks.unit),
            ("supervision.steps", #"{"limit":50}"#, desks.supervisor),
            ("intake.changes", #"{"limit":200}"#, desks.source),
        ].map { method, params, token in
            let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
            return Array(load.request(body, token: token, key: nil).utf8)
        }
        let began = ContinuousClock.now
        return try await load.drive(requests.count, 0) { count, line, reply in
            if let reply {
                try Replies.check(reply)
                count += 1
            }
            return ContinuousClock.now - began < duration ? requests[line] : nil
        }
    }
}
