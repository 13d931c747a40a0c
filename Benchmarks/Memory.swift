import Foundation

/// Resident memory of the programs, from `/proc/<pid>/status`.
enum Memory {
    /// MiB that a program may take at most.
    static func bar(_ program: String) -> Double { program == "gateway" ? 150 : 120 }

    /// The most that each has taken since it was started.
    static func peaks(_ place: Place) throws -> [Report.Line] {
        try Place.programs.map { program in
            let peak = try mebibytes("VmHWM", of: try place.pid(of: program))
            return Report.Line(
                what: "peak resident memory: \(program)", value: peak, unit: "MiB", spread: [peak],
                reference: "at most",
                referenceValue: bar(program), bar: .atMost(1))
        }
    }

    /// - Parameter field: `VmHWM`, the peak, or `VmRSS`, now.
    static func mebibytes(_ field: String, of pid: Int) throws -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(field):") }),
            let kibibytes = Double(
                line.dropFirst(field.count + 1).prefix { $0 != "k" }.trimmingCharacters(in: .whitespaces))
        else { throw Failure("no \(field) of process \(pid): it has ended") }
        return kibibytes / 1024
    }
}
