import JSONRPC

/// What an outbox sender makes of a receiver's reply. Pure.
enum DeliveryVerdict: Sendable, Equatable {
    case delivered
    /// No try is counted: the receiver was busy, late or away, waits for the event before it, or is an older program that
    /// does not know the method yet.
    case notArrived
    case refused(reason: String, isPermanent: Bool)

    init(_ reply: PeerReply, ownVersion: String = Version.text) {
        guard let outcome = try? Reply.parse(reply.body).outcome else {
            self = .refused(reason: "unreadableReply", isPermanent: false)
            return
        }
        guard case .error(let error) = outcome else {
            self = .delivered
            return
        }
        switch error.code {
        case -32005, -32008, -32050, -32009:
            self = .notArrived
        case -32601, -32602:
            let mayBeOlder = reply.version.map { Self.isOlder($0, than: ownVersion) } ?? true
            self = mayBeOlder ? .notArrived : .refused(reason: error.reason, isPermanent: true)
        // The receiver's fault, or its table of clients: it may be mended.
        case -32603, -32001, -32003:
            self = .refused(reason: error.reason, isPermanent: false)
        default:
            self = .refused(reason: error.reason, isPermanent: true)
        }
    }

    /// By the numbers of `1.12.3`; what is not a number counts as 0.
    static func isOlder(_ version: String, than other: String) -> Bool {
        func numbers(_ text: String) -> [Int] { text.split(separator: ".").map { Int($0) ?? 0 } }
        return numbers(version).lexicographicallyPrecedes(numbers(other))
    }
}
