import CZeroMQ
import Glibc
import Synchronization

/// What a new socket thread takes with it, and how it is started.
///
/// `@unchecked`: the context is a pointer that the starter gives away; only the thread uses it from then on.
final class ThreadStart: @unchecked Sendable {
    private let name: String
    private let context: UnsafeMutableRawPointer
    private let queue: CommandQueue
    private let allowed: AllowList
    private let ended: Gate

    init(name: String, context: UnsafeMutableRawPointer, queue: CommandQueue, allowed: AllowList, ended: Gate) {
        self.name = name
        self.context = context
        self.queue = queue
        self.allowed = allowed
        self.ended = ended
    }

    func run() throws(ZeroMQError) {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, argument.toOpaque())
        guard result == 0 else {
            argument.release()
            throw .system(result, "pthread_create")
        }
        pthread_detach(thread)
    }

    private func body() {
        czmq_name_thread(name)
        leaveSignalsToOthers()
        SocketLoop(context: context, queue: queue, allowed: allowed).run()
        ended.open()
    }

    /// All but those that a fault of this very thread raises. libzmq's own threads inherit this.
    private func leaveSignalsToOthers() {
        var signals = sigset_t()
        sigfillset(&signals)
        for fault in [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { sigdelset(&signals, fault) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }
}

/// Opens once; whoever waits goes on then.
final class Gate: Sendable {
    private enum State {
        case shut([CheckedContinuation<Void, Never>])
        case open
    }

    private let state = Mutex(State.shut([]))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                guard case .shut(let waiting) = state else { return true }
                state = .shut(waiting + [continuation])
                return false
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            guard case .shut(let waiting) = state else { return [] }
            state = .open
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
