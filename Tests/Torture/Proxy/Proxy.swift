import NIOCore
import NIOPosix
import Synchronization

/// Stands between callers and everything that they call, in this process. Listens on a port for each target.
final class Proxy: Sendable {
    let weather = Weather()
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let links = Mutex<[ObjectIdentifier: Link]>([:])
    private let doors = Mutex<[Door]>([])
    private let watch = Mutex<Task<Void, Never>?>(nil)
    /// Who is at the other end of a connection that came from this local port.
    private let whoCalls: @Sendable (_ port: Int) -> String

    init(whoCalls: @escaping @Sendable (Int) -> String) { self.whoCalls = whoCalls }

    /// A port that is there as long as the target is: where nobody listens, a caller is refused as it would be without
    /// us, which libpq takes for another thing than a connection that ends at once.
    private struct Door: Sendable {
        let port: Int
        let name: String
        let target: Int
        var listener: (any Channel)?
    }

    func add(port: Int, before name: String, at target: Int) {
        doors.withLock { $0.append(Door(port: port, name: name, target: target)) }
    }

    func start() {
        let task = Task {
            while !Task.isCancelled {
                // A port that could not be taken is taken the next time.
                try? await tend()
                await Wait.briefly()
            }
        }
        watch.withLock { $0 = task }
    }

    private func tend() async throws {
        for (index, door) in doors.withLock({ Array($0.enumerated()) }) {
            let isThere = !Ports.isFree(door.target)
            if isThere, door.listener == nil {
                let listener = try await open(door)
                doors.withLock { $0[index].listener = listener }
            } else if !isThere, let listener = door.listener {
                doors.withLock { $0[index].listener = nil }
                try await listener.close()
            }
        }
    }

    private func open(_ door: Door) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] caller in
                connect(caller, door.name, door.target)
                return caller.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: door.port).get()
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
        let task = watch.withLock { $0 }
        task?.cancel()
        await task?.value
        for door in doors.withLock({ $0 }) { door.listener?.close(promise: nil) }
        for link in links() { link.cut() }
        // The run is over; what the loops still say is of no interest.
        try? await group.shutdownGracefully()
    }
}
