import Foundation
import Glibc

/// Finds which process has the other end of a loopback connection, from `/proc`.
enum Callers {
    /// - Parameters:
    ///   - port: the caller's local port.
    ///   - pids: the processes that it may be.
    static func owner(ofPort port: Int, among pids: [Int32]) -> Int32? {
        guard let socket = socket(atPort: port) else { return nil }
        return pids.first { pid in
            let folder = "/proc/\(pid)/fd"
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return false }
            return names.contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == socket
            }
        }
    }

    /// `socket:[12345]`
    private static func socket(atPort port: Int) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8) else { return nil }
        let digits = String(port, radix: 16, uppercase: true)
        let local = "0100007F:" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        for line in text.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            if fields.count > 9, fields[1] == local { return "socket:[\(fields[9])]" }
        }
        return nil
    }
}
