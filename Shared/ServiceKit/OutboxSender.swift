import Domain
import JSONRPC
import Ledger
import Logging
import Metrics
import ServiceLifecycle
import Synchronization

/// Delivers the outbox: sends leased events to their consumers, removes those that were acknowledged in batches, puts
/// back those that did not arrive, and sweeps up what nobody holds.
final class OutboxSender: Sendable {
    private enum Verdict: Sendable {
        case delivered
        /// Unreachable, busy, draining or timed out: no try counted.
        case notArrived
        case failed(reason: String, isPermanent: Bool)
    }

    private static let inFlightMax = 256
    private static let acknowledgedAtOnce = 200
    private let ledger: Ledger
    private let dialer: Dialer
    private let token: String
    private let logger: Logger
    private let acknowledged = Mutex<[OutgoingEvent]>([])
    private let inFlight = Mutex<Set<String>>([])

    init(_ ledger: Ledger, _ dialer: Dialer, token: String, logger: Logger) {
        self.ledger = ledger
        self.dialer = dialer
        self.token = token
        self.logger = logger
    }

    var isIdle: Bool { inFlight.withLock(\.isEmpty) && acknowledged.withLock(\.isEmpty) }

    /// Sends events that this instance holds the lease of. What exceeds the limit waits for the sweep.
    func send(_ events: [OutgoingEvent]) {
        if !events.isEmpty, ledger.crash?.reachSoon(.afterReply) ?? false { return }
        for event in events {
            let isAdmitted = inFlight.withLock { inFlight in
                inFlight.count < Self.inFlightMax && inFlight.insert(event.messageId).inserted
            }
            guard isAdmitted else { continue }
            Task { await deliver(event) }
        }
    }

    private func deliver(_ event: OutgoingEvent) async {
        let verdict = await attempt(event)
        ledger.crash?.reach(.senderBeforeAcknowledge)
        _ = inFlight.withLock { $0.remove(event.messageId) }
        do {
            switch verdict {
            case .delivered:
                acknowledged.withLock { $0.append(event) }
            case .notArrived:
                try await ledger.keepBooks { [ledger] db in
                    try Outbox.postpone(event, owner: ledger.instanceId, seconds: .random(in: 0.5...1.5), db)
                }
            case .failed(let reason, let isPermanent):
                Counter(label: "renling_outbox_refused").increment()
                logger.error(
                    "an event was refused",
                    metadata: ["method": "\(event.method)", "reason": "\(reason)", "msgId": "\(event.messageId)"])
                try await ledger.keepBooks { [ledger] db in
                    try Outbox.fail(event, owner: ledger.instanceId, reason: reason, isPermanent: isPermanent, db)
                }
            }
        } catch {
            // The lease runs out and the sweep takes the row: nothing is lost by not saying so now.
            logger.debug("outbox bookkeeping failed", metadata: ["error": "\(error)"])
        }
    }

    private func attempt(_ event: OutgoingEvent) async -> Verdict {
        var headers = Headers()
        headers.authorization = "Bearer \(token)"
        headers.msgId = event.messageId
        let body = Request.compose(id: RequestID(1), method: event.method, params: Array(event.params.utf8))
        do throws(Dialer.Failure) {
            let bytes = try await dialer.call(
                event.consumer, body, headers, deadline: .now + .seconds(Outbox.leaseSeconds - 5))
            guard case .error(let error)? = try? Reply.parse(bytes).outcome else { return .delivered }
            return switch error.code {
            // Busy, late, away, waiting for the event before it; or older than this program and without the method yet.
            case -32005, -32008, -32050, -32009, -32601, -32602: .notArrived
            // The receiver's fault, or its table of clients: it may be mended.
            case -32603, -32001, -32003: .failed(reason: error.reason, isPermanent: false)
            default: .failed(reason: error.reason, isPermanent: true)
            }
        } catch {
            return .notArrived
        }
    }

    /// Removes what was delivered, and sends what had waited behind it.
    func acknowledge() async {
        let batch = acknowledged.withLock { all in
            let batch = Array(all.prefix(Self.acknowledgedAtOnce))
            all.removeFirst(batch.count)
            return batch
        }
        guard !batch.isEmpty else { return }
        do {
            send(
                try await ledger.keepBooks { [ledger] db in try Outbox.acknowledge(batch, owner: ledger.instanceId, db)
                })
        } catch {
            acknowledged.withLock { $0.append(contentsOf: batch) }
        }
    }

    /// Takes what nobody holds any more. An error is left to the next sweep.
    func sweep() async {
        let room = Self.inFlightMax - inFlight.withLock(\.count)
        guard room > 0 else { return }
        do {
            send(
                try await ledger.keepBooks { [ledger] db in
                    try Outbox.sweep(owner: ledger.instanceId, limit: min(room, 100), db)
                })
        } catch {
            logger.debug("the outbox could not be swept", metadata: ["error": "\(error)"])
        }
    }
}
