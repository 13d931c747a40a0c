import Foundation

/// What a run did and found.
package struct Report: Sendable {
    package let options: Options
    package var seconds = 0.0
    /// Requests with a key of their own, how often they were sent, and what became of them.
    package var requests = 0
    package var sends = 0
    package var acknowledged = 0
    package var refused = 0
    package var unknown = 0
    package var cases = 0
    package var events = 0
    package var copies = (atOnce: 0, outOfOrder: 0, late: 0)
    package var kills = 0
    /// Of the kills those at named points.
    package var crashes: [String: Int] = [:]
    package var faults: [String: Int] = [:]
    /// What the faults struck: connections, backends.
    package var struck: [String: Int] = [:]
    package var notHere: [String: String] = [:]
    /// Seconds, one a round; `nil` where the patience ended first.
    package var drains: [Double?] = []
    package var violations: [Violation] = []

    package var hasPassed: Bool { violations.isEmpty }
    package func count(_ kind: Violation.Kind) -> Int { violations.count { $0.kind == kind } }

    static func make(_ world: World, _ drains: [Quiet.Drain], lasted: Duration) async throws -> Report {
        let history = world.history.operations
        let facts = try await Facts.load(world.servers)
        var report = Report(options: world.plan.options)
        report.seconds = lasted / .seconds(1)
        report.requests = history.count
        report.sends = world.history.sends
        report.acknowledged = history.count { $0.outcome == .ok }
        report.refused = history.count { $0.outcome == .fail }
        report.unknown = history.count { $0.outcome == .unknown }
        report.cases = facts.cases.count
        report.events = facts.messages.count
        report.copies = world.postman.sent
        report.kills = world.fleet.kills
        report.crashes = world.fleet.crashes
        report.faults = Dictionary(grouping: world.log.entries, by: \.name).mapValues(\.count)
        report.struck = world.log.counts
        report.notHere = world.log.notHere
        report.drains = drains.map { $0.whole.map { $0 / .seconds(1) } }
        report.violations = Checks.all(history, facts)
        report.violations += DatabaseChecks.receipts(world.postman.receipts, facts)
        report.violations += try await DatabaseChecks.papers(world.servers)
        report.violations += try await DatabaseChecks.archive(world)
        report.violations += seen(world, drains)
        if !report.hasPassed || world.plan.options.keepsEvidence { try Evidence.write(history, world) }
        return report
    }

    private static func seen(_ world: World, _ drains: [Quiet.Drain]) -> [Violation] {
        let options = world.plan.options
        let late = drains.enumerated().compactMap { index, drain -> Violation? in
            guard let whole = drain.whole else { return Violation(.late, "round \(index + 1): \(drain.left)") }
            guard options.isBarEnforced, whole > options.drainBar else { return nil }
            return Violation(.late, "round \(index + 1) took \(Int(whole / .seconds(1))) s to drain")
        }
        return late + world.crowd.complaints.map { Violation(.seen, $0) }
            + world.postman.complaints.map { Violation(.seen, $0) }
            + world.log.complaints.map { Violation(.fault, $0) }
            + world.fleet.unexpected.map { Violation(.process, $0) }
    }

    static func line(of drain: Quiet.Drain, round: Int, _ world: World) -> String {
        func shown(_ duration: Duration?) -> String {
            duration.map { "\((($0 / .seconds(1)) * 10).rounded() / 10) s" } ?? "never"
        }
        return "round \(round): \(world.history.count) requests, \(world.fleet.kills) kills; drained after "
            + "\(shown(drain.whole)) (answers \(shown(drain.answers)), events \(shown(drain.outbox)), ready \(shown(drain.ready)))"
            + (drain.left.isEmpty ? "" : "; open last: \(drain.left)")
    }
}
