import Glibc

/// Ports of 127.0.0.1 that nobody listens on, below the range from which the system takes those of outgoing connections:
/// a program that is started again finds its port free again.
struct Ports {
    private var candidate: Int

    init(_ seed: Seed) {
        var seed = seed
        candidate = seed.number(11_000...28_000)
    }

    mutating func next() throws -> Int {
        while candidate < 32_000 {
            candidate += 1
            if Self.isFree(candidate) { return candidate }
        }
        throw Failure("there is no free port below 32,000")
    }

    static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
