import ZeroMQ

/// A caller at intake's bare ZeroMQ door: one DEALER socket with many requests in flight, `[headers][body]` each.
struct ZeroMQLoad: Sendable {
    private enum Event: Sendable {
        case reply([[UInt8]])
        case refused
    }

    let endpoint: String

    /// Keeps `inFlight` requests on their way for so long, and waits for the last replies.
    func register(
        _ messages: Registrations, token: String, inFlight: Int, for duration: Duration
    ) async throws -> Stretch {
        let thread = try SocketThread(name: "bench")
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        let dealer = try await thread.connect(
            endpoint, refused: { _ in feed.yield(.refused) }, receive: { feed.yield(.reply($0)) })
        var arriving = events.makeAsyncIterator()
        try await greet(dealer, &arriving)

        let key = messages.id(Template.mark)
        var headers = Template(#"{"authorization":"Bearer \#(token)","idempotencyKey":"\#(key)"}"#)
        var body = Template(messages.body)
        var (number, stretch) = (Registrations.first, Stretch())
        func next() throws {
            headers.write(number)
            body.write(number)
            number += 1
            guard dealer.send([headers.bytes, body.bytes]) else { throw Failure("the ZeroMQ queue is full") }
        }
        let began = ContinuousClock.now
        for _ in 0..<inFlight { try next() }
        var left = inFlight
        while left > 0, let event = await arriving.next() {
            guard case .reply(let frames) = event else { throw Failure("intake's ZeroMQ door took no more") }
            try Replies.check(frames.last ?? [])
            stretch.replies += 1
            if ContinuousClock.now - began < duration { try next() } else { left -= 1 }
        }
        stretch.seconds = (ContinuousClock.now - began) / .seconds(1)
        await thread.shutdown()
        return stretch
    }

    /// Until the connection is made every message is refused.
    private func greet(_ dealer: Dealer, _ arriving: inout AsyncStream<Event>.Iterator) async throws {
        let ping = Array(#"{"jsonrpc":"2.0","id":1,"method":"system.ping"}"#.utf8)
        for _ in 0..<500 {
            guard dealer.send([ping]) else { throw Failure("the ZeroMQ queue is full") }
            if case .reply(let frames)? = await arriving.next() { return try Replies.check(frames.last ?? []) }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure("nobody answers at \(endpoint)")
    }
}
