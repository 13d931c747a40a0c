import CZeroMQ
import Glibc
import Synchronization

/// How much may wait between the callers of `send` and the socket thread.
public struct QueueLimits: Sendable {
    public var messages = 65_536
    public var bytes = 256 * 1_048_576

    public init() {}
}

/// What the socket thread is asked to do, in this order.
enum Command {
    case open(Opening)
    case route(Router, PeerID, [[UInt8]])
    case deal(Dealer, [[UInt8]])
    case close(SocketID)
    /// Calls back once everything before it has been done.
    case fence(@Sendable () -> Void)
    case shutdown(lingerMs: Int32)
}

/// The way to the socket thread: a bounded list, and an eventfd that is written only when the list was empty.
final class CommandQueue: Sendable {
    private struct State {
        var commands: [Command] = []
        var messages = 0
        var bytes = 0
        var isClosed = false
    }

    /// Polled by the socket thread. Closed with the queue, never earlier: a late `wake` must not hit a reused number.
    let wakeup: Int32
    private let state = Mutex(State())
    private let limits: QueueLimits

    init(limits: QueueLimits) throws(ZeroMQError) {
        self.limits = limits
        wakeup = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard wakeup >= 0 else { throw .system(errno, "eventfd") }
    }

    deinit { _ = Glibc.close(wakeup) }

    /// - Returns: `false` at a limit or after `close`.
    func pushMessage(_ command: Command, bytes: Int) -> Bool {
        push { state in
            guard state.messages < limits.messages, state.bytes + bytes <= limits.bytes else { return false }
            state.messages += 1
            state.bytes += bytes
            state.commands.append(command)
            return true
        }
    }

    /// Not bounded: there are as many as there are sockets.
    /// - Returns: `false` after `close`.
    func push(_ command: Command) -> Bool {
        push { state in
            state.commands.append(command)
            return true
        }
    }

    /// Lets `last` be the last command ever.
    func close(with last: Command) {
        _ = push { state in
            state.commands.append(last)
            state.isClosed = true
            return true
        }
    }

    /// Swaps an empty list for what waits. Messages count against the limits until `release`.
    func take(into commands: inout [Command]) {
        state.withLock { swap(&$0.commands, &commands) }
    }

    func release(messages: Int, bytes: Int) {
        state.withLock {
            $0.messages -= messages
            $0.bytes -= bytes
        }
    }

    func clearWakeup() {
        var count: UInt64 = 0
        _ = read(wakeup, &count, MemoryLayout<UInt64>.size)
    }

    private func push(_ append: (inout State) -> Bool) -> Bool {
        let (isAccepted, wasEmpty) = state.withLock { state in
            let wasEmpty = state.commands.isEmpty
            return (!state.isClosed && append(&state), wasEmpty)
        }
        if isAccepted && wasEmpty { wake() }
        return isAccepted
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
    }
}
