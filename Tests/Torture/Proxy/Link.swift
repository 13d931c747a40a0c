import NIOCore
import NIOPosix

/// A proxied connection: a pipe each way.
final class Link: Sendable {
    let ends: Weather.Ends
    private let caller: any Channel
    private let target: any Channel

    init(_ ends: Weather.Ends, caller: any Channel, target: any Channel) {
        self.ends = ends
        self.caller = caller
        self.target = target
    }

    var closed: EventLoopFuture<Void> { caller.closeFuture }

    /// On their event loop.
    func connect(_ weather: Weather) throws {
        try caller.pipeline.syncOperations.addHandler(
            Pipe(from: caller, to: target, ends, weather, isForth: true))
        try target.pipeline.syncOperations.addHandler(
            Pipe(from: target, to: caller, ends, weather, isForth: false))
    }

    /// Both sides see a reset.
    func cut() {
        Self.reset(caller)
        Self.reset(target)
    }

    /// One side hears that the other has no more to say.
    func halfClose(towardsTarget: Bool) {
        (towardsTarget ? target : caller).close(mode: .output, promise: nil)
    }

    /// Closes with what is still to be sent thrown away, so that the peer gets RST.
    static func reset(_ channel: any Channel) {
        channel.eventLoop.execute {
            guard let socket = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
        }
    }
}
