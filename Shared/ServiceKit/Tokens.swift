import Domain
import Ledger
import Postgres
import Synchronization

/// Looks bearer tokens up, and remembers what it found for five seconds. A service reads the table itself: what another
/// says about a caller is not believed.
final class Tokens: Sendable {
    private struct Known {
        var caller: Caller?
        var until: ContinuousClock.Instant
    }

    private static let keptSeconds = 4.0
    private static let knownMax = 10_000
    private let ledger: Ledger
    private let known = Mutex<[[UInt8]: Known]>([:])

    init(_ ledger: Ledger) { self.ledger = ledger }

    /// - Returns: `nil` for a token that stands for nobody.
    func caller(for token: String) async throws -> Caller? {
        guard (1...512).contains(token.utf8.count) else { return nil }
        let digest = Secrets.sha256(Array(token.utf8))
        let now = ContinuousClock.now
        if let found = known.withLock({ $0[digest] }), found.until > now { return found.caller }
        let caller = try await ledger.aside.read { db in try Clients.caller(tokenDigest: digest, db) }
        known.withLock { known in
            if known.count >= Self.knownMax { known.removeAll() }
            known[digest] = Known(caller: caller, until: now + .seconds(Self.keptSeconds))
        }
        return caller
    }
}
