import Domain
import JSONRPC

/// What the gateway does through its program: look callers up, call services, answer for itself.
extension Program {
    /// Whom a bearer token stands for, as outsiders may use it: `nil` for nobody, and for tokens of our own programs.
    public func outsider(token: String) async throws -> Caller? {
        guard let caller = try await tokens.caller(for: token), caller.role != .service else { return nil }
        return caller
    }

    /// Sends one request to an instance of `service`.
    ///
    /// - Returns: the reply; empty for a notification. What keeps a reply from coming is answered as an error with that id.
    public func forward(
        _ body: [UInt8], id: RequestID?, to service: String, _ headers: Headers, deadline: ContinuousClock.Instant
    ) async -> [UInt8] {
        var headers = headers
        headers.vouch = ownToken
        do throws(Dialer.Failure) {
            return try await dialer.call(service, body, headers, deadline: deadline).body
        } catch {
            guard let id else { return [] }
            let problem =
                switch error {
                case .deadline: WireErrors.deadlineExceeded
                case .unavailable: WireErrors.unavailable()
                case .overloaded: WireErrors.overloaded(retryAfterMs: 200)
                }
            return Reply.failure(id: id, error: problem.traced(headers))
        }
    }

    /// Answers a request from the program's own table, for an outsider.
    ///
    /// - Returns: `nil` for a notification.
    public func answer(_ body: [UInt8], _ headers: Headers, deadline: ContinuousClock.Instant) async -> [UInt8]? {
        await answerer.answer(body, headers, door: .bare, deadline: deadline)
    }

    /// Whether the program answers a method by itself.
    public func answers(_ method: String) -> Bool { answerer.table.entries[method] != nil }

    /// What the program itself adds to the OpenRPC document.
    public var ownDocument: JSONValue { OpenRPC.document(answerer.table, title: "Renling") }
}

extension Headers {
    /// Whether the budget is one that callers may ask for.
    public static func isBudget(_ milliseconds: Int) -> Bool { budgetRangeMs.contains(milliseconds) }
}

/// The errors that the doors answer themselves.
public enum DoorErrors {
    public static let unauthenticated = WireErrors.unauthenticated
    public static func overRate(retryAfterMs: Int) -> RPCError { WireErrors.overloaded(retryAfterMs: retryAfterMs) }
    public static let badBudget = RPCError.invalidRequest(reason: "badBudget", detail: "时间预算须为 50 至 60000 毫秒")
    public static let unavailable = WireErrors.unavailable()
}
