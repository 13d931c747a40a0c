import JSONRPC
import ServiceKit
import Synchronization
import ZeroMQ

/// DEALER sockets to the services' ZeroMQ doors: for callers, who speak bare JSON-RPC there, and for copies of events,
/// which travel on the internal envelope (docs/messaging.md). A socket a door, requests told apart by number.
final class DoorLines: Sendable {
    private struct Waiting {
        var deadline: ContinuousClock.Instant
        var resume: @Sendable (Answer) -> Void
    }

    private enum Kind {
        static let (request, reply, busy, draining) = (UInt8(1), UInt8(2), UInt8(5), UInt8(6))
    }

    private let thread: SocketThread
    private let dealers = Mutex<[String: Dealer]>([:])
    private let waiting = Mutex<[Int: Waiting]>([:])
    private let count = Atomic(0)
    private let ticker = Mutex<Task<Void, Never>?>(nil)

    init() throws {
        thread = try SocketThread(name: "torture")
    }

    func open(_ endpoints: [String]) async throws {
        for endpoint in endpoints {
            let dealer = try await thread.connect(
                endpoint, refused: { [self] in refused($0) }, receive: { [self] in receive($0) })
            dealers.withLock { $0[endpoint] = dealer }
        }
        let task = Task { [self] in
            while !Task.isCancelled {
                expire()
                await Wait.briefly()
            }
        }
        ticker.withLock { $0 = task }
    }

    func close() async {
        ticker.withLock { $0 }?.cancel()
        await thread.shutdown(lingerMs: 0)
        for id in waiting.withLock({ Array($0.keys) }) { finish(id, .unknown("closed")) }
    }

    /// A call at a service's door, as outsiders make it.
    func call(
        _ endpoint: String, _ method: String, _ params: [UInt8], token: String, budgetMs: Int, patience: Duration
    ) async -> Answer {
        let id = count.add(1, ordering: .relaxed).newValue
        let headers = Array(#"{"authorization":"Bearer \#(token)","budgetMs":\#(budgetMs)}"#.utf8)
        let body = Request.compose(id: RequestID(id), method: method, params: params)
        return await exchange(id, endpoint, [headers, body], patience)
    }

    /// A copy of an event, as its sender sends it.
    func deliver(_ endpoint: String, _ copy: EventCopy, token: String, patience: Duration) async -> Answer {
        let id = count.add(1, ordering: .relaxed).newValue
        var headers = Headers()
        headers.authorization = "Bearer \(token)"
        headers.msgId = copy.messageId
        headers.budgetMs = Headers.budgetDefaultMs
        guard let frame = try? JSONWriter.encode(headers) else { return .unknown("headers") }
        let body = Request.compose(id: RequestID(1), method: copy.method, params: Array(copy.params.utf8))
        let correlation = [UInt8](repeating: 0, count: 8) + Self.bytes(id)
        return await exchange(id, endpoint, [[Kind.request, 1], correlation, frame, body], patience)
    }

    private func exchange(_ id: Int, _ endpoint: String, _ frames: [[UInt8]], _ patience: Duration) async -> Answer {
        guard let dealer = dealers.withLock({ $0[endpoint] }) else { return .unknown("no door") }
        return await withCheckedContinuation { continuation in
            waiting.withLock {
                $0[id] = Waiting(deadline: .now + patience) { continuation.resume(returning: $0) }
            }
            if !dealer.send(frames) { finish(id, .unknown("queue full")) }
        }
    }

    private func receive(_ frames: [[UInt8]]) {
        guard frames.count == 4, frames[0].count == 2 else {
            guard let body = frames.last, let id = Self.number(of: body) else { return }
            return finish(id, Answer(reply: body))
        }
        let id = frames[1].suffix(8).reduce(0) { $0 << 8 | Int($1) }
        finish(id, frames[0][0] == Kind.reply ? Answer(reply: frames[3]) : .unknown("busy"))
    }

    /// It has not left: nobody connected there.
    private func refused(_ frames: [[UInt8]]) {
        if frames.count == 4 {
            finish(frames[1].suffix(8).reduce(0) { $0 << 8 | Int($1) }, .unknown("refused"))
        } else if let body = frames.last, case .single(.request(let head))? = try? RequestScanner.scan(body),
            let token = head.id?.token, let id = Int(String(decoding: token, as: UTF8.self))
        {
            finish(id, .unknown("refused"))
        }
    }

    private func expire() {
        let now = ContinuousClock.now
        let late = waiting.withLock { waiting in waiting.filter { $0.value.deadline <= now }.map(\.key) }
        for id in late { finish(id, .unknown("late")) }
    }

    private func finish(_ id: Int, _ answer: Answer) {
        waiting.withLock { $0.removeValue(forKey: id) }?.resume(answer)
    }

    private static func number(of body: [UInt8]) -> Int? {
        guard let reply = try? Reply.parse(body) else { return nil }
        return Int(String(decoding: reply.id.token, as: UTF8.self))
    }

    private static func bytes(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: UInt64(number) >> (56 - 8 * UInt64($0))) }
    }
}

/// An event as its row in the outbox had it.
struct EventCopy: Sendable {
    var id: Int64
    var messageId: String
    var consumer: String
    var method: String
    var params: String
}
