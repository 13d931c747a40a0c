import Foundation
import Glibc

/// On what the figures were measured, and of which sources.
struct Machine: Sendable, CustomStringConvertible {
    var cores: Int
    var model: String
    /// Processes that ran or waited, on average over the minute before the start, a build included.
    var load: Double
    /// `git describe --always --dirty`; empty without git.
    var commit: String

    static func current() async -> Machine {
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = processor.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = model?.split(separator: ":", maxSplits: 1).last ?? "unknown"
        let average = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        // Sources without their history can be measured too.
        let commit = try? await Tool.run("git", ["-c", "safe.directory=*", "describe", "--always", "--dirty"])
        return Machine(
            cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)), model: name.trimmingCharacters(in: .whitespaces),
            load: average.split(separator: " ").first.flatMap { Double($0) } ?? 0,
            commit: commit?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "")
    }

    var description: String {
        let busy = load > 0.5 ? "; load \(load) before the start: unless that was the build, the figures are noisy" : ""
        return "\(cores) cores, \(model), commit \(commit)\(busy)"
    }
}
