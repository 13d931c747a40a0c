import Domain
import JSONRPC
import Ledger
import Postgres

/// One request that has found its method and its caller, on its way through params, key and transaction.
struct Invocation: Sendable {
    let head: RequestHead
    let body: [UInt8]
    let headers: Headers
    let caller: Caller
    let traceId: String
    let deadline: ContinuousClock.Instant

    /// Params → key's stored answer → transaction → result. The order of the checks is the contract's.
    func perform<Service: Sendable, M: Method<Service>>(
        _ method: M.Type, of service: Service, in ledger: Ledger
    ) async throws -> MethodTable.Outcome {
        let call = try read(M.self)
        return try await perform(call, of: service, in: ledger)
    }

    /// The same for what is done together with others that wait, unless it must be done by itself.
    func perform<M: GatheredMethod>(
        _ gatherer: Gatherer<M>, of service: M.Service, in ledger: Ledger
    ) async throws -> MethodTable.Outcome {
        let call = try read(M.self)
        switch try await gatherer.call(call.params, call.request, in: ledger) {
        case .done(let result): return .init(result: result)
        case .alone: return try await perform(call, of: service, in: ledger)
        }
    }

    /// A call whose params have been read.
    private struct Call<M: Method>: Sendable {
        var params: M.Params
        var request: WorkRequest
        var caseNumber: String?
    }

    private func read<M: Method>(_ method: M.Type) throws -> Call<M> {
        let raw = try head.params.map { try JSONValue(parsing: body, in: $0) } ?? .object([])
        let (common, own) = try CommonParams.split(raw, M.kind)
        let params = try ParamsDecoder.decode(
            M.Params.self, from: own, unknownNames: caller.role == .service ? .ignored : .refused)
        var request = WorkRequest(caller: caller, method: M.name)
        request.person = common.person
        request.expectedVersion = common.expectedVersion
        request.patience = Patience(until: deadline)
        request.address = headers.address
        request.traceId = traceId
        request.isOfOneCase = M.kind == .caseMutation
        if M.kind == .mutation || M.kind == .caseMutation { request.key = try key(common, own) }
        return Call(params: params, request: request, caseNumber: raw["caseNumber"]?.stringValue)
    }

    private func perform<M: Method>(
        _ call: Call<M>, of service: M.Service, in ledger: Ledger
    ) async throws -> MethodTable.Outcome {
        let handle: @Sendable (Work) throws -> [UInt8] = { work in
            try JSONWriter.encode(try M.handle(call.params, in: work, of: service))
        }
        switch M.kind {
        case .read:
            return .init(result: try await ledger.read(call.request, of: call.caseNumber, handle))
        case .recordedRead:
            return .init(result: try await ledger.change(call.request, handle).result)
        case .mutation, .caseMutation:
            let (result, events) = try await ledger.change(call.request, handle)
            return .init(result: result, events: events)
        case .event:
            guard let id = headers.msgId, let event = call.params as? EventParams else {
                throw RPCError.invalidParams(fields: [FieldProblem(path: "", problem: "not an event")])
            }
            let consumer = String(M.name.prefix { $0 != "." })
            let (result, events) = try await ledger.receive(id, event, consumer: consumer, call.request, handle)
            return .init(result: result, events: events)
        }
    }

    /// The caller's key, in the params or beside them, or the one the gateway minted.
    private func key(_ common: CommonParams, _ own: JSONValue) throws -> RequestKey? {
        var text = common.idempotencyKey?.text
        if let header = headers.idempotencyKey {
            if let problem = IdempotencyKey.refusal(of: header) { throw Refusal.field("Idempotency-Key", problem) }
            if let text, text != header {
                throw Refusal.field("idempotencyKey", "differs from the Idempotency-Key header")
            }
            text = header
        }
        guard let chosen = text.map({ "c:" + $0 }) ?? headers.idem.map({ "g:" + $0 }) else { return nil }
        var counted = own
        if case .object(let members) = own, let person = common.person {
            let value = JSONValue.object([
                JSONMember("name", JSONValue(person.name.text)), JSONMember("title", JSONValue(person.title.text)),
            ])
            counted = .object(members + [JSONMember("person", value)])
        }
        return RequestKey(
            text: chosen, digest: Secrets.sha256(try counted.canonical()), daysKept: text == nil ? 1 : 90)
    }
}
