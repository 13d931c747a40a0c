import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A caller's HTTP connection to a gateway, opened again after it broke. One request at a time.
final class WebLine: Sendable {
    private let port: Int
    private let open = Mutex<(channel: any Channel, reader: ResponseReader)?>(nil)

    init(port: Int) { self.port = port }

    func post(_ body: [UInt8], token: String, budgetMs: Int, patience: Duration) async -> Answer {
        do {
            let (channel, reader) = try await connection()
            let promise = channel.eventLoop.makePromise(of: [UInt8].self)
            let late = channel.eventLoop.scheduleTask(in: .milliseconds(Int64(patience / .milliseconds(1)))) {
                channel.close(promise: nil)
            }
            let head = head(body.count, token, budgetMs)
            channel.eventLoop.execute {
                reader.expect(promise)
                channel.write(HTTPClientRequestPart.head(head), promise: nil)
                channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
                channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
            }
            let bytes = try await promise.futureResult.get()
            late.cancel()
            return Answer(reply: bytes)
        } catch {
            close()
            return .unknown("http")
        }
    }

    /// - Returns: the status of the page; `nil` without an answer.
    static func status(of path: String, port: Int) async -> Int? {
        let line = WebLine(port: port)
        defer { line.close() }
        guard let (channel, reader) = try? await line.connection() else { return nil }
        let promise = channel.eventLoop.makePromise(of: [UInt8].self)
        channel.eventLoop.scheduleTask(in: .seconds(3)) { channel.close(promise: nil) }
        channel.eventLoop.execute {
            reader.expect(promise)
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: ["Host": "127.0.0.1"])
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        }
        guard (try? await promise.futureResult.get()) != nil else { return nil }
        return reader.status.load(ordering: .relaxed)
    }

    func close() {
        open.withLock { open in
            open?.channel.close(promise: nil)
            open = nil
        }
    }

    private func head(_ count: Int, _ token: String, _ budgetMs: Int) -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/rpc",
            headers: [
                "Host": "127.0.0.1", "Authorization": "Bearer \(token)", "Content-Type": "application/json",
                "Renling-Budget-Ms": "\(budgetMs)", "Content-Length": "\(count)",
            ])
    }

    private func connection() async throws -> (any Channel, ResponseReader) {
        if let known = open.withLock({ $0 }), known.channel.isActive { return known }
        let reader = ResponseReader()
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(2))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(reader)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        open.withLock { $0 = (channel, reader) }
        return (channel, reader)
    }
}

/// Gathers one response at a time.
///
/// `@unchecked Sendable` because it is touched on its channel's event loop only.
final class ResponseReader: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTPClientResponsePart

    struct Broken: Error {}

    private var expected: EventLoopPromise<[UInt8]>?
    private var body: [UInt8] = []
    private var isClosed = false
    /// Of the last response.
    let status = Atomic(0)

    func expect(_ promise: EventLoopPromise<[UInt8]>) {
        if isClosed { return promise.fail(Broken()) }
        body = []
        expected = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            body = []
            status.store(Int(head.status.code), ordering: .relaxed)
        case .body(let bytes): body += bytes.readableBytesView
        case .end:
            expected?.succeed(body)
            expected = nil
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        expected?.fail(Broken())
        expected = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
