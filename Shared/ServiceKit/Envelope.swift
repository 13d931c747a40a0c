import JSONRPC

/// The internal message between our own programs: always four frames.
///
///     [0] type and version, one byte each    [1] 16-byte correlation id
///     [2] headers, compact JSON              [3] the JSON-RPC body, untouched
///
/// What an instance sends back has an `InstanceCard` for its headers. A reply's body is empty where nothing is to be answered (a notification).
struct Envelope: Sendable {
    enum Kind: UInt8, Sendable {
        case request = 1, reply, ping, pong, busy, draining
    }

    static let version: UInt8 = 1
    static let framesCount = 4

    var kind: Kind
    /// Chosen by the caller; repeated by whoever answers.
    var correlation: Correlation
    var headers: [UInt8] = []
    var body: [UInt8] = []

    /// - Returns: `nil` for anything that is not such a message.
    init?(frames: [[UInt8]]) {
        guard frames.count == Self.framesCount, frames[0].count == 2, frames[0][1] == Self.version,
            let kind = Kind(rawValue: frames[0][0]), let correlation = Correlation(frames[1])
        else { return nil }
        self.kind = kind
        self.correlation = correlation
        headers = frames[2]
        body = frames[3]
    }

    init(_ kind: Kind, _ correlation: Correlation, headers: [UInt8] = [], body: [UInt8] = []) {
        self.kind = kind
        self.correlation = correlation
        self.headers = headers
        self.body = body
    }

    var frames: [[UInt8]] { [[kind.rawValue, Self.version], correlation.bytes, headers, body] }
}

/// Sixteen bytes that tell one request from all others of its caller.
struct Correlation: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// One that answers nothing.
    init() { self.init(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max)) }

    init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    var bytes: [UInt8] {
        [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    }
}

/// What a request on a service's ZeroMQ door looks like: the internal envelope, or bare JSON-RPC as outsiders speak it,
/// with or without a REQ socket's empty frame, with or without a headers frame before the body.
enum Arrival: Sendable {
    case envelope(Envelope)
    case bare(body: [UInt8], headers: Headers, hasDelimiter: Bool)
    case unreadable(hasDelimiter: Bool)

    init(frames: [[UInt8]]) {
        let hasDelimiter = frames.count > 1 && frames[0].isEmpty
        let rest = hasDelimiter ? Array(frames.dropFirst()) : frames
        switch rest.count {
        case 1:
            self = .bare(body: rest[0], headers: Headers(), hasDelimiter: hasDelimiter)
        case 2:
            guard let headers = Headers(frame: rest[0]) else {
                self = .unreadable(hasDelimiter: hasDelimiter)
                return
            }
            self = .bare(body: rest[1], headers: headers.fromOutside, hasDelimiter: hasDelimiter)
        default:
            if !hasDelimiter, let envelope = Envelope(frames: frames) {
                self = .envelope(envelope)
            } else {
                self = .unreadable(hasDelimiter: hasDelimiter)
            }
        }
    }
}
