/// Why a text is JSON but not a request. The raw value is the error's `reason`.
public enum RequestFault: String, Sendable, CaseIterable {
    case notAnObject, emptyBatch, batchTooLarge, duplicateMember, badVersion, badMethod, badId, badParams

    var detail: String {
        switch self {
        case .notAnObject: "请求必须是 JSON 对象"
        case .emptyBatch: "批量请求不能为空"
        case .batchTooLarge: "批量请求的条数超过上限"
        case .duplicateMember: "请求中有重复的成员名"
        case .badVersion: "jsonrpc 必须是字符串 \"2.0\""
        case .badMethod: "method 必须是字符串"
        case .badId: "id 必须是字符串、数字或 null"
        case .badParams: "params 必须是对象或数组"
        }
    }
}

/// The errors that the specification itself defines.
extension RPCError {
    /// -32700. - Parameter cause: names the place; nil where the text never got as far as the scanner.
    public static func parseError(_ cause: JSONError? = nil) -> RPCError {
        let place = cause.map { "（第 \($0.offset + 1) 字节，\($0.code.rawValue)）" } ?? ""
        return RPCError(code: -32700, message: "Parse error", reason: "parseError", detail: "报文不是合法的 JSON\(place)")
    }

    public static func invalidRequest(_ fault: RequestFault) -> RPCError {
        invalidRequest(reason: fault.rawValue, detail: fault.detail)
    }

    /// -32600 for what a door, not the scanner, finds wrong, such as an `Idempotency-Key` with a batch.
    public static func invalidRequest(reason: String, detail: String) -> RPCError {
        RPCError(code: -32600, message: "Invalid Request", reason: reason, detail: detail)
    }

    public static func methodNotFound() -> RPCError {
        RPCError(code: -32601, message: "Method not found", reason: "methodNotFound", detail: "没有这个方法")
    }

    /// -32602 with `data.fields: [{path, problem}]`.
    public static func invalidParams(fields: [FieldProblem]) -> RPCError {
        let paths = fields.map { $0.path.isEmpty ? "params" : $0.path }.joined(separator: "、")
        return RPCError(
            code: -32602, message: "Invalid params", reason: "invalidParams", detail: "参数有误：\(paths)",
            extra: ["fields": .array(fields.map(\.json))])
    }

    public static func invalidParams(_ problem: ParamsProblem) -> RPCError { invalidParams(fields: problem.fields) }

    /// -32603: our fault. What went wrong stands in the log under `traceId`, never here.
    public static func internalError() -> RPCError {
        RPCError(code: -32603, message: "Internal error", reason: "internalError", detail: "系统内部错误，请将 traceId 告知管理员")
    }
}
