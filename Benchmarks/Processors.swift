import Foundation
import Glibc

/// CPU time that the parts of the system have used, from `/proc/<pid>/stat`; exact to hundredths of a second.
struct Processors: Sendable {
    static let parts = ["gateway", "intake", "PostgreSQL", "generator"]
    private let gateway: Int
    private let intake: Int
    private let postmaster: Int

    init(_ place: Place) throws {
        gateway = try place.pid(of: "gateway")
        intake = try place.pid(of: "intake")
        let file = try String(contentsOfFile: "\(place.folder)/postgres/postmaster.pid", encoding: .utf8)
        guard let pid = file.split(separator: "\n").first.flatMap({ Int($0) }) else {
            throw Failure("postmaster.pid holds no number")
        }
        postmaster = pid
    }

    /// Seconds of each of `parts`. A server process that has ended counts with the postmaster, pgbench with us.
    func used() throws -> [Double] {
        let servers = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int($0) }
            .compactMap(Self.read).filter { $0.parent == postmaster }
        let ours = Self.read(Int(getpid()))
        return [
            Self.read(gateway)?.own ?? 0, Self.read(intake)?.own ?? 0,
            servers.reduce(Self.read(postmaster)?.all ?? 0) { $0 + $1.own }, ours?.all ?? 0,
        ]
    }

    private struct Usage {
        var parent: Int
        var own: Double
        /// With the children that have ended.
        var all: Double
    }

    /// `nil` when there is no such process any more.
    private static func read(_ pid: Int) -> Usage? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
        // After the program's name in brackets: state, parent, …; utime, stime, cutime, cstime are fields 14–17 of all.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").map { Int($0) ?? 0 }
        guard fields.count > 15 else { return nil }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        let ticks = fields[12...15].map { Double($0) / perSecond }
        return Usage(parent: fields[2], own: ticks[0] + ticks[1], all: ticks.reduce(0, +))
    }
}
