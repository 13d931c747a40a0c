/// A JSON-RPC error as callers see it.
///
/// On the wire: `{"code", "message", "data": {"reason", "detail", "retryable", "traceId", …extra}}`.
public struct RPCError: Error, Sendable, Equatable {
    /// The contract's table: -32700 … -32000, or 1001 … for a refusal by a rule.
    public var code: Int
    /// For -32700 … -32603 the specification's phrase.
    public var message: String
    /// A stable word to switch on, for example `invalidParams`.
    public var reason: String
    /// A Chinese sentence for people. Never another person's data, SQL, a stack or a path.
    public var detail: String
    /// Whether the same request may succeed later.
    public var retryable: Bool
    /// Finds the log lines; empty until whoever answers fills it in.
    public var traceId: String
    /// Further members of `data`, for example `fields`, `status`, `allowed`, `version`, `holder`, `retryAfterMs`.
    public var extra: [JSONMember]

    public init(
        code: Int, message: String, reason: String, detail: String, retryable: Bool = false, traceId: String = "",
        extra: KeyValuePairs<String, JSONValue> = [:]
    ) {
        self.code = code
        self.message = message
        self.reason = reason
        self.detail = detail
        self.retryable = retryable
        self.traceId = traceId
        self.extra = extra.map { JSONMember(JSONString($0.key), $0.value) }
    }

    /// The extra member of that name; nil if there is none. Setting replaces, adds or, with nil, removes it.
    public subscript(name: String) -> JSONValue? {
        get { extra.first { $0.name.isExactly(name) }?.value }
        set {
            let index = extra.firstIndex { $0.name.isExactly(name) }
            switch (index, newValue) {
            case (let index?, let value?): extra[index].value = value
            case (nil, let value?): extra.append(JSONMember(JSONString(name), value))
            case (let index?, nil): extra.remove(at: index)
            case (nil, nil): break
            }
        }
    }

    /// The value of the reply's `error` member.
    public var json: JSONValue {
        let data: [JSONMember] = [
            JSONMember("reason", JSONValue(reason)), JSONMember("detail", JSONValue(detail)),
            JSONMember("retryable", JSONValue(retryable)), JSONMember("traceId", JSONValue(traceId)),
        ]
        return ["code": JSONValue(code), "message": JSONValue(message), "data": .object(data + extra)]
    }

    /// Reads the `error` member of a reply, of other systems too: what `data` lacks stays empty and false, and a `data`
    /// that is no object becomes the extra member `data`.
    /// - Returns: nil unless `code` is an integer and `message` a string.
    public init?(_ json: JSONValue) {
        guard let code = json["code"]?.intValue, let message = json["message"]?.stringValue else { return nil }
        let data = json["data"]
        self.init(
            code: code, message: message, reason: data?["reason"]?.stringValue ?? "",
            detail: data?["detail"]?.stringValue ?? "", retryable: data?["retryable"]?.boolValue ?? false,
            traceId: data?["traceId"]?.stringValue ?? "")
        if let members = data?.members {
            let known: Set<JSONString> = ["reason", "detail", "retryable", "traceId"]
            extra = members.filter { !known.contains($0.name) }
        } else if let data {
            extra = [JSONMember("data", data)]
        }
    }
}
