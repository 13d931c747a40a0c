import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceKit

/// HTTP as the operator's command needs it: pages of the programs, and calls at the gateway. A connection a request.
enum Web {
    struct Page: Sendable {
        var status: Int
        var body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private static let patience = Duration.seconds(30)
    private static let bodyBytesMax = 16 << 20

    static func get(_ path: String, at address: Settings.Address) async throws -> Page {
        try await inTime { try await exchange(.GET, path, at: address, headers: [:], body: []) }
    }

    static func post(
        _ body: [UInt8], to path: String, at address: Settings.Address, token: String
    ) async throws -> Page {
        let headers: HTTPHeaders = ["Content-Type": "application/json", "Authorization": "Bearer \(token)"]
        return try await inTime { try await exchange(.POST, path, at: address, headers: headers, body: body) }
    }

    private static func exchange(
        _ method: HTTPMethod, _ path: String, at address: Settings.Address, headers: HTTPHeaders, body: [UInt8]
    ) async throws -> Page {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(3))
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
        head.headers.add(name: "Host", value: "\(address)")
        head.headers.add(name: "Connection", value: "close")
        head.headers.add(name: "Content-Length", value: "\(body.count)")
        return try await channel.executeThenClose { [head] inbound, outbound in
            try await outbound.write(.head(head))
            if !body.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
            try await outbound.write(.end(nil))
            return try await page(inbound)
        }
    }

    private static func page(_ parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> Page {
        var page: Page?
        for try await part in parts {
            switch part {
            case .head(let head): page = Page(status: Int(head.status.code), body: [])
            case .body(let bytes):
                page?.body += bytes.readableBytesView
                guard page?.body.count ?? 0 <= bodyBytesMax else { throw Failure("an answer is too long") }
            case .end:
                if let page { return page }
            }
        }
        throw Failure("the connection ended before the answer did")
    }

    private static func inTime(_ body: @escaping @Sendable () async throws -> Page) async throws -> Page {
        try await withThrowingTaskGroup(of: Page.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: patience)
                throw Failure("no answer within \(patience)")
            }
            defer { group.cancelAll() }
            guard let page = try await group.next() else { throw CancellationError() }
            return page
        }
    }
}
