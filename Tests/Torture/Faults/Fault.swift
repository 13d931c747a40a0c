/// One row of what fails: how it is brought about, held for a while and taken back. When `run` returns the fault has ended.
struct Fault: Sendable {
    /// Faults of one lane follow each other; the lanes go on side by side, with kills at random beside both.
    enum Lane: String, Sendable, CaseIterable {
        /// PostgreSQL, and whole services.
        case database
        /// Single processes, and the network.
        case network
    }

    let name: String
    let lane: Lane
    let run: @Sendable (World, Seed) async throws -> Void

    init(_ name: String, _ lane: Lane, _ run: @escaping @Sendable (World, Seed) async throws -> Void) {
        self.name = name
        self.lane = lane
        self.run = run
    }

    /// Every fault that a run draws from. docs/reliability.md says which row of docs/messaging.md each stands for.
    static let all: [Fault] = processFaults + networkFaults + serviceFaults + databaseFaults + standbyFaults
}

/// A fault that cannot be brought about here, such as a full disk without the right to mount one.
struct NotHere: Error, Sendable {
    let why: String
}
