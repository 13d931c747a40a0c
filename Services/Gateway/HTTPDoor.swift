import Foundation
import Domain
import HTTPTypes
import Hummingbird
import JSONRPC
import NIOCore
import ServiceKit

/// The HTTP door: what CONTRACT says of methods, content types, sizes, tokens and rates, each with a JSON-RPC error body.
struct HTTPDoor: Sendable {
    static let bodyBytesMax = 1 << 20
    let switchboard: Switchboard
    private let rates = Rates()

    init(_ switchboard: Switchboard) { self.switchboard = switchboard }

    func answer(_ request: Hummingbird.Request, _ context: PageContext) async -> Response {
        let headers = Self.headers(request, context)
        guard Self.isJSON(request.headers[.contentType]) else {
            let error = RPCError.invalidRequest(reason: "contentType", detail: "内容类型须为 application/json")
            return Self.failure(.unsupportedMediaType, error.traced(headers))
        }
        let body: [UInt8]
        do {
            let buffer = try await request.body.collect(upTo: Self.bodyBytesMax)
            body = Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            let error = RPCError.invalidRequest(reason: "bodyTooLarge", detail: "报文超过 1 MiB")
            return Self.failure(.contentTooLarge, error.traced(headers))
        } catch {
            let error = RPCError.invalidRequest(reason: "bodyUnreadable", detail: "报文未能读完")
            return Self.failure(.badRequest, error.traced(headers))
        }
        return await answer(body, headers, budget: HTTPField.Name("Renling-Budget-Ms").flatMap { request.headers[$0] })
    }

    /// - Parameter budget: as the header has it.
    private func answer(_ body: [UInt8], _ headers: Headers, budget: String?) async -> Response {
        let scanned: JSONRPC.RequestBody
        do {
            scanned = try RequestScanner.scan(body)
        } catch {
            return Self.failure(.ok, error.traced(headers))
        }
        var headers = headers
        if let budget {
            guard let budgetMs = Int(budget), Headers.isBudget(budgetMs) else {
                return Self.failure(.ok, DoorErrors.badBudget.traced(headers), id: scanned.id)
            }
            headers.budgetMs = budgetMs
        }
        let count: Int
        switch scanned {
        case .single: count = 1
        case .batch(let items):
            count = items.count
            if headers.idempotencyKey != nil {
                let error = RPCError.invalidRequest(
                    reason: "keyWithBatch", detail: "批量请求不能使用 Idempotency-Key，请在各条参数中给出")
                return Self.failure(.ok, error.traced(headers))
            }
        }
        do {
            let caller = try await caller(&headers)
            if caller == nil, headers.authorization != nil, case .batch = scanned {
                return Self.failure(.unauthorized, DoorErrors.unauthenticated.traced(headers))
            }
            if let caller, let waitMs = rates.wait(caller, requests: count) {
                return Self.failure(
                    .tooManyRequests, DoorErrors.overRate(retryAfterMs: waitMs).traced(headers), id: scanned.id)
            }
        } catch {
            return Self.failure(.ok, DoorErrors.unavailable.traced(headers), id: scanned.id)
        }
        let deadline = ContinuousClock.now + .milliseconds(headers.budgetMs ?? Headers.budgetDefaultMs)
        switch scanned {
        case .single(let item):
            guard let reply = await switchboard.answer(item, body, headers, deadline: deadline) else {
                return Response(status: .noContent)
            }
            return Self.response(reply)
        case .batch(let items):
            let replies = await switchboard.answer(items, body, headers, deadline: deadline)
            return replies.isEmpty ? Response(status: .noContent) : Self.json(.ok, Reply.batch(replies))
        }
    }

    /// Whom the token stands for. The service looks it up again; a token of our own programs is worth nothing here.
    private func caller(_ headers: inout Headers) async throws -> Caller? {
        guard let token = headers.bearerToken else { return nil }
        let caller = try await switchboard.caller(token)
        if caller == nil { headers.authorization = "Bearer -" }
        return caller
    }

    /// One reply to a single call; some errors have an HTTP status of their own.
    private static func response(_ reply: [UInt8]) -> Response {
        guard let parsed = try? Reply.parse(reply), case .error(let error) = parsed.outcome else {
            return json(.ok, reply)
        }
        switch error.code {
        case -32001:
            var response = json(.unauthorized, reply)
            response.headers[.wwwAuthenticate] = "Bearer"
            return response
        case -32005:
            var response = json(.tooManyRequests, reply)
            response.headers[.retryAfter] = retryAfter(error)
            return response
        default:
            return json(.ok, reply)
        }
    }

    private static func retryAfter(_ error: RPCError) -> String {
        String(max(1, ((error["retryAfterMs"]?.intValue ?? 1000) + 999) / 1000))
    }

    static func methodNotAllowed(_ request: Hummingbird.Request, _ context: PageContext) -> Response {
        let error = RPCError.invalidRequest(reason: "httpMethod", detail: "请使用 POST")
        var response = failure(.methodNotAllowed, error.traced(headers(request, context)))
        response.headers[.allow] = "POST"
        return response
    }

    func openRPC() async -> Response {
        do throws(RPCError) {
            return Self.json(.ok, try await switchboard.document(deadline: .now + .seconds(5)).serialized())
        } catch {
            return Self.failure(.serviceUnavailable, error)
        }
    }

    private static func headers(_ request: Hummingbird.Request, _ context: PageContext) -> Headers {
        var headers = Headers()
        headers.authorization = request.headers[.authorization]
        headers.idempotencyKey = HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] }
        headers.traceparent = HTTPField.Name("traceparent").flatMap { request.headers[$0] }
        headers.address = context.remoteAddress?.ipAddress
        return headers
    }

    private static func isJSON(_ type: String?) -> Bool {
        let name = type?.split(separator: ";", maxSplits: 1).first.map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        return name == "application/json" || name == "application/json-rpc"
    }

    private static func failure(
        _ status: HTTPResponse.Status, _ error: RPCError, id: JSONRPC.RequestID = .null
    ) -> Response {
        var response = json(
            status, Reply.failure(id: id, error: error.traceId.isEmpty ? error.traced(Headers()) : error))
        if status == .tooManyRequests { response.headers[.retryAfter] = retryAfter(error) }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    private static func json(_ status: HTTPResponse.Status, _ body: [UInt8]) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension JSONRPC.RequestBody {
    /// The id under which the whole body is answered: a single request's own, null for a batch.
    fileprivate var id: JSONRPC.RequestID {
        switch self {
        case .single(.request(let head)): head.id ?? .null
        case .single(.invalid(_, let id)): id
        case .batch: .null
        }
    }
}
