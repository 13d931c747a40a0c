import Domain
import JSONRPC
import Ledger
import Logging
import Metrics
import Synchronization

/// Delivers the outbox: sends leased events to their consumers, keeps the books of what arrived and what did not in
/// batches, and sweeps up what nobody holds. A consumer that is away takes no place from the others.
final class OutboxSender: Sendable {
    private struct State {
        /// Message ids on their way, per consumer.
        var onTheWay: [String: Set<String>] = [:]
        var delivered: [OutgoingEvent] = []
        var notArrived: [OutgoingEvent] = []
        /// Consumers for which the last sweep found as much as there was room for.
        var hungry: Set<String> = []

        func room(for consumer: String) -> Int { OutboxSender.onTheWayMax - (onTheWay[consumer]?.count ?? 0) }

        /// Whether it is worth sweeping again before the time.
        var hasAppetite: Bool { hungry.contains { room(for: $0) >= OutboxSender.onTheWayMax / 2 } }
    }

    static let onTheWayMax = 256
    private static let bookedAtOnce = 500
    private static let consumers = ["intake", "assignment", "handling", "supervision", "archive"]
    private let ledger: Ledger
    private let dialer: Dialer
    private let token: String
    private let logger: Logger
    private let state = Mutex(State())

    init(_ ledger: Ledger, _ dialer: Dialer, token: String, logger: Logger) {
        self.ledger = ledger
        self.dialer = dialer
        self.token = token
        self.logger = logger
    }

    /// Sends events that this instance holds the lease of. What there is no room for waits for the sweep.
    func send(_ events: [OutgoingEvent]) {
        if !events.isEmpty, ledger.crash?.reachSoon(.afterReply) ?? false { return }
        for event in events {
            let isAdmitted = state.withLock { state in
                state.room(for: event.consumer) > 0
                    && state.onTheWay[event.consumer, default: []].insert(event.messageId).inserted
            }
            if isAdmitted { Task { await deliver(event) } }
        }
    }

    private func deliver(_ event: OutgoingEvent) async {
        let verdict = await attempt(event)
        ledger.crash?.reach(.senderBeforeAcknowledge)
        state.withLock { state in
            state.onTheWay[event.consumer]?.remove(event.messageId)
            switch verdict {
            case .delivered: state.delivered.append(event)
            case .notArrived: state.notArrived.append(event)
            case .refused: break
            }
        }
        if case .refused(let reason, let isPermanent) = verdict {
            await noteRefusal(of: event, reason, isPermanent: isPermanent)
        }
    }

    private func attempt(_ event: OutgoingEvent) async -> DeliveryVerdict {
        var headers = Headers()
        headers.authorization = "Bearer \(token)"
        headers.msgId = event.messageId
        let body = Request.compose(id: RequestID(1), method: event.method, params: Array(event.params.utf8))
        do throws(Dialer.Failure) {
            let reply = try await dialer.call(
                event.consumer, body, headers, deadline: .now + .seconds(Outbox.leaseSeconds - 5), patience: .zero)
            return DeliveryVerdict(reply)
        } catch {
            return .notArrived
        }
    }

    private func noteRefusal(of event: OutgoingEvent, _ reason: String, isPermanent: Bool) async {
        Counter(label: "renling_outbox_refused").increment()
        var metadata: Logger.Metadata = [
            "method": "\(event.method)", "reason": "\(reason)", "msgId": "\(event.messageId)",
        ]
        do {
            let isDead = try await ledger.keepBooks { [ledger] db in
                try Outbox.fail(event, owner: ledger.instanceId, reason: reason, isPermanent: isPermanent, db)
            }
            logger.log(
                level: isDead ? .critical : .error, "an event was refused\(isDead ? " and is dead" : "")",
                metadata: metadata)
        } catch {
            // The lease runs out and the sweep takes the row: the refusal will come again.
            metadata["error"] = "\(error)"
            logger.warning("an event was refused, and that could not be noted", metadata: metadata)
        }
    }

    /// Removes what was delivered, sends what had waited behind it, and puts back what did not arrive.
    func keepBooks() async {
        let (delivered, notArrived) = state.withLock { state in
            (state.delivered.takeFirst(Self.bookedAtOnce), state.notArrived.takeFirst(Self.bookedAtOnce))
        }
        if !notArrived.isEmpty {
            // Where that cannot be noted, it is left to its lease's end.
            try? await ledger.keepBooks { [ledger] db in
                try Outbox.postpone(notArrived, owner: ledger.instanceId, db)
            }
        }
        if !delivered.isEmpty {
            do {
                send(
                    try await ledger.lease { [ledger] db in
                        try Outbox.acknowledge(delivered, owner: ledger.instanceId, db)
                    })
            } catch {
                state.withLock { $0.delivered.append(contentsOf: delivered) }
            }
        }
        if state.withLock(\.hasAppetite) { await sweep() }
    }

    /// Takes what nobody holds any more, for consumers that can be reached. An error is left to the next sweep.
    func sweep() async {
        let room = state.withLock { state in
            Self.consumers.reduce(into: [String: Int]()) { $0[$1] = state.room(for: $1) }
        }.filter { $0.value > 0 && dialer.reaches($0.key) }
        guard !room.isEmpty else { return }
        do {
            let events = try await ledger.lease { [ledger] db in
                try Outbox.sweep(owner: ledger.instanceId, room: room, db)
            }
            let taken = Dictionary(grouping: events, by: \.consumer).mapValues(\.count)
            state.withLock { $0.hungry = Set(room.filter { taken[$0.key] == $0.value }.keys) }
            send(events)
        } catch {
            logger.debug("the outbox could not be swept", metadata: ["error": "\(error)"])
        }
    }

    /// An instance of a service has appeared: what waits for it goes now.
    func consumerAppeared(_ consumer: String) async {
        do {
            try await ledger.keepBooks { db in try Outbox.hasten(consumer, db) }
        } catch {
            logger.debug("the outbox could not be hastened", metadata: ["error": "\(error)"])
        }
        await sweep()
    }
}

extension Array {
    /// Removes and returns the first elements, `count` at most.
    fileprivate mutating func takeFirst(_ count: Int) -> [Element] {
        let taken = Array(prefix(count))
        removeFirst(taken.count)
        return taken
    }
}
