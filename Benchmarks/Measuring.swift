import Foundation

/// The parts of the table, and what later ones take from earlier ones.
final class Measuring {
    private let place: Place
    private let plan: Plan
    private let desks: Desks
    private let pgbench: Pgbench
    private let processors: Processors
    private let contest: Contest
    private let record: Record
    /// Seconds that pgbench took for a registration and for each step.
    private var registration: Double?
    private var steps: [Double] = []

    init(_ place: Place, _ plan: Plan) async throws {
        (self.place, self.plan) = (place, plan)
        desks = try await place.makeDesks(channel: Registrations.channel)
        processors = try Processors(place)
        let folder = "\(place.folder)/bench"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        pgbench = Pgbench(database: place.database, folder: folder)
        contest = try await Contest(place, desks, pgbench, processors, plan)
        record = Record(database: place.database, month: contest.sample.month)
    }

    func measure(_ part: Bench.Part) async throws -> [Report.Line] {
        switch part {
        case .registrations:
            let (lines, rate) = try await contest.run()
            registration = 1 / rate
            return lines
        case .steps:
            let (lines, seconds) = try await StepContest(contest, place, desks, pgbench, processors).run()
            steps = seconds
            return lines
        case .lives:
            guard let registration, !steps.isEmpty else { throw Failure("lives need registrations and steps") }
            let lives = Lives(place: place, desks: desks)
            return try await LifeContest(lives: lives, record: record, processors: processors, plan: plan)
                .run(beside: [registration] + steps)
        case .python:
            return try await PythonContest(place: place, desks: desks, record: record, plan: plan).run()
        case .instances:
            return try await InstanceContest(place: place, desks: desks, record: record, plan: plan).run()
        case .starts:
            return try await Starts(place: place, count: plan.starts).run()
        case .soak:
            return try await Soak(place: place, desks: desks).run()
        }
    }

    /// What the programs have taken at most until now.
    func memory(isQuick: Bool, _ machine: Machine, _ output: String) throws -> [Report.Line] {
        let lines = try Memory.peaks(place)
        try Report.append(lines, machine, isQuick: isQuick, to: output)
        return lines
    }
}
