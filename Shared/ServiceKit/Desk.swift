import JSONRPC
import Ledger
import Logging
import Postgres

/// A service's methods answered in the caller's own process, without doors and without anything running beside: for tests.
package struct Desk: Sendable {
    package let ledger: Ledger
    private let answerer: Answerer
    private let sweeps: Sweeps

    package init(_ settings: Settings, table: MethodTable, sweeps: Sweeps = Sweeps()) {
        self.sweeps = sweeps
        let clock = settings.clock
        ledger = Ledger(settings.mainDatabase) { clock.now }
        let system = SystemMethods(
            service: settings.service, instanceId: ledger.instanceId, startedAt: clock.now, health: Health(),
            ledger: ledger, stats: { [] })
        answerer = Answerer(
            table: table.withSystem(system, service: settings.service), ledger: ledger, tokens: Tokens(ledger),
            logger: Logger(label: "renling.\(settings.service)"), send: { _ in })
    }

    /// - Parameter isInternal: as if it came on the internal envelope, from one of our own programs.
    package func answer(_ body: [UInt8], _ headers: Headers, isInternal: Bool = false) async -> [UInt8]? {
        await answerer.answer(body, headers, door: isInternal ? .envelope : .bare, deadline: .now + .seconds(300))
    }

    /// Does whatever the clock has made due.
    package func sweep() async throws { _ = try await sweeps.exhaust(ledger) }

    package func close() async { await ledger.close() }
}
