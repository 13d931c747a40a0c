import JSONRPC
import ServiceKit

/// The gateway, called as anybody would.
struct GatewayClient: Sendable {
    private static let patience = Duration.seconds(30)
    /// Overloaded, deadline, the same key at work, unavailable.
    private static let passing: Set<Int> = [-32005, -32008, -32009, -32050]

    let address: Settings.Address

    /// What the gateway or a service answered instead of a result.
    struct Refused: Error, CustomStringConvertible, Sendable {
        var code: Int
        var reason: String
        var detail: String
        var description: String { "\(code) \(reason) \(detail)" }

        init(_ error: JSONValue?) {
            code = error?["code"]?.intValue ?? 0
            reason = error?["data"]?["reason"]?.stringValue ?? ""
            detail =
                error?["data"]?["detail"]?.stringValue ?? error?["message"]?.stringValue ?? "an answer without a result"
        }
    }

    /// What passes is tried again for half a minute, so a mutation needs its `idempotencyKey`.
    ///
    /// - Throws: `Refused`; what the last try failed with.
    func call(_ method: String, _ params: JSONValue, as token: String) async throws -> JSONValue {
        let request: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": JSONValue(method), "params": params]
        let deadline = ContinuousClock.now + Self.patience
        var waitMs = 50
        while true {
            do {
                let page = try await Web.post(request.serialized(), to: "/rpc", at: address, token: token)
                let answer = try JSONValue(parsing: page.body)
                if let result = answer["result"] { return result }
                throw Refused(answer["error"])
            } catch let refused as Refused where !Self.passing.contains(refused.code) {
                throw refused
            } catch {
                if error is CancellationError || ContinuousClock.now > deadline { throw error }
            }
            try await Task.sleep(for: .milliseconds(waitMs))
            waitMs = min(1000, waitMs * 2)
        }
    }
}
