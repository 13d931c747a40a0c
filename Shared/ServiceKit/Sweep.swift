import Domain
import Ledger
import Postgres

/// What a service does because of the clock: a little of what is due in one unit of work, again and again until nothing is.
/// Any number of instances sweep at once; each locks what it takes and passes over what another holds.
public protocol Sweep<Service>: Sendable {
    associatedtype Service: Sendable
    /// For logs and metrics, such as `lapses`.
    static var name: String { get }
    /// How many cases one unit of work takes.
    static var atOnce: Int { get }
    /// Does some of what is due, as the role `system`.
    ///
    /// - Parameter limit: how many cases at most.
    /// - Returns: how many it found; fewer than `limit` means that nothing more is due.
    static func run(upTo limit: Int, in work: Work, of service: Service) throws -> Int
}

extension Sweep {
    /// An act on several cases locks at most so many.
    public static var atOnce: Int { 50 }
}

/// The sweeps of a service, ready to be run.
public struct Sweeps: Sendable {
    struct Entry: Sendable {
        let name: String
        let atOnce: Int
        let run: @Sendable (Ledger) async throws -> (found: Int, events: [OutgoingEvent])
    }

    private static let patience = Duration.seconds(30)
    private(set) var entries: [Entry] = []

    /// None.
    public init() {}

    public init<Service: Sendable>(_ sweeps: [any Sweep<Service>.Type], of service: Service) {
        for sweep in sweeps { add(sweep, service) }
    }

    private mutating func add<Service: Sendable, S: Sweep<Service>>(_ sweep: S.Type, _ service: Service) {
        entries.append(
            Entry(name: S.name, atOnce: S.atOnce) { ledger in
                var request = WorkRequest(caller: .system, method: S.name)
                request.patience = Patience(deadline: .now + Self.patience)
                return try await ledger.sweep(request) { try S.run(upTo: S.atOnce, in: $0, of: service) }
            })
    }

    /// Runs everything until nothing is due; for tests.
    func exhaust(_ ledger: Ledger) async throws -> [OutgoingEvent] {
        var events: [OutgoingEvent] = []
        for entry in entries {
            var found = entry.atOnce
            while found == entry.atOnce {
                let done = try await entry.run(ledger)
                found = done.found
                events += done.events
            }
        }
        return events
    }
}
