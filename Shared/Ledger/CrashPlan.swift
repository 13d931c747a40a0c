import Dispatch
import Glibc
import Synchronization

/// Named moments at which a test may have a program killed: between them lies everything that "acknowledged" must survive.
public enum CrashPoint: String, Sendable, CaseIterable {
    /// A mutation's transaction is about to COMMIT.
    case beforeCommit
    /// A mutation is committed, its reply not sent.
    case afterCommit
    /// The reply is sent, the events are not.
    case afterReply
    /// An event's transaction is about to COMMIT.
    case receiverBeforeCommit
    /// An event is committed, its reply not sent.
    case receiverAfterCommit
    /// The receiver's reply is here, the outbox row not deleted.
    case senderBeforeAcknowledge
}

/// Has the process kill itself (SIGKILL) the n-th time it reaches a point: `RENLING_CRASH=afterCommit:3`, in tests only.
public final class CrashPlan: Sendable {
    private let point: CrashPoint
    private let reachedMax: Int
    private let reached = Atomic(0)

    /// - Returns: `nil` for anything but `<point>:<n>`, n from 1.
    public init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let point = CrashPoint(rawValue: String(parts[0])), let count = Int(parts[1]), count > 0
        else { return nil }
        self.point = point
        reachedMax = count
    }

    public func reach(_ point: CrashPoint) {
        if isDue(point) { kill(getpid(), SIGKILL) }
    }

    /// For a moment that has come when what was handed over before it is gone: the process ends a little later.
    ///
    /// - Returns: whether it will.
    public func reachSoon(_ point: CrashPoint) -> Bool {
        guard isDue(point) else { return false }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { kill(getpid(), SIGKILL) }
        return true
    }

    private func isDue(_ point: CrashPoint) -> Bool {
        point == self.point && reached.add(1, ordering: .relaxed).newValue == reachedMax
    }
}
