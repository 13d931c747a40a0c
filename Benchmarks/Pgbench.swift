import Foundation
import Postgres

/// PostgreSQL's own load generator, writing the rows that a registration writes: the measure that ours is held against.
/// Statements are prepared once per connection (`-M prepared`); it enters by the same Unix socket as the services.
struct Pgbench: Sendable {
    enum Script: Sendable {
        /// All rows by one statement: what the tables and their indexes cost at the least.
        case statement
        /// BEGIN, an INSERT a table, COMMIT: what a program without a service in between would do.
        case transaction
    }

    enum Length: Sendable {
        case seconds(Int)
        /// So many transactions by each client.
        case transactions(Int)

        var options: [String] {
            switch self {
            case .seconds(let count): ["-T", "\(count)"]
            case .transactions(let count): ["-t", "\(count)"]
            }
        }
    }

    private static let program =
        (ProcessInfo.processInfo.environment["RENLING_POSTGRES_BIN"] ?? "/usr/lib/postgresql/15/bin") + "/pgbench"
    let database: ConnectionString
    /// Where scripts and logs may lie.
    let folder: String

    /// - Parameter sample: the case whose values are written.
    func run(
        _ script: Script, _ sample: Sample, clients: Int, seconds: Int
    ) async throws -> (run: String, stretch: Stretch) {
        let run = Self.newRun()
        let values = sample.values + [("run", run), ("n", "0")]
        return (run, try await self.run(script.text, values, clients: clients, .seconds(seconds), run))
    }

    /// - Parameter values: of the script's variables.
    func run(
        _ text: String, _ values: [(String, String)], clients: Int, _ length: Length, _ run: String = newRun()
    ) async throws -> Stretch {
        let (file, log) = ("\(folder)/\(run).sql", "\(folder)/\(run)")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let said = try await Tool.run(
            Self.program,
            ["-n", "-M", "prepared", "-c", "\(clients)", "-j", "\(min(clients, 2))"] + length.options
                + ["-f", file, "-l", "--log-prefix", log] + values.flatMap { ["-D", "\($0.0)=\($0.1)"] }
                + [database.text],
            environment: ["LC_ALL": "C"], in: folder)
        let failed = Self.number(after: "failed transactions: ", in: said)
        guard let rate = Self.number(after: "tps = ", in: said), failed == 0 else {
            throw Failure("pgbench says:\n\(said)")
        }
        var stretch = Stretch()
        (stretch.latencies, stretch.moments) = try takeLog(run)
        stretch.replies = stretch.latencies.count
        stretch.seconds = Double(stretch.replies) / rate
        if case .seconds = length { stretch.rate = stretch.perSecondLater }
        try FileManager.default.removeItem(atPath: file)
        return stretch
    }

    private static func newRun() -> String { String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }

    private static func number(after label: String, in text: String) -> Double? {
        text.firstRange(of: label).flatMap { Double(text[$0.upperBound...].prefix { $0.isNumber || $0 == "." }) }
    }

    /// Of each line the third column, the latency, and the last two, the moment of its end. The logs are removed.
    private func takeLog(_ run: String) throws -> (latencies: [UInt32], moments: [Double]) {
        var (latencies, moments) = ([UInt32](), [Double]())
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("\(run).") {
            guard name != "\(run).sql" else { continue }
            for line in try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n") {
                let columns = line.split(separator: " ")
                guard columns.count > 5, let latency = UInt32(columns[2]), let second = Double(columns[4]),
                    let microsecond = Double(columns[5])
                else { throw Failure("not a log of pgbench: \(line)") }
                latencies.append(latency)
                moments.append(second + microsecond / 1_000_000)
            }
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        return (latencies, moments.sorted())
    }
}

/// The values of a case that really was registered: what pgbench writes is as long as what we write.
struct Sample: Sendable {
    let values: [(String, String)]

    init(externalId: String, _ db: Connection) throws {
        let names = [
            "month", "channel", "title", "body", "alias", "clocks", "due_at", "warn_at", "client", "response", "sealed",
            "calendar", "proceedings",
        ]
        let found = try db.one(
            """
            SELECT c.case_id / 1000000000 AS month, c.channel, c.title, c.body, c.alias, c.clocks, c.due_at, c.warn_at,
                t.client_id AS client, k.response, p.sealed, f.calendar_version AS calendar, c.proceedings
            FROM ledger.cases c
            JOIN ledger.timeline t USING (case_id)
            JOIN ledger.clock_facts f USING (case_id)
            JOIN intake.petitioners p USING (case_id)
            JOIN ledger.idempotency_keys k ON k.client_id = t.client_id AND k.key = 'c:' || c.external_id
            WHERE c.channel = \(Registrations.channel) AND c.external_id = \(externalId)
            """
        ) { row in try names.enumerated().map { try row[.at($0.offset)] as String } }
        values = Array(zip(names, found))
    }

    /// The upper six digits of its case id.
    var month: Int { values.first { $0.0 == "month" }.flatMap { Int($0.1) } ?? 0 }
}
