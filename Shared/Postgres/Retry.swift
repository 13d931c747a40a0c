/// Decides, attempt by attempt, whether a transaction that failed runs again. Pure: the caller waits and runs.
///
/// | what happened | again |
/// |---|---|
/// | 40001, 40P01 | up to 5 times, after a growing, jittered wait |
/// | the connection ended before COMMIT was sent; a demoted or stopping server | up to 3 times, on a new connection |
/// | outcome unknown, and the body is protected by a key or only reads | up to 3 times |
/// | anything else | no |
///
/// Once an outcome was unknown, only a commit settles it: whatever a later attempt fails with, even a refusal of the
/// body's own, the first one may still take effect behind it, so the caller is told `.outcomeUnknown`.
struct Retry {
    enum Verdict {
        case again(after: Duration, onNewConnection: Bool)
        case giveUp(any Error)
    }

    static let conflictsMax = 5
    static let lossesMax = 3
    static let unknownsMax = 3

    private let access: Connection.Access
    private let retryUnknown: Bool
    private var conflicts = 0
    private var losses = 0
    private var unknowns = 0
    private var unknown: PostgresError?

    init(_ access: Connection.Access, retryUnknown: Bool) {
        self.access = access
        self.retryUnknown = retryUnknown
    }

    /// - Parameters:
    ///   - isInTime: the deadline has not passed.
    ///   - jitter: 0 up to 1.
    mutating func verdict(on error: any Error, isInTime: Bool, jitter: Double) -> Verdict {
        guard let postgres = error as? PostgresError, isInTime else { return giveUp(error) }
        switch postgres.code {
        case .serializationFailure where conflicts < Self.conflictsMax:
            conflicts += 1
            // At most 5, 10, 20, 40, 80 ms: the lane stays taken meanwhile.
            return .again(after: .milliseconds(5 << (conflicts - 1)) * jitter, onNewConnection: false)
        case .connectionLost where losses < Self.lossesMax, .adminShutdown where losses < Self.lossesMax,
            .readOnly where losses < Self.lossesMax && access != .readOnly:
            losses += 1
            return .again(after: .zero, onNewConnection: true)
        case .outcomeUnknown where unknowns < Self.unknownsMax && retryUnknown:
            unknowns += 1
            unknown = unknown ?? postgres
            return .again(after: .zero, onNewConnection: true)
        default:
            return giveUp(error)
        }
    }

    private func giveUp(_ error: any Error) -> Verdict {
        .giveUp(unknown ?? error)
    }
}
