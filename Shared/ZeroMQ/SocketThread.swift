import CZeroMQ
import Glibc
import Synchronization

/// The one thread that owns all ZeroMQ sockets of a process.
///
/// libzmq's sockets are not thread-safe and its calls may block, so nothing else touches them: callers put commands
/// into a bounded queue and an eventfd wakes the thread, which polls it together with the sockets. `receive` and
/// `refused` are called on this thread. They must return at once: hand the message on, and do not wait for anything.
///
/// Lives until `shutdown`, or until the last reference to it is gone; routers and dealers alone do not keep it.
public final class SocketThread: Sendable {
    private let queue: CommandQueue
    private let allowed = AllowList()
    private let ended = Gate()
    private static let lastID = Atomic(0)

    /// - Parameter name: What the operating system shows; its first 15 bytes.
    public init(name: String = "zeromq", limits: QueueLimits = QueueLimits()) throws(ZeroMQError) {
        queue = try CommandQueue(limits: limits)
        // A context is thread-safe, unlike its sockets. It starts no threads before its first socket.
        guard let context = zmq_ctx_new() else { throw .last("zmq_ctx_new") }
        let start = ThreadStart(name: name, context: context, queue: queue, allowed: allowed, ended: ended)
        do throws(ZeroMQError) {
            try start.run()
        } catch {
            zmq_ctx_term(context)
            throw error
        }
    }

    deinit { queue.close(with: .shutdown(lingerMs: 0)) }

    /// Opens a ROUTER. `receive` may be called before this returns.
    ///
    /// - Parameters:
    ///   - endpoint: `tcp://127.0.0.1:5555`; a port of `*` is chosen by the system and told by `Router.endpoint`.
    ///   - curve: Makes it a CURVE server that talks only to the keys of `admit`; `nil` talks plainly to anyone.
    public func bind(
        _ endpoint: String, options: SocketOptions = SocketOptions(), curve: CurveKeys? = nil,
        receive: @escaping @Sendable (Incoming) -> Void
    ) async throws(ZeroMQError) -> Router {
        let opening = try await open(endpoint, options, .router(curve: curve, receive: receive))
        return Router(
            id: opening.id, endpoint: opening.endpoint, options: options, counters: opening.counters, queue: queue)
    }

    /// Opens a DEALER, which connects in the background: returning does not mean that anybody is there.
    ///
    /// - Parameters:
    ///   - endpoint: One instance, `tcp://host:port`.
    ///   - curve: Whom it expects there and who it is; `nil` talks plainly.
    ///   - refused: Gets back each message that will not leave; see `Dealer.send`.
    public func connect(
        _ endpoint: String, options: SocketOptions = SocketOptions(), curve: CurveClient? = nil,
        refused: @escaping @Sendable (_ frames: [[UInt8]]) -> Void,
        receive: @escaping @Sendable (_ frames: [[UInt8]]) -> Void
    ) async throws(ZeroMQError) -> Dealer {
        let opening = try await open(endpoint, options, .dealer(curve: curve, receive: receive))
        return Dealer(
            id: opening.id, endpoint: endpoint, options: options, counters: opening.counters, queue: queue,
            refused: refused)
    }

    /// Replaces the list of client keys (Z85) that CURVE routers of this thread admit; at first it is empty. It is
    /// asked at each handshake: a connection made before stays until it ends.
    public func admit(only publicKeys: Set<String>) { allowed.replace(with: publicKeys) }

    /// How many handshakes were turned away because their key is not on the list.
    public var denied: Int { allowed.denied }

    /// Does everything queued before, closes all sockets and ends the thread. A second call waits for the first.
    ///
    /// Peers should have been told to stop sending: TCP resets a connection that is closed while more arrives, and what
    /// was on its way to them is lost.
    ///
    /// - Parameter lingerMs: How long messages that libzmq already has may take to leave.
    public func shutdown(lingerMs: Int32 = 500) async {
        queue.close(with: .shutdown(lingerMs: lingerMs))
        await ended.wait()
    }

    /// Returns when everything queued before has been handed to libzmq; for tests.
    func settle() async {
        await withCheckedContinuation { continuation in
            if !queue.push(.fence { continuation.resume() }) { continuation.resume() }
        }
    }

    private func open(
        _ endpoint: String, _ options: SocketOptions, _ role: Opening.Role
    ) async throws(ZeroMQError) -> (id: SocketID, endpoint: String, counters: Counters) {
        let id = Self.lastID.add(1, ordering: .relaxed).newValue
        let counters = Counters()
        let actual: Result<String, ZeroMQError> = await withCheckedContinuation { continuation in
            let opening = Opening(
                id: id, endpoint: endpoint, options: options, role: role, counters: counters,
                opened: { continuation.resume(returning: $0) })
            if !queue.push(.open(opening)) {
                continuation.resume(returning: .failure(ZeroMQError(.stopped, endpoint)))
            }
        }
        return (id, try actual.get(), counters)
    }
}
