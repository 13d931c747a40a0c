import Synchronization

/// Decides which CURVE clients may connect, by ZAP 1.0 (https://rfc.zeromq.org/spec/27).
///
/// While a CURVE client shakes hands, libzmq asks `inproc://zeromq.zap.01` and waits for the answer:
///
///     request  "1.0" · request id · domain · address · routing id · mechanism · credentials
///     reply    "1.0" · request id · "200" or "400" · text · user id · metadata (empty)
///
/// The credentials of CURVE are the 32 bytes of the client's public key. The user id is that key in Z85; libzmq attaches
/// it to every message of the connection. Without a handler libzmq would admit any client, so it is there before the
/// first CURVE bind and outlives those sockets. Plain sockets have no domain and are not asked about.
enum ZapHandler {
    static let endpoint = "inproc://zeromq.zap.01"
    static let domain = "curve"
    private static let version = Array("1.0".utf8)

    static func answer(_ request: [[UInt8]], admitting allowed: AllowList) -> [[UInt8]] {
        let id = request.count > 1 ? request[1] : []
        guard request.count == 7, request[0] == version, request[5] == Array("CURVE".utf8),
            let key = Z85.encode(request[6]), allowed.admits(key)
        else { return [version, id, Array("400".utf8), Array("not admitted".utf8), [], []] }
        return [version, id, Array("200".utf8), [], Array(key.utf8), []]
    }
}

/// The client public keys that may connect, in Z85. Empty, as at the start, admits nobody.
final class AllowList: Sendable {
    private let keys = Mutex<Set<String>>([])
    private let deniedCount = Atomic(0)

    var denied: Int { deniedCount.load(ordering: .relaxed) }

    func replace(with keys: Set<String>) { self.keys.withLock { $0 = keys } }

    func admits(_ key: String) -> Bool {
        let isListed = keys.withLock { $0.contains(key) }
        if !isListed { deniedCount.add(1, ordering: .relaxed) }
        return isListed
    }
}
