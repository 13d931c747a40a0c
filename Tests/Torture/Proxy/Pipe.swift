import NIOCore
import NIOPosix
import Synchronization

/// One direction of a proxied connection: what comes in on one channel goes out on the other, as the weather allows.
///
/// `@unchecked Sendable` because both channels of a connection share one event loop, and nothing here is touched
/// elsewhere.
final class Pipe: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private enum Item {
        case bytes(ByteBuffer)
        case end
    }

    private static let lookAgain = TimeAmount.milliseconds(20)
    private static let commit = Array("COMMIT".utf8)

    private let ends: Weather.Ends
    private let weather: Weather
    /// Towards the target.
    private let isForth: Bool
    private let to: any Channel
    private let from: any Channel
    private var queue = CircularBuffer<(item: Item, due: NIODeadline)>()
    private var isScheduled = false

    init(from: any Channel, to: any Channel, _ ends: Weather.Ends, _ weather: Weather, isForth: Bool) {
        self.from = from
        self.to = to
        self.ends = ends
        self.weather = weather
        self.isForth = isForth
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if isForth, cutsAtCommit(bytes) { return }
        enqueue(.bytes(bytes))
    }

    func channelInactive(context: ChannelHandlerContext) { enqueue(.end) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { enqueue(.end) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func enqueue(_ item: Item) {
        queue.append((item, .now() + .milliseconds(Int64(delay))))
        flush()
    }

    private var delay: Int {
        weather.effects(on: ends).reduce(0) { most, effect in
            if case .delay(let milliseconds) = effect { max(most, milliseconds) } else { most }
        }
    }

    private var isPartitioned: Bool {
        weather.effects(on: ends).contains { if case .partition = $0 { true } else { false } }
    }

    private func flush() {
        guard !isScheduled else { return }
        while let next = queue.first {
            let wait = isPartitioned ? Self.lookAgain : next.due - .now()
            guard wait <= .nanoseconds(0) else {
                isScheduled = true
                from.eventLoop.scheduleTask(in: wait) { [self] in
                    isScheduled = false
                    flush()
                }
                return
            }
            queue.removeFirst()
            switch next.item {
            case .bytes(let bytes): to.writeAndFlush(bytes, promise: nil)
            // What was written before is sent; the other direction may go on.
            case .end: to.close(mode: from.isActive ? .output : .all, promise: nil)
            }
        }
    }

    private func cutsAtCommit(_ bytes: ByteBuffer) -> Bool {
        for effect in weather.effects(on: ends) {
            guard case .cutAtCommit(let percent) = effect, Int.random(in: 1...100) <= percent,
                bytes.readableBytesView.firstRange(of: Self.commit) != nil
            else { continue }
            if Bool.random() {
                // The server commits; the caller does not hear of it.
                weather.cutAfter.add(1, ordering: .relaxed)
                to.writeAndFlush(bytes, promise: nil)
                Link.reset(from)
                to.eventLoop.scheduleTask(in: .milliseconds(50)) { [to] in to.close(promise: nil) }
            } else {
                weather.cutBefore.add(1, ordering: .relaxed)
                Link.reset(from)
                Link.reset(to)
            }
            return true
        }
        return false
    }
}
