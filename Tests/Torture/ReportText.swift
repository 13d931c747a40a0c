extension Report {
    private static let shownMax = 20

    /// For people: figures, then what must not be.
    package var text: String {
        let longest = drains.map { $0 ?? .infinity }.max() ?? 0
        var lines = [
            "",
            "seed              \(options.seed)",
            "lasted            \(Int(seconds)) s, \(drains.count) rounds",
            "requests          \(requests) (sent \(sends) times): \(acknowledged) acknowledged, \(refused) refused, \(unknown) unknown",
            "cases, events     \(cases), \(events)",
            "copies of events  \(copies.atOnce) at once, \(copies.late) late; \(copies.outOfOrder) came out of order",
            "kills             \(kills)",
        ]
        for (point, count) in crashes.sorted(by: { $0.key < $1.key }) { lines.append("  at \(point): \(count)") }
        lines.append("faults            \(faults.values.reduce(0, +))")
        for (name, count) in faults.sorted(by: { $0.key < $1.key }) { lines.append("  \(name): \(count)") }
        for (what, count) in struck.sorted(by: { $0.key < $1.key }) { lines.append("  struck: \(what): \(count)") }
        for (name, why) in notHere.sorted(by: { $0.key < $1.key }) { lines.append("  not here: \(name) (\(why))") }
        lines += [
            "longest drain     \((longest * 10).rounded() / 10) s",
            "lost              \(count(.lost))",
            "doubled           \(count(.doubled))",
        ]
        for kind in Violation.Kind.allCases where kind != .lost && kind != .doubled && count(kind) > 0 {
            lines.append("\(kind.rawValue): \(count(kind))")
        }
        for kind in Violation.Kind.allCases {
            let found = violations.filter { $0.kind == kind }
            lines += found.prefix(Self.shownMax).map { "  ! \($0)" }
            if found.count > Self.shownMax { lines.append("  ! … and \(found.count - Self.shownMax) more of \(kind)") }
        }
        lines.append(hasPassed ? "PASSED" : "FAILED: SEED=\(options.seed) draws the same faults and requests again")
        return lines.joined(separator: "\n")
    }

    /// One line for a log of runs.
    package var row: String {
        let longest = drains.map { $0 ?? .infinity }.max() ?? 0
        return "| \(options.seed) | \(Int(seconds)) s | \(requests) | \(acknowledged) | \(kills) | "
            + "\(faults.values.reduce(0, +)) | \(count(.lost)) | \(count(.doubled)) | "
            + "\((longest * 10).rounded() / 10) s | \(hasPassed ? "passed" : "\(violations.count) violations") |"
    }
}
