import Domain
import JSONRPC
import Logging
import Postgres

/// How everything that a method may throw looks to the caller. The only place that knows.
enum WireErrors {
    static func error(_ thrown: any Error, traceId: String, method: String, logger: Logger) -> RPCError {
        var error = translate(thrown)
        if error.code == -32603 {
            logger.error("\(method) failed", metadata: ["traceId": "\(traceId)", "error": "\(describe(thrown))"])
        }
        error.traceId = traceId
        return error
    }

    static let unauthenticated = RPCError(
        code: -32001, message: "Unauthenticated", reason: "unauthenticated", detail: "缺少有效的访问令牌")
    static let notAllowed = RPCError(
        code: -32003, message: "Not allowed", reason: "roleNotAllowed", detail: "您的角色不能使用这一方法")
    static let deadlineExceeded = RPCError(
        code: -32008, message: "Deadline exceeded", reason: "deadlineExceeded", detail: "处理超时，请用同一幂等键查询结果",
        retryable: true)
    static func unavailable(_ reason: String = "unavailable") -> RPCError {
        RPCError(code: -32050, message: "Unavailable", reason: reason, detail: "服务暂时不可用，请稍后用同一幂等键重试", retryable: true)
    }
    static func overloaded(retryAfterMs: Int) -> RPCError {
        RPCError(
            code: -32005, message: "Overloaded", reason: "overloaded", detail: "请求过多，请稍后再试", retryable: true,
            extra: ["retryAfterMs": JSONValue(retryAfterMs)])
    }

    private static func translate(_ thrown: any Error) -> RPCError {
        switch thrown {
        case let error as RPCError: error
        case let refusal as Refusal: translate(refusal)
        case let problem as ParamsProblem: .invalidParams(problem)
        case let error as PostgresError: translate(error)
        default: .internalError()
        }
    }

    private static func translate(_ refusal: Refusal) -> RPCError {
        if refusal.code == .badParams, case .field(let path, let problem) = refusal.facts {
            return .invalidParams(fields: [FieldProblem(path: path, problem: problem)])
        }
        var error = RPCError(
            code: refusal.code.rawValue, message: message(refusal.code), reason: refusal.reason, detail: refusal.detail,
            retryable: refusal.code == .busy || refusal.code == .keyInUse)
        switch refusal.facts {
        case .none: break
        case .field(let path, let problem):
            error["fields"] = [["path": JSONValue(path), "problem": JSONValue(problem)]]
        case .status(let status, let allowed):
            error["status"] = JSONValue(status.rawValue)
            error["allowed"] = .array(allowed.map { JSONValue($0) })
        case .version(let version): error["version"] = JSONValue(version)
        case .holder(let holder): error["holder"] = JSONValue(holder)
        case .units(let units): error["units"] = .array(units.map { JSONValue($0.text) })
        case .retryAfter(let milliseconds): error["retryAfterMs"] = JSONValue(milliseconds)
        }
        return error
    }

    private static func message(_ code: Refusal.Code) -> String {
        switch code {
        case .badParams: "Invalid params"
        case .unauthenticated: "Unauthenticated"
        case .notAllowed: "Not allowed"
        case .busy: "Overloaded"
        case .keyInUse: "Key in use"
        case .keyReused: "Key reused"
        case .notFound: "Not found"
        case .wrongStatus: "Wrong status"
        case .staleVersion: "Stale version"
        case .alreadyClaimed: "Already claimed"
        case .tooLate: "Too late"
        case .limitReached: "Limit reached"
        case .conflictOfInterest: "Conflict of interest"
        case .coOrdersOpen: "Co-orders open"
        case .unknownReference: "Unknown reference"
        case .sealed: "Sealed"
        case .notAccepted: "Not accepted"
        }
    }

    private static func translate(_ error: PostgresError) -> RPCError {
        switch error.code {
        case .busy: overloaded(retryAfterMs: 200)
        case .deadline, .statementTimeout: deadlineExceeded
        case .connectionLost, .connectionRefused, .outcomeUnknown, .adminShutdown, .readOnly, .outOfResources,
            .serializationFailure, .lockTimeout, .closed:
            unavailable()
        case .notDurable: unavailable("notDurable")
        case .checkViolation where error.constraint == "cases_archived_is_final": translate(Refusal.sealed)
        case .notCommitted, .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .nulCharacter,
            .decoding, .other:
            .internalError()
        }
    }

    /// What goes to the log: never a bound value.
    private static func describe(_ thrown: any Error) -> String {
        switch thrown {
        case let error as PostgresError: error.description
        case let error as RPCError: "\(error.code) \(error.reason)"
        default: String(describing: type(of: thrown))
        }
    }
}

extension RPCError {
    /// The error with the trace id under which the log knows the request.
    public func traced(_ headers: Headers) -> RPCError {
        var error = self
        error.traceId = headers.orNewTraceId
        return error
    }
}
