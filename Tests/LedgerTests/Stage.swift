import Domain
@testable import Ledger
import Postgres
import ServiceKit
import TestKit

/// A ledger of its own on a city's database, as the role of a program.
struct Stage: Sendable {
    let ledger: Ledger

    /// - Parameter lockTimeout: milliseconds to wait for a lock, in place of the role's two seconds.
    static func with<T: Sendable>(
        _ city: City, as service: String = "intake", connections: Int = 2, lockTimeout: Int? = nil,
        _ body: @Sendable (Stage) async throws -> T
    ) async throws -> T {
        var string = city.database.setting("user", to: "renling_\(service)")
        if let lockTimeout { string = string.setting("options", to: "-c lock_timeout=\(lockTimeout)") }
        let clock = city.clock
        let stage = Stage(ledger: Ledger(Database(string, connections: connections)) { clock.now })
        do {
            let value = try await body(stage)
            await stage.ledger.close()
            return value
        } catch {
            await stage.ledger.close()
            throw error
        }
    }

    static func request(
        _ key: String?, _ params: String = "{}", method: String = "test.method", client: Int64 = 1
    ) -> WorkRequest {
        var request = WorkRequest(caller: Caller(clientId: client, role: .registrar), method: method)
        request.key = key.map { RequestKey(text: $0, digest: Secrets.sha256(Array(params.utf8)), daysKept: 90) }
        return request
    }
}
