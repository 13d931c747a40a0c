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
    private static let patienceSeconds = 3
    private let unsafeAllowed: Set<String>
    private let state = Mutex((now: State.starting, unsafe: Set<String>(), warnings: [String]()))

    init(unsafeAllowed: Set<String> = []) { self.unsafeAllowed = unsafeAllowed }

    var now: State { state.withLock { $0.now } }

    var isServing: Bool { now == .serving }

    /// What does not keep it from serving and needs somebody to look.
    var warnings: [String] { state.withLock { $0.warnings } }

    func check(_ ledger: Ledger) async {
        let patience = Patience(deadline: .now + .seconds(Self.patienceSeconds))
        do {
            let (settings, concerns) = try await ledger.aside.read(patience: patience) { db in
                (try ServerSettings.read(on: db), try Concerns.read(db))
            }
            let unsafe = settings.unsafe.subtracting(unsafeAllowed)
            let next = verdict(on: settings, unsafe)
            let hasChanged = state.withLock { state in
                defer { state = (next, unsafe, concerns.texts) }
                return state.unsafe != unsafe
            }
            // Each connection knows the settings of its beginning.
            if hasChanged { ledger.database.renewConnections() }
        } catch {
            state.withLock { $0.now = .notServing("PostgreSQL cannot be reached") }
        }
    }

    private func verdict(on settings: ServerSettings, _ unsafe: Set<String>) -> State {
        if !unsafe.isEmpty {
            let names = unsafe.sorted().joined(separator: ", ")
            return .notServing("PostgreSQL does not keep what it acknowledges, and writes are refused: \(names)")
        }
        if abs(settings.clockDifferenceMs) > Self.clockDifferenceMsMax {
            return .notServing("this host's clock is \(settings.clockDifferenceMs) ms off PostgreSQL's")
        }
        return .serving
    }
}
