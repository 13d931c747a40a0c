import Foundation

/// How many rounds of which length.
struct Plan: Sendable, CustomStringConvertible {
    var rounds: Int
    /// Of our own loads; pgbench has `pgbenchSeconds` for each number of clients.
    var seconds: Int
    var pgbenchSeconds: Int
    var latencySeconds: Int
    /// The reference is the best of these.
    var clients: [Int]

    /// The six other methods: rounds, cases a round and entrant, and pgbench's clients.
    var stepRounds: Int
    var stepCases: Int
    var stepClients: [Int]
    /// Whole lives, a Python service, two instances.
    var otherRounds: Int
    var starts: Int

    static let quick = Plan(
        rounds: 2, seconds: 2, pgbenchSeconds: 2, latencySeconds: 1, clients: [16, 64], stepRounds: 2, stepCases: 768,
        stepClients: [16], otherRounds: 2, starts: 5)
    static let full = Plan(
        rounds: 4, seconds: 6, pgbenchSeconds: 4, latencySeconds: 2, clients: [8, 16, 32, 64], stepRounds: 3,
        stepCases: 2048, stepClients: [16, 64], otherRounds: 3, starts: 5)

    var description: String {
        "\(rounds) rounds in turn: \(seconds) s each by HTTP and ZeroMQ, \(pgbenchSeconds) s of each pgbench script with "
            + clients.map(String.init).joined(separator: ", ") + " clients, \(latencySeconds) s of one caller each"
    }
}

/// What is measured. All of them write the same rows.
enum Entrant: Hashable, Sendable, CustomStringConvertible {
    case gateway(connections: Int)
    /// Many in each request: JSON-RPC batches, or `intake.registerBatch`.
    case batches(of: Int, connections: Int)
    case zeroMQ(inFlight: Int)
    case pgbench(Pgbench.Script, clients: Int)

    var description: String {
        switch self {
        case .gateway(1): "HTTP gateway, one caller"
        case .gateway(let connections): "HTTP gateway, \(connections) connections"
        case .batches(100, let connections): "JSON-RPC batches of 100, \(connections) connections"
        case .batches(let count, let connections): "registerBatch of \(count), \(connections) connections"
        case .zeroMQ(let inFlight): "ZeroMQ, \(inFlight) in flight"
        case .pgbench(.statement, 1): "one prepared statement, one client"
        case .pgbench(.statement, let clients): "one prepared statement, \(clients) clients"
        case .pgbench(.transaction, let clients): "plain transaction, \(clients) clients"
        }
    }
}

/// Lets the entrants run in turn, round by round: what else the machine does then falls on all of them.
struct Contest: Sendable {
    static let gateway = Entrant.gateway(connections: 64)
    static let zeroMQ = Entrant.zeroMQ(inFlight: 256)
    static let batches = Entrant.batches(of: 100, connections: 4)
    static let bigBatches = Entrant.batches(of: 500, connections: 4)
    static let caller = Entrant.gateway(connections: 1)
    static let client = Entrant.pgbench(.statement, clients: 1)

    let plan: Plan
    private let place: Place
    private let token: String
    let sample: Sample
    private let record: Record
    private let pgbench: Pgbench
    private let processors: Processors

    /// Registers the case whose rows pgbench copies.
    init(_ place: Place, _ desks: Desks, _ pgbench: Pgbench, _ processors: Processors, _ plan: Plan) async throws {
        (self.place, self.plan, self.pgbench, self.processors) = (place, plan, pgbench, processors)
        token = desks.source
        let (messages, source) = (Registrations(), token)
        _ = try await HTTPLoad(address: place.gateway).register(messages, token: source, connections: 1, for: .zero)
        let first = messages.id("\(Registrations.first)")
        sample = try await Record(database: place.database).sample(first)
        record = Record(database: place.database, month: sample.month)
    }

    /// - Returns: the table's lines, and how many registrations a second the plain statement makes.
    func run() async throws -> (lines: [Report.Line], reference: Double) {
        try await rehearse()
        var stretches: [Entrant: [Stretch]] = [:]
        for round in 1...plan.rounds {
            for (entrant, seconds) in entrants {
                stretches[entrant, default: []].append(try await stretch(entrant, seconds).stretch)
            }
            let said = [
                Self.gateway, Self.batches, Self.bigBatches, Self.zeroMQ, best(.statement, stretches),
                best(.transaction, stretches),
            ]
            .map { "\($0) \(Int(stretches[$0]?.last?.perSecond ?? 0))/s" }
            Console.say("round \(round): " + said.joined(separator: ", "))
        }
        let scripts = [best(.statement, stretches), best(.transaction, stretches)]
        Console.say("CPU a registration, in ms:")
        for entrant in [Self.gateway, Self.batches, Self.bigBatches, Self.zeroMQ] + scripts {
            Console.say("  \(entrant): " + Processors.text(stretches[entrant, default: []]))
        }
        return (lines(stretches), rate(scripts[0], stretches))
    }

    private var entrants: [(Entrant, seconds: Int)] {
        [Self.gateway, Self.batches, Self.bigBatches, Self.zeroMQ].map { ($0, plan.seconds) }
            + plan.clients.map { (.pgbench(.statement, clients: $0), plan.pgbenchSeconds) }
            + plan.clients.map { (.pgbench(.transaction, clients: $0), plan.pgbenchSeconds) }
            + [(Self.caller, plan.latencySeconds), (Self.client, plan.latencySeconds)]
    }

    /// Everybody once, unmeasured: caches are filled, and it is seen that all write rows of the same number and size.
    private func rehearse() async throws {
        var sizes: [(Entrant, Int)] = []
        let scripts: [Entrant] = [.pgbench(.statement, clients: 16), .pgbench(.transaction, clients: 16)]
        for entrant in [Self.gateway, Self.batches, Self.bigBatches, Self.zeroMQ] + scripts {
            let mark = try await record.mark()
            let (run, stretch) = try await stretch(entrant, 1)
            sizes.append((entrant, try await record.bytesPerCase("\(entrant)", stretch, run: run, after: mark)))
        }
        Console.say("bytes of rows a case: " + sizes.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
        let (least, most) = (sizes.map(\.1).min() ?? 0, sizes.map(\.1).max() ?? 0)
        guard most * 100 <= least * 105 else { throw Failure("they do not write the same rows") }
    }

    private func stretch(_ entrant: Entrant, _ seconds: Int) async throws -> (run: String, stretch: Stretch) {
        try await record.settle()
        let mark = try await record.mark()
        let (messages, duration) = (Registrations(), Duration.seconds(seconds))
        let before = try processors.used()
        var (run, stretch): (String, Stretch)
        switch entrant {
        case .gateway(let connections):
            let load = HTTPLoad(address: place.gateway)
            run = messages.run
            stretch = try await load.register(messages, token: token, connections: connections, for: duration)
        case .batches(let count, let connections):
            run = messages.run
            stretch = try await HTTPLoad(address: place.gateway).register(
                messages, token: token, connections: connections, for: duration, cases: count)
        case .zeroMQ(let inFlight):
            let load = ZeroMQLoad(endpoint: place.intake)
            run = messages.run
            stretch = try await load.register(messages, token: token, inFlight: inFlight, for: duration)
        case .pgbench(let script, let clients):
            (run, stretch) = try await pgbench.run(script, sample, clients: clients, seconds: seconds)
        }
        stretch.used = zip(try processors.used(), before).map { $0 - $1 }
        try await record.check("\(entrant)", stretch, after: mark)
        return (run, stretch)
    }

    private func best(_ script: Pgbench.Script, _ stretches: [Entrant: [Stretch]]) -> Entrant {
        let candidates = plan.clients.map { Entrant.pgbench(script, clients: $0) }
        return candidates.max { rate($0, stretches) < rate($1, stretches) } ?? Self.client
    }

    private func rate(_ entrant: Entrant, _ stretches: [Entrant: [Stretch]]) -> Double {
        median(stretches[entrant, default: []].map(\.perSecond))
    }

    private func lines(_ stretches: [Entrant: [Stretch]]) -> [Report.Line] {
        let (statement, transaction) = (best(.statement, stretches), best(.transaction, stretches))
        let pairs = [
            (Self.gateway, statement, 1.0), (Self.gateway, transaction, 2.0), (Self.zeroMQ, statement, 1.5),
            (Self.batches, statement, 3.0), (Self.bigBatches, statement, 3.0),
        ]
        let rates = pairs.map { ours, reference, bar in
            Report.Line(
                what: "registrations: \(ours)", value: rate(ours, stretches), unit: "/s",
                spread: stretches[ours, default: []].map(\.perSecond), reference: "\(reference)",
                referenceValue: rate(reference, stretches), bar: .atLeast(bar))
        }
        let (ours, reference) = (stretches[Self.caller, default: []], stretches[Self.client, default: []])
        let latency = Report.Line(
            what: "median latency: \(Self.caller)", value: median(ours.map(\.medianMs)), unit: "ms",
            spread: ours.map(\.medianMs), reference: "\(Self.client)",
            referenceValue: median(reference.map(\.medianMs)), bar: .atMost(2.5))
        return rates + [latency]
    }

}

func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
