import ArgumentParser
import Foundation

/// `bench`: what the work costs through our doors, beside PostgreSQL's own pgbench writing the same rows to the same
/// cluster, and beside others. `make bench` starts a system for it; docs/performance.md says what is measured and why so.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures the system beside pgbench and others; see docs/performance.md.")

    @Option(help: "The folder (RENLING_DATA) of an installation that runs and that nobody else uses.") var data = ""
    @Option(help: "The file that gets one line a figure.") var output = ".local/bench.jsonl"
    @Flag(help: "Fewer and shorter rounds: the figures spread more.") var quick = false
    @Flag(help: "Ten minutes of mixed load after the rest, and whether memory stays flat.") var soak = false
    @Option(help: "Only these parts; may be repeated.") var part: [Part] = []

    /// What the table is made of, in the order in which it is measured.
    enum Part: String, ExpressibleByArgument, CaseIterable {
        case registrations, steps, lives, python, instances, starts, soak
    }

    @Option(help: "Measures what answers take on this ledger instead, and adds them to --figures under this name.")
    var ledger: String?
    @Option(help: "The file between the runs on ledgers of several sizes; without --ledger their ratios are printed.")
    var figures: String?

    func run() async throws {
        let machine = await Machine.current()
        if let figures { return try await compareLedgers(figures, machine) }
        let place = try Place(folder: data)
        let plan = quick ? Plan.quick : .full
        Console.say("\(machine)\n\(plan)")
        let bench = try await Measuring(place, plan)
        let wanted = part.isEmpty ? Part.allCases.filter { $0 != .soak || soak } : part
        var lines: [Report.Line] = []
        for part in Part.allCases where wanted.contains(part) {
            let began = ContinuousClock.now
            let more = try await bench.measure(part)
            // Each at once: a part that fails later does not take the others' figures with it.
            try Report.append(more, machine, isQuick: quick, to: output)
            lines += more
            Console.say("\(part.rawValue): \((ContinuousClock.now - began) / .seconds(1)) s\n")
        }
        lines += try bench.memory(isQuick: quick, machine, output)
        Console.say("\n" + Report.table(lines))
        Console.say("\nwritten to \(output)")
    }

    private func compareLedgers(_ figures: String, _ machine: Machine) async throws {
        if let ledger {
            let place = try Place(folder: data)
            return try LedgerRatios.append(
                try await LedgerSizes(place: place, ledger: ledger, isQuick: quick).run(), to: figures)
        }
        let lines = try LedgerRatios.lines(of: figures)
        Console.say("\n" + Report.table(lines))
        try Report.append(lines, machine, isQuick: quick, to: output)
    }
}
