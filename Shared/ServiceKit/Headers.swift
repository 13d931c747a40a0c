import JSONRPC

/// What travels beside a request's body: on the internal envelope, in the headers frame of a bare ZeroMQ request, and in
/// the gateway's HTTP headers.
public struct Headers: Codable, Sendable, Hashable {
    /// `Bearer <token>`
    public var authorization: String?
    public var idempotencyKey: String?
    public var traceparent: String?
    /// Milliseconds left; 50–60,000.
    public var budgetMs: Int?
    /// The key that the gateway minted, for its own tries.
    public var idem: String?
    /// An event's message id.
    public var msgId: String?
    /// Where the call came from, for limits per address. Only the gateway sets it.
    public var address: String?
    /// The gateway's own token: without it a service takes nobody's word for `idem` and `address`.
    var vouch: String?

    public init() {}

    public static let budgetDefaultMs = 10_000
    public static let budgetRangeMs = 50...60_000
    static let bytesMax = 4096

    /// - Returns: `nil` when the frame is too long or not such an object.
    init?(frame: [UInt8]) {
        guard frame.count <= Self.bytesMax, let json = try? JSONValue(parsing: frame),
            let headers = try? ParamsDecoder.decode(Headers.self, from: json, unknownNames: .ignored)
        else { return nil }
        self = headers
    }

    var frame: [UInt8] {
        do {
            return try JSONWriter.encode(self)
        } catch {
            preconditionFailure("headers cannot be written: \(error)")
        }
    }

    /// What outsiders may say for themselves.
    var fromOutside: Headers {
        var headers = unvouched
        headers.msgId = nil
        return headers
    }

    /// What our own programs may say that are not the gateway.
    var unvouched: Headers {
        var headers = self
        (headers.idem, headers.address, headers.vouch) = (nil, nil, nil)
        return headers
    }

    /// The token after `Bearer `; `nil` without one.
    public var bearerToken: String? {
        guard let authorization, authorization.prefix(7).lowercased() == "bearer " else { return nil }
        return String(authorization.dropFirst(7))
    }

    /// The 32 hexadecimal digits of the W3C trace id, if a well-formed `traceparent` came along.
    public var traceId: String? {
        guard let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false), parts.count >= 4,
            parts[0].utf8.count == 2, parts[1].utf8.count == 32, parts[2].utf8.count == 16,
            parts[1].utf8.allSatisfy({
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }),
            parts[1].contains(where: { $0 != "0" })
        else { return nil }
        return String(parts[1])
    }

    /// The caller's trace id, or a new one.
    public var orNewTraceId: String { traceId ?? Self.newTraceId() }

    public static func newTraceId() -> String {
        let (high, low) = (UInt64.random(in: 1 ... .max), UInt64.random(in: 0 ... .max))
        return [high, low].map {
            String(repeating: "0", count: 16 - String($0, radix: 16).utf8.count) + String($0, radix: 16)
        }.joined()
    }
}
