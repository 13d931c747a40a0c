import NIOCore
import NIOPosix
import Synchronization

/// Stands between callers and everything that they call, in this process. Listens on a port for each target.
final class Proxy: Sendable {
    let weather = Weather()
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let links = Mutex<[ObjectIdentifier: Link]>([:])
    private let listeners = Mutex<[any Channel]>([])
    /// Who is at the other end of a connection that came from this local port.
    private let whoCalls: @Sendable (_ port: Int) -> String

    init(whoCalls: @escaping @Sendable (Int) -> String) { self.whoCalls = whoCalls }

    func listen(on port: Int, before name: String, at target: Int) async throws {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] caller in
                connect(caller, name, target)
                return caller.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: port).get()
        listeners.withLock { $0.append(channel) }
    }

    private func connect(_ caller: any Channel, _ name: String, _ target: Int) {
        let port = caller.remoteAddress?.port ?? 0
        let ends = Weather.Ends(caller: whoCalls(port), target: name)
        ClientBootstrap(group: caller.eventLoop)
            .connectTimeout(.seconds(3))
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: target)
            .whenComplete { [self] result in
                // Nobody listens there: the caller is told as if it had called itself.
                guard case .success(let channel) = result else { return Link.reset(caller) }
                join(Link(ends, caller: caller, target: channel), caller, channel)
            }
    }

    private func join(_ link: Link, _ caller: any Channel, _ target: any Channel) {
        do {
            try link.connect(weather)
        } catch {
            return link.cut()
        }
        links.withLock { $0[ObjectIdentifier(link)] = link }
        link.closed.whenComplete { [self] _ in
            links.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(link)) }
            target.close(promise: nil)
        }
        for channel in [caller, target] { channel.setOption(.autoRead, value: true).whenComplete { _ in } }
    }

    /// The links that stand now between these.
    func links(caller: String? = nil, target: String? = nil) -> [Link] {
        let spell = Weather.Spell(effect: .partition, caller: caller, target: target)
        return links.withLock { $0.values.filter { spell.covers($0.ends) } }
    }

    func stop() async {
        for listener in listeners.withLock({ $0 }) { listener.close(promise: nil) }
        for link in links() { link.cut() }
        // The run is over; what the loops still say is of no interest.
        try? await group.shutdownGracefully()
    }
}
