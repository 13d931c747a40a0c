import CZeroMQ

/// Names a socket between its handle and the thread; never used twice in a process.
typealias SocketID = Int

/// A socket as its user asked for it, and everything needed to make it, a second time too.
struct Opening {
    enum Role {
        /// - curve: The server's keys; `nil` for a plain socket.
        case router(curve: CurveKeys?, receive: @Sendable (Incoming) -> Void)
        case dealer(curve: CurveClient?, receive: @Sendable ([[UInt8]]) -> Void)
    }

    let id: SocketID
    let endpoint: String
    let options: SocketOptions
    let role: Role
    let counters: Counters
    /// Called once, on the socket thread, with the actual endpoint.
    let opened: @Sendable (Result<String, ZeroMQError>) -> Void

    var isRouter: Bool {
        switch role {
        case .router: true
        case .dealer: false
        }
    }

    /// Whether the ZAP handler must be in place first.
    var isCurveServer: Bool {
        switch role {
        case .router(let curve, _): curve != nil
        case .dealer: false
        }
    }

    func open(in context: UnsafeMutableRawPointer) throws(ZeroMQError) -> (Socket, endpoint: String) {
        let socket = try Socket(isRouter ? ZMQ_ROUTER : ZMQ_DEALER, in: context)
        try options.apply(to: socket, isRouter: isRouter)
        switch role {
        case .router(let curve, _):
            if let curve {
                try socket.set(ZMQ_CURVE_SERVER, 1)
                try socket.set(ZMQ_CURVE_SECRETKEY, curve.secretKey)
                try socket.set(ZMQ_ZAP_DOMAIN, ZapHandler.domain)
            }
            return (socket, try socket.bind(endpoint))
        case .dealer(let curve, _):
            if let curve {
                try socket.set(ZMQ_CURVE_SERVERKEY, curve.serverKey)
                try socket.set(ZMQ_CURVE_PUBLICKEY, curve.keys.publicKey)
                try socket.set(ZMQ_CURVE_SECRETKEY, curve.keys.secretKey)
            }
            try socket.connect(endpoint)
            return (socket, endpoint)
        }
    }

    func deliver(frames: [[UInt8]], publicKey: String?) {
        counters.countReceived()
        switch role {
        case .router(_, let receive):
            let peer = PeerID(bytes: frames[0])
            receive(Incoming(peer: peer, publicKey: publicKey, frames: Array(frames.dropFirst())))
        case .dealer(_, let receive):
            receive(frames)
        }
    }
}
