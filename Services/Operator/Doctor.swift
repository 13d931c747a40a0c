import ArgumentParser
import Foundation
import Ledger
import Postgres
import ServiceKit

/// `renling doctor`: what an operator looks at first when something is wrong.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks the database, its settings, the services and the outbox.",
        discussion: "Prints ok, warn or fail for each, and ends with 1 when something fails.")

    private static let clockDifferenceMsMax = 2000
    private static let monthsAheadMin = 2
    private static let pendingSecondsMax = 60

    enum Verdict: String, Sendable { case ok, warn, fail }

    struct Finding: Sendable {
        var verdict: Verdict
        var subject: String
        var detail: String

        init(_ verdict: Verdict, _ subject: String, _ detail: String) {
            self.verdict = verdict
            self.subject = subject
            self.detail = detail
        }
    }

    func run() async throws {
        let findings: [Finding]
        do {
            let connection = try Installation.current.connection()
            findings = try await Connection.open(connection) { db in try Self.examine(db, connection) }
        } catch {
            findings = [Finding(.fail, "database", "\(error)")]
        }
        for finding in findings {
            let verdict = finding.verdict.rawValue.padding(toLength: 5, withPad: " ", startingAt: 0)
            Console.say(
                "\(verdict)\(finding.subject.padding(toLength: 12, withPad: " ", startingAt: 0))\(finding.detail)")
        }
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitCode.failure }
    }

    private static func examine(_ db: Connection, _ connection: ConnectionString) throws -> [Finding] {
        let settings = try ServerSettings.read(on: db)
        var findings = [
            Finding(.ok, "database", "\(connection)"), server(settings), durability(settings), clock(settings),
        ]
        let applied = try Store.migrations(db)
        let missing = (["ledger"] + Migrating.services).filter { applied[$0] == nil }
        guard missing.isEmpty else {
            return findings + [
                Finding(.fail, "migrations", "none of \(missing.joined(separator: ", ")); run `renling migrate`")
            ]
        }
        findings.append(Finding(.ok, "migrations", "\(applied.values.reduce(0, +)) applied"))
        let months = try Store.monthsAhead(db)
        findings.append(
            Finding(
                months > monthsAheadMin ? .ok : months > 0 ? .warn : .fail, "partitions",
                "\(max(0, months - 1)) months ahead" + (months > monthsAheadMin ? "" : "; run `renling migrate`")))
        return findings + (try instances(db)) + [outbox(try Store.outbox(db))]
    }

    private static func server(_ settings: ServerSettings) -> Finding {
        let version = "PostgreSQL \(settings.serverVersion / 10_000).\(settings.serverVersion % 10_000)"
        if settings.isInRecovery { return Finding(.fail, "server", "\(version) is a standby: nothing can be written") }
        return Finding(settings.serverVersion / 10_000 >= 15 ? .ok : .fail, "server", version)
    }

    private static func durability(_ settings: ServerSettings) -> Finding {
        let detail =
            "fsync \(settings.fsync ? "on" : "off"), full_page_writes \(settings.fullPageWrites ? "on" : "off"), "
            + "synchronous_commit \(settings.synchronousCommit)"
        return Finding(settings.unsafe.isEmpty ? .ok : .fail, "durability", detail)
    }

    private static func clock(_ settings: ServerSettings) -> Finding {
        let difference = abs(settings.clockDifferenceMs)
        return Finding(
            difference > clockDifferenceMsMax ? .fail : difference > clockDifferenceMsMax / 4 ? .warn : .ok, "clock",
            "this host is \(settings.clockDifferenceMs) ms ahead of PostgreSQL's")
    }

    private static func instances(_ db: Connection) throws -> [Finding] {
        let living = Dictionary(grouping: try Instances.living(db), by: \.service)
        if living.isEmpty { return [Finding(.warn, "services", "none runs")] }
        return Migrating.services.map { service in
            let own = living[service] ?? []
            let endpoints = own.map { $0.endpoint + ($0.draining ? " (draining)" : "") }.joined(separator: ", ")
            return Finding(
                own.contains { !$0.draining } ? .ok : .fail, service, own.isEmpty ? "no living instance" : endpoints)
        }
    }

    private static func outbox(_ outbox: Store.Outbox) -> Finding {
        let detail = "\(outbox.pending) pending, the oldest for \(outbox.oldestSeconds) s; \(outbox.dead) dead"
        if outbox.dead > 0 { return Finding(.fail, "outbox", detail + "; see system.deadRows") }
        return Finding(outbox.oldestSeconds > pendingSecondsMax ? .warn : .ok, "outbox", detail)
    }
}
