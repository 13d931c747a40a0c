import ArgumentParser

/// `bench`: what registering costs through our doors, beside PostgreSQL's own pgbench writing the same rows to the same
/// cluster. `make bench` starts a system for it; docs/performance.md says what is measured and why so.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures registrations beside pgbench; see docs/performance.md.")

    @Option(help: "The folder (RENLING_DATA) of an installation that runs and that nobody else uses.") var data = ""
    @Option(help: "The file that gets one line a figure.") var output = ".local/bench.jsonl"
    @Flag(help: "Fewer and shorter rounds: the figures spread more.") var quick = false

    @Option(help: "Measures what answers take on this ledger instead, and adds them to --figures under this name.")
    var ledger: String?
    @Option(help: "The file between the runs on ledgers of several sizes; without --ledger their ratios are printed.")
    var figures: String?

    func run() async throws {
        let machine = await Machine.current()
        if let figures { return try await compareLedgers(figures, machine) }
        let place = try Place(folder: data)
        let contest = try await Contest(place, quick ? .quick : .full)
        Console.say("\(machine)\n\(contest.plan)")
        let lines = try await contest.run()
        Console.say("\n" + Report.table(lines))
        try Report.append(lines, machine, isQuick: quick, to: output)
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
