import Foundation

/// What a run is asked for, from the environment.
package struct Options: Sendable {
    package var seed: UInt64
    /// Where the programs to be tormented lie.
    package var programs: String
    /// The version before, if every second instance is to be of that.
    package var programsBefore: String?
    /// A folder of the run's own, which somebody else removes.
    package var folder: String
    /// One round with short faults, for `make test`.
    package var isShort = false
    /// Rounds are added until all three are reached.
    package var requests = 0
    package var kills = 0
    package var seconds = 0
    /// How long after the last fault everything must be delivered and answered.
    package var drainBar = Duration.seconds(30)
    /// How long the run waits for that before it gives up; between the bar and this it is late, and says so.
    package var drainPatience = Duration.seconds(300)
    /// Whether a drain beyond the bar fails the run.
    package var isBarEnforced = true
    package var clients = 24
    /// Only these faults, by name; all when empty. And those that are left out.
    package var only: Set<String> = []
    package var without: Set<String> = []
    /// Writes history and faults down even if nothing was found.
    package var keepsEvidence = false

    package init(seed: UInt64, programs: String, folder: String) {
        self.seed = seed
        self.programs = programs
        self.folder = folder
    }

    /// - Parameter arguments: the folder of the programs, and the run's own.
    /// - Throws: `Failure` naming what is malformed.
    package init(environment: [String: String], arguments: [String]) throws {
        guard arguments.count == 2 else { throw Failure("usage: torture <folder of the programs> <empty folder>") }
        func number(_ name: String) throws -> Int? {
            guard let text = environment[name], !text.isEmpty else { return nil }
            guard let number = Int(text), number >= 0 else { throw Failure("\(name) must be a number, not \(text)") }
            return number
        }
        self.init(
            seed: UInt64(try number("SEED") ?? Int.random(in: 1...999_999)), programs: arguments[0],
            folder: arguments[1])
        isShort = environment["SHORT"] == "1"
        isBarEnforced = !isShort
        requests = try number("REQUESTS") ?? 0
        kills = try number("KILLS") ?? 0
        seconds = try number("TORTURE_SECONDS") ?? 0
        clients = max(1, try number("CLIENTS") ?? (isShort ? 12 : 24))
        programsBefore = environment["PROGRAMS_BEFORE"].flatMap { $0.isEmpty ? nil : $0 }
        let faults = (environment["FAULTS"] ?? "").split(separator: ",").map(String.init)
        without = Set(faults.filter { $0.hasPrefix("-") }.map { String($0.dropFirst()) })
        only = Set(faults.filter { !$0.hasPrefix("-") })
        keepsEvidence = environment["KEEP"] == "1"
    }
}

/// What keeps a run from being made; not what a run finds.
package struct Failure: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }
}
