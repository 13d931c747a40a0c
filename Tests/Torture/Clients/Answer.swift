import JSONRPC

/// What a caller knows after one try.
enum Answer: Sendable, Equatable {
    /// The result's bytes as they came.
    case result([UInt8])
    /// Decided: nothing was done.
    case refused(code: Int, reason: String)
    /// No answer, or one that says to ask again; why, in a word or two.
    case unknown(String)

    /// Overloaded, deadline, the same key at work, unavailable: it may have been done or not.
    private static let passing: Set<Int> = [-32005, -32008, -32009, -32050]

    init(reply bytes: [UInt8]) {
        guard let reply = try? Reply.parse(bytes) else {
            self = .unknown("not a reply")
            return
        }
        switch reply.outcome {
        case .result(let range): self = .result(Array(bytes[range]))
        case .error(let error) where Self.passing.contains(error.code): self = .unknown("\(error.code)")
        case .error(let error): self = .refused(code: error.code, reason: error.reason)
        }
    }
}
