import Domain
import JSONRPC
import Ledger
import Logging
import Metrics
import Postgres

/// Answers requests from a method table: method, caller and role are checked here, params and the rest by `Invocation`.
struct Answerer: Sendable {
    let table: MethodTable
    let ledger: Ledger
    let tokens: Tokens
    let logger: Logger
    /// Hands on what a change made necessary, once it is committed.
    let send: @Sendable ([OutgoingEvent]) -> Void

    /// Where a request came in: tokens of role `service` are believed on the internal envelope only.
    enum Door: Sendable { case bare, envelope }

    /// What becomes of a request.
    struct Answer: Sendable {
        /// `nil` where nothing is to be answered.
        var reply: [UInt8]?
        /// Half its budget passed before it could be begun: it had no effect, and another instance may have room.
        var isBusy = false
    }

    /// Answers a body as it stands: a single request or a batch.
    ///
    /// - Returns: `nil` where nothing is to be answered.
    func answer(_ body: [UInt8], _ headers: Headers, door: Door, deadline: ContinuousClock.Instant) async -> [UInt8]? {
        await attempt(body, headers, door: door, deadline: deadline).reply
    }

    /// The same, and whether a single request was too late to be begun.
    func attempt(_ body: [UInt8], _ headers: Headers, door: Door, deadline: ContinuousClock.Instant) async -> Answer {
        let scanned: RequestBody
        do {
            scanned = try RequestScanner.scan(body)
        } catch {
            return Answer(reply: Reply.failure(id: .null, error: error.traced(headers)))
        }
        switch scanned {
        case .single(let item):
            return await answer(item, body, headers, door, deadline)
        case .batch(let items):
            if headers.idempotencyKey != nil {
                let error = RPCError.invalidRequest(
                    reason: "keyWithBatch", detail: "批量请求不能使用 Idempotency-Key，请在各条参数中给出")
                return Answer(reply: Reply.failure(id: .null, error: error.traced(headers)))
            }
            var replies: [[UInt8]] = []
            for run in runs(items) {
                replies += await answer(together: run, body, headers, door, deadline)
            }
            return Answer(reply: replies.isEmpty ? nil : Reply.batch(replies))
        }
    }

    /// A batch is answered item after item; neighbours of a method that does together what waits go together.
    private func runs(_ items: [RequestItem]) -> [[RequestItem]] {
        items.reduce(into: []) { runs, item in
            if let last = runs.last?.last, isGathered(last), isGathered(item) {
                runs[runs.count - 1].append(item)
            } else {
                runs.append([item])
            }
        }
    }

    private func isGathered(_ item: RequestItem) -> Bool {
        guard case .request(let head) = item else { return false }
        return table.entries[head.method]?.isGathered ?? false
    }

    /// - Returns: the replies that are to be given, in the items' order.
    private func answer(
        together items: [RequestItem], _ body: [UInt8], _ headers: Headers, _ door: Door,
        _ deadline: ContinuousClock.Instant
    ) async -> [[UInt8]] {
        guard items.count > 1 else {
            return await answer(items[0], body, headers, door, deadline).reply.map { [$0] } ?? []
        }
        return await withTaskGroup(of: (Int, [UInt8]?).self) { group in
            for (place, item) in items.enumerated() {
                group.addTask { (place, await answer(item, body, headers, door, deadline).reply) }
            }
            var replies = [[UInt8]?](repeating: nil, count: items.count)
            for await (place, reply) in group { replies[place] = reply }
            return replies.compactMap { $0 }
        }
    }

    private func answer(
        _ item: RequestItem, _ body: [UInt8], _ headers: Headers, _ door: Door, _ deadline: ContinuousClock.Instant
    ) async -> Answer {
        switch item {
        case .invalid(let error, let id):
            return Answer(reply: Reply.failure(id: id, error: error.traced(headers)))
        case .request(let head):
            let began = ContinuousClock.now
            let traceId = headers.orNewTraceId
            let name = table.entries[head.method] == nil ? "unknown" : head.method
            do {
                let outcome = try await run(head, body, headers, door, traceId, deadline)
                if !outcome.events.isEmpty { send(outcome.events) }
                count(name, "ok", since: began)
                return Answer(reply: head.id.map { Reply.success(id: $0, result: outcome.result) })
            } catch {
                let isBusy = (error as? PostgresError)?.code == .busy
                let error = WireErrors.error(error, traceId: traceId, method: name, logger: logger)
                count(name, String(error.code), since: began)
                return Answer(reply: head.id.map { Reply.failure(id: $0, error: error) }, isBusy: isBusy)
            }
        }
    }

    private func run(
        _ head: RequestHead, _ body: [UInt8], _ headers: Headers, _ door: Door, _ traceId: String,
        _ deadline: ContinuousClock.Instant
    ) async throws -> MethodTable.Outcome {
        guard let entry = table.entries[head.method] else { throw RPCError.methodNotFound() }
        let caller = try await caller(headers, door, entry.roles)
        guard entry.roles.isEmpty || entry.roles.contains(caller.role) else { throw WireErrors.notAllowed }
        guard ContinuousClock.now < deadline else { throw WireErrors.deadlineExceeded }
        let invocation = Invocation(
            head: head, body: body, headers: headers, caller: caller, traceId: traceId, deadline: deadline)
        return try await entry.run(invocation, ledger)
    }

    /// Nobody in particular may call what is open to anyone; a token that is presented must be good all the same.
    private func caller(_ headers: Headers, _ door: Door, _ roles: Set<Role>) async throws -> Caller {
        guard headers.authorization != nil else {
            guard roles.isEmpty else { throw WireErrors.unauthenticated }
            return Caller(clientId: 0, role: .observer)
        }
        guard let token = headers.bearerToken, let caller = try await tokens.caller(for: token),
            caller.role != .service || door == .envelope
        else { throw WireErrors.unauthenticated }
        return caller
    }

    private func count(_ method: String, _ outcome: String, since began: ContinuousClock.Instant) {
        Counter(label: "renling_requests", dimensions: [("method", method), ("outcome", outcome)]).increment()
        Timer(label: "renling_request_seconds", dimensions: [("method", method)])
            .recordNanoseconds(Int64((ContinuousClock.now - began) / .nanoseconds(1)))
    }
}
