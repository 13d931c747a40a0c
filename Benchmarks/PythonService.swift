import Foundation
import Postgres
import ServiceKit

/// The same registrations against a service written for this in Python (`Benchmarks/Python`), one process, in turn with
/// ours; by the same generator, with the same rows.
struct PythonContest: Sendable {
    private static let connections = 64
    let place: Place
    let desks: Desks
    let record: Record
    let plan: Plan

    func run() async throws -> [Report.Line] {
        let packages = "import asyncpg, cryptography, fastapi, httptools, uvicorn, uvloop"
        guard (try? await Tool.run("/usr/bin/python3", ["-c", packages])) != nil else {
            Console.say("without the Python service: the packages of Benchmarks/Python/packages.txt are missing")
            return []
        }
        let folder = FileManager.default.currentDirectoryPath + "/Benchmarks/Python"
        let service = try Program(
            "/usr/bin/python3",
            [
                "-m", "uvicorn", "service:app", "--host", "{host}", "--port", "{port}", "--loop", "uvloop", "--http",
                "httptools", "--workers", "1", "--no-access-log", "--log-level", "warning", "--app-dir", folder,
            ],
            environment: [
                "BENCH_DATABASE": place.database.text, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONOPTIMIZE": "1",
            ],
            log: "\(place.folder)/log/bench.python.log")
        do {
            _ = try await service.ready("/livez")
            let lines = try await contest(service)
            try await service.stop()
            return lines
        } catch {
            try await service.stop()
            throw error
        }
    }

    private func contest(_ service: Program) async throws -> [Report.Line] {
        // Unmeasured: caches are filled, and it is seen that both write the same rows.
        let ours = try await stretch(place.gateway, .seconds(1))
        let theirs = try await stretch(service.http, .seconds(1))
        Console.say("bytes of rows a case: ours \(ours.bytes), the Python service \(theirs.bytes)")
        guard abs(ours.bytes - theirs.bytes) * 100 <= ours.bytes * 5 else {
            throw Failure("the Python service does not write the same rows")
        }
        var (own, other, used) = ([Double](), [Double](), (cpu: 0.0, replies: 0))
        for _ in 0..<plan.otherRounds {
            own.append(try await stretch(place.gateway, .seconds(plan.seconds)).rate)
            let before = Processors.used(by: service.pid)
            let stretch = try await stretch(service.http, .seconds(plan.seconds))
            used.cpu += Processors.used(by: service.pid) - before
            used.replies += stretch.replies
            other.append(stretch.rate)
        }
        Console.say(
            "CPU a registration in Python: \(String(format: "%.2f", used.cpu / Double(used.replies) * 1000)) ms")
        return [
            Report.Line(
                what: "registrations: HTTP gateway, \(Self.connections) connections", value: median(own), unit: "/s",
                spread: own, reference: "FastAPI and asyncpg, one process", referenceValue: median(other),
                bar: .atLeast(4))
        ]
    }

    private func stretch(
        _ address: Settings.Address, _ duration: Duration
    ) async throws -> (rate: Double, bytes: Int, replies: Int) {
        try await record.settle()
        let (mark, messages) = (try await record.mark(), Registrations())
        let stretch = try await HTTPLoad(address: address).register(
            messages, token: desks.source, connections: Self.connections, for: duration)
        let bytes = try await record.bytesPerCase("\(address)", stretch, run: messages.run, after: mark)
        return (stretch.perSecond, bytes, stretch.replies)
    }
}
