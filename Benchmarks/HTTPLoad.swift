import Foundation
import Glibc
import ServiceKit

/// Callers at the gateway's door, each on a connection that it keeps. One thread with `poll` and little else: what the
/// generator uses of the CPU is missing from what it measures.
struct HTTPLoad: Sendable {
    private static let patienceMs: Int32 = 70_000
    let address: Settings.Address

    /// Keeps `connections` requests in flight for so long, and waits for the last replies.
    ///
    /// - Parameter cases: in each request, each of which must have been registered.
    func register(
        _ messages: Registrations, token: String, connections: Int, for duration: Duration, cases: Int = 1
    ) async throws -> Stretch {
        let key = cases == 1 ? messages.id(Template.mark) : nil
        let body = cases == 1 ? messages.body : messages.batch(of: cases)
        return try await register(
            Template(request(body, token: token, key: key)), step: cases, connections: connections, for: duration
        ) { reply in
            if cases == 1 { try Replies.check(reply) } else { try Replies.check(reply, registered: cases) }
        }
    }

    /// The same with a request of our own making, in which `step` numbers are written after one another.
    func register(
        _ request: Template, step: Int, connections: Int, for duration: Duration,
        checked check: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> Stretch {
        struct State: Sendable {
            var request: Template
            var number = Registrations.first
            var stretch = Stretch()
            var sent: [ContinuousClock.Instant]
        }
        let began = ContinuousClock.now
        let state = State(request: request, sent: [ContinuousClock.Instant](repeating: began, count: connections))
        var ended = try await drive(connections, state) { state, line, reply in
            let now = ContinuousClock.now
            if let reply {
                try check(reply)
                state.stretch.replies += step
                state.stretch.latencies.append(UInt32((now - state.sent[line]) / .microseconds(1)))
                if now - began >= duration { return nil }
            }
            state.request.write(state.number)
            state.number += step
            state.sent[line] = now
            return state.request.bytes
        }
        ended.stretch.seconds = (ContinuousClock.now - began) / .seconds(1)
        return ended.stretch
    }

    /// Asks `next` for the first request of each connection, and for another one with each reply, until it has none.
    ///
    /// - Parameter next: gets the state, the connection's place and the reply to what was sent there last.
    func drive<State: Sendable>(
        _ connections: Int, _ state: State,
        _ next: @escaping @Sendable (inout State, Int, [UInt8]?) throws -> [UInt8]?
    ) async throws -> State {
        try await onThread {
            var state = state
            let lines = try (0..<connections).map { _ in try HTTPLine(address) }
            var polled = lines.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            var inFlight = 0
            for index in lines.indices {
                guard let request = try next(&state, index, nil) else {
                    polled[index].fd = -1
                    continue
                }
                try lines[index].send(request)
                inFlight += 1
            }
            while inFlight > 0 {
                guard poll(&polled, nfds_t(connections), Self.patienceMs) > 0 else { throw Self.noReply }
                for index in lines.indices where polled[index].revents != 0 {
                    guard let reply = try lines[index].read() else { continue }
                    if let request = try next(&state, index, reply) {
                        try lines[index].send(request)
                    } else {
                        polled[index].fd = -1
                        inFlight -= 1
                    }
                }
            }
            return state
        }
    }

    /// One call.
    func call(_ body: [UInt8], token: String, key: String? = nil) async throws {
        let request = Array(request(String(decoding: body, as: UTF8.self), token: token, key: key).utf8)
        _ = try await drive(1, ()) { _, _, reply in
            guard let reply else { return request }
            try Replies.check(reply)
            return nil
        }
    }

    /// With the longest budget: on a machine that others use too, a slow reply is a figure and no failure.
    func request(_ body: String, token: String, key: String?) -> String {
        """
        POST /rpc HTTP/1.1\r
        Host: \(address)\r
        Authorization: Bearer \(token)\r
        Content-Type: application/json\r
        Renling-Budget-Ms: 60000\r
        \(key.map { "Idempotency-Key: \($0)\r\n" } ?? "")Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }

    private static let noReply = Failure("no reply over HTTP within \(patienceMs / 1000) seconds")

    private func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}
