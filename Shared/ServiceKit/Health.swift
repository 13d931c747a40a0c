import Ledger
import Postgres
import Synchronization

/// Whether this instance may serve: PostgreSQL answers, keeps what it acknowledges, and its clock agrees with ours.
final class Health: Sendable {
    enum State: Sendable, Equatable {
        case starting
        case serving
        case notServing(String)
    }

    static let clockDifferenceMsMax = 2000
    private let state = Mutex(State.starting)

    var now: State { state.withLock { $0 } }

    var isServing: Bool { now == .serving }

    func check(_ ledger: Ledger) async {
        do {
            let settings = try await ledger.database.read { db in try ServerSettings.read(on: db) }
            let next: State =
                if !settings.isDurable {
                    .notServing(
                        "PostgreSQL does not keep what it acknowledges: fsync, full_page_writes, synchronous_commit")
                } else if abs(settings.clockDifferenceMs) > Self.clockDifferenceMsMax {
                    .notServing("this host's clock is \(settings.clockDifferenceMs) ms off PostgreSQL's")
                } else {
                    .serving
                }
            state.withLock { $0 = next }
        } catch {
            state.withLock { $0 = .notServing("PostgreSQL cannot be reached") }
        }
    }
}
