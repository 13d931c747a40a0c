import Domain
import JSONRPC
import Ledger
import Logging

/// The key that an item of a batch method may carry for itself.
public enum ItemKey {
    /// - Returns: the key with the digest of what remains, and the item's own params.
    public static func split(_ item: JSONValue) throws -> (key: RequestKey?, own: JSONValue) {
        guard case .object(let members) = item, let given = item["idempotencyKey"], !given.isNull else {
            return (nil, item)
        }
        let own = JSONValue.object(members.filter { $0.name != "idempotencyKey" })
        let key = try ParamsDecoder.decode(KeyMember.self, from: ["idempotencyKey": given]).idempotencyKey
        return (RequestKey(text: "c:" + key.text, digest: Secrets.sha256(try own.canonical()), daysKept: 90), own)
    }

    private struct KeyMember: Codable { var idempotencyKey: IdempotencyKey }
}

/// What went wrong with one item of a batch method, as its answer shows it.
public enum ItemError {
    /// Refusals and bad params are an item's own; everything else fails the whole call.
    public static func isOwn(_ error: any Error) -> Bool {
        error is Refusal || error is ParamsProblem || error is RPCError
    }

    public static func json(_ error: any Error, traceId: String) -> JSONValue {
        WireErrors.error(error, traceId: traceId, method: "item", logger: Logger(label: "renling.item"))
            .json
    }
}
