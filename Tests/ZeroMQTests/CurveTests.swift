import Testing

@testable import ZeroMQ

extension ZeroMQTests {
    @Suite struct Curve {
        private let server: CurveKeys
        private let listed: CurveKeys
        private let unlisted: CurveKeys

        init() throws {
            server = try CurveKeys.generate()
            listed = try CurveKeys.generate()
            unlisted = try CurveKeys.generate()
        }

        private var options: SocketOptions {
            var options = SocketOptions()
            options.reconnectMs = 10
            options.reconnectMaxMs = 100
            return options
        }

        private func client(_ keys: CurveKeys, of server: CurveKeys? = nil) throws -> CurveClient {
            try CurveClient(serverKey: (server ?? self.server).publicKey, keys: keys)
        }

        @Test func aListedKeyTalksAndIsTold() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, curve: server)
                sockets.admit(only: [listed.publicKey])
                let talker = try await Talker(on: sockets, to: echo.router.endpoint, curve: client(listed))
                #expect(try await talker.ask([[], bytes("question")]) == [[], bytes("question")])
                var seen = echo.seen.makeAsyncIterator()
                #expect(try #require(await seen.next()).publicKey == listed.publicKey)
                #expect(sockets.denied == 0)
            }
        }

        @Test func anUnlistedKeyGetsNothingUntilItIsListed() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, curve: server)
                sockets.admit(only: [listed.publicKey])
                let friend = try await Talker(on: sockets, to: echo.router.endpoint, curve: client(listed))
                let stranger = try await Talker(
                    on: sockets, to: echo.router.endpoint, options: options, curve: client(unlisted))
                while sockets.denied < 3 {
                    #expect(try await stranger.isRefused([bytes("let me in")]))
                    try await friend.ask([bytes("question")])
                }
                #expect(stranger.dealer.counts.received == 0)
                #expect(stranger.dealer.counts.sent == 0)

                sockets.admit(only: [unlisted.publicKey])
                #expect(try await stranger.ask([bytes("and now?")]) == [bytes("and now?")])
                #expect(try await friend.ask([bytes("old connection")]) == [bytes("old connection")])

                let late = try await Talker(
                    on: sockets, to: echo.router.endpoint, options: options, curve: client(listed))
                let denied = sockets.denied
                while sockets.denied == denied { #expect(try await late.isRefused([bytes("me too")])) }
            }
        }

        @Test func aPlainClientGetsNothing() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, curve: server)
                sockets.admit(only: [listed.publicKey])
                let raw = try RawPeer.connect(to: echo.port)
                try await raw.sendGreeting()
                // At most its own greeting: no READY.
                #expect(try #require(await raw.bytesUntilClosed()) <= 64)

                let friend = try await Talker(on: sockets, to: echo.router.endpoint, curve: client(listed))
                let plain = try await Talker(on: sockets, to: echo.router.endpoint, options: options)
                for _ in 0..<200 {
                    #expect(try await plain.isRefused([bytes("hello")]))
                    try await friend.ask([bytes("question")])
                }
                #expect(echo.router.counts.received == friend.dealer.counts.received)
            }
        }

        @Test func aClientThatExpectsAnotherServerDoesNotTalk() async throws {
            try await withSockets { sockets in
                let echo = try await Echo(on: sockets, curve: server)
                sockets.admit(only: [listed.publicKey])
                let friend = try await Talker(on: sockets, to: echo.router.endpoint, curve: client(listed))
                let misled = try await Talker(
                    on: sockets, to: echo.router.endpoint, options: options, curve: client(listed, of: unlisted))
                for _ in 0..<200 {
                    #expect(try await misled.isRefused([bytes("hello")]))
                    try await friend.ask([bytes("question")])
                }
            }
        }

        @Test func aPlainSocketIsNotAskedAbout() async throws {
            try await withSockets { sockets in
                _ = try await Echo(on: sockets, curve: server)
                let plain = try await Echo(on: sockets)
                let talker = try await Talker(on: sockets, to: plain.router.endpoint)
                #expect(try await talker.ask([bytes("question")]) == [bytes("question")])
            }
        }

        @Test func anEmptyListAdmitsNobodyAndMalformedRequestsAreDenied() throws {
            let allowed = AllowList()
            let key = try Z85.decode(listed.publicKey)
            let head = ["1.0", "7", "curve", "127.0.0.1", "", "CURVE"].map(bytes)
            let denial = ["1.0", "7", "400", "not admitted", "", ""].map(bytes)
            #expect(ZapHandler.answer(head + [key], admitting: allowed) == denial)
            allowed.replace(with: [listed.publicKey])
            let admission = ["1.0", "7", "200", "", listed.publicKey, ""].map(bytes)
            #expect(ZapHandler.answer(head + [key], admitting: allowed) == admission)
            #expect(ZapHandler.answer(head, admitting: allowed) == denial)
            #expect(ZapHandler.answer(head + [key + [0]], admitting: allowed) == denial)
            let null = ["1.0", "7", "curve", "127.0.0.1", "", "NULL"].map(bytes)
            #expect(ZapHandler.answer(null + [key], admitting: allowed) == denial)
            #expect(ZapHandler.answer([], admitting: allowed)[2] == bytes("400"))
        }

        @Test func keysAreCheckedDerivedAndNotPrinted() throws {
            #expect(try CurveKeys.derivePublic(server.secretKey) == server.publicKey)
            #expect(throws: ZeroMQError.self) { try CurveKeys(publicKey: "short", secretKey: server.secretKey) }
            let outside = String(repeating: "~", count: 40)
            #expect(throws: ZeroMQError.self) { try CurveKeys.derivePublic(outside) }
            #expect(!"\(server)".contains(server.secretKey))
            #expect(!String(reflecting: server).contains(server.secretKey))
            var dumped = ""
            dump(server, to: &dumped)
            #expect(!dumped.contains(server.secretKey))
        }
    }
}
