import Domain
import JSONRPC
import ServiceKit
import Synchronization

/// Sends each request of a body where it belongs and gathers the replies.
final class Switchboard: Sendable {
    /// How many items of a batch are on their way at once: all that it may have, so that registrations are written together.
    /// The specification lets a batch be answered in any order.
    private static let batchAtOnce = 100
    private let program: Program
    private let documents = Mutex<[String: (methods: [JSONValue], until: ContinuousClock.Instant)]>([:])

    init(_ program: Program) { self.program = program }

    func caller(_ token: String) async throws -> Caller? { try await program.outsider(token: token) }

    /// - Returns: `nil` where nothing is to be answered.
    func answer(
        _ item: RequestItem, _ body: [UInt8], _ headers: Headers, deadline: ContinuousClock.Instant
    ) async -> [UInt8]? {
        switch item {
        case .invalid(let error, let id):
            return Reply.failure(id: id, error: error.traced(headers))
        case .request(let head):
            let reply = await answer(head, Array(body[head.range]), headers, deadline)
            return head.isNotification ? nil : reply
        }
    }

    func answer(
        _ items: [RequestItem], _ body: [UInt8], _ headers: Headers, deadline: ContinuousClock.Instant
    ) async -> [[UInt8]] {
        var replies = [[UInt8]?](repeating: nil, count: items.count)
        await withTaskGroup(of: (Int, [UInt8]?).self) { group in
            for (index, item) in items.enumerated() {
                if index >= Self.batchAtOnce, let (done, reply) = await group.next() { replies[done] = reply }
                group.addTask { (index, await self.answer(item, body, headers, deadline: deadline)) }
            }
            for await (done, reply) in group { replies[done] = reply }
        }
        return replies.compactMap { $0 }
    }

    private func answer(
        _ head: RequestHead, _ body: [UInt8], _ headers: Headers, _ deadline: ContinuousClock.Instant
    ) async -> [UInt8] {
        if head.method == "rpc.discover" {
            let id = head.id ?? .null
            // The gateway's own entry refuses a bad token or params that there are not.
            let own = await program.answer(body, headers, deadline: deadline) ?? []
            guard case .result? = (try? Reply.parse(own))?.outcome else { return own }
            do throws(RPCError) {
                return Reply.success(id: id, result: try await document(deadline: deadline).serialized())
            } catch {
                return Reply.failure(id: id, error: error.traced(headers))
            }
        }
        if program.answers(head.method) { return await program.answer(body, headers, deadline: deadline) ?? [] }
        guard let service = Gateway.services.first(where: { head.method.hasPrefix($0 + ".") }) else {
            return Reply.failure(id: head.id ?? .null, error: RPCError.methodNotFound().traced(headers))
        }
        var headers = headers
        // For the tries of this call; a caller's own key goes before it.
        headers.idem = Headers.newTraceId()
        return await program.forward(body, id: head.id, to: service, headers, deadline: deadline)
    }

    /// What the whole system answers: each service's own document, put together.
    func document(deadline: ContinuousClock.Instant) async throws(RPCError) -> JSONValue {
        var methods: [String: JSONValue] = [:]
        for service in Gateway.services {
            for method in try await document(of: service, deadline) {
                methods[method["name"]?.stringValue ?? ""] = method
            }
        }
        let own = program.ownDocument
        for method in own["methods"]?.elements ?? [] { methods[method["name"]?.stringValue ?? ""] = method }
        return OpenRPC.document(methods: methods.sorted { $0.key < $1.key }.map(\.value), title: "Renling")
    }

    /// Kept for five seconds, and while the service is away.
    private func document(of service: String, _ deadline: ContinuousClock.Instant) async throws(RPCError) -> [JSONValue]
    {
        let known = documents.withLock { $0[service] }
        if let known, known.until > .now { return known.methods }
        let call = Request.compose(id: RequestID(1), method: "rpc.discover", params: nil)
        let bytes = await program.forward(call, id: RequestID(1), to: service, Headers(), deadline: deadline)
        guard let reply = try? Reply.parse(bytes), case .result(let range) = reply.outcome,
            let methods = (try? JSONValue(parsing: bytes, in: range))?["methods"]?.elements
        else {
            guard let known else { throw DoorErrors.unavailable }
            return known.methods
        }
        documents.withLock { $0[service] = (methods, .now + .seconds(5)) }
        return methods
    }
}
