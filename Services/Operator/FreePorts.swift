import Glibc

/// Finds ports that nobody listens on. Further instances get theirs below the range from which the system takes ports for
/// outgoing connections, so that a program that is started again finds its port free again.
struct FreePorts {
    private var candidate = 7300

    /// A port that must be this one.
    func fixed(
        _ port: Int, at host: String = "127.0.0.1", for service: String, variable: String? = nil
    ) throws -> Int {
        guard Self.isFree(port, at: host) else {
            let way = variable.map { "; set \($0) to another address" } ?? ""
            throw Failure("\(host):\(port), where \(service) is to listen, is taken by another program\(way)")
        }
        return port
    }

    mutating func next() throws -> Int {
        while candidate < 32_000 {
            candidate += 1
            if Self.isFree(candidate, at: "127.0.0.1") { return candidate }
        }
        throw Failure("there is no free port from 7301 on")
    }

    /// True also for a host that is not an IPv4 address: then only the program itself can tell.
    private static func isFree(_ port: Int, at host: String) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1 else { return true }
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
