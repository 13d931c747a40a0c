import Foundation
import Glibc

/// CPU time that the parts of the system have used, from `/proc/<pid>/stat`; exact to hundredths of a second.
struct Processors: Sendable {
    static let parts = Place.programs + ["PostgreSQL", "generator"]
    private let programs: [Int]
    private let postmaster: Int

    init(_ place: Place) throws {
        programs = try Place.programs.map(place.pid)
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
        return programs.map { Self.read($0)?.own ?? 0 }
            + [servers.reduce(Self.read(postmaster)?.all ?? 0) { $0 + $1.own }, ours?.all ?? 0]
    }

    /// Milliseconds that a reply took, of those who took any.
    static func text(_ stretches: [Stretch]) -> String {
        let replies = Double(stretches.reduce(0) { $0 + $1.replies })
        let each = parts.indices.map { part in stretches.reduce(0) { $0 + $1.used[part] } / replies * 1000 }
        let said = zip(parts, each).filter { $0.1 >= 0.005 }.map { "\($0.0) \(String(format: "%.2f", $0.1))" }
        return said.joined(separator: ", ") + String(format: "; sum %.2f", each.reduce(0, +))
    }

    /// Seconds that one process has used so far.
    static func used(by pid: Int) -> Double { read(pid)?.own ?? 0 }

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
