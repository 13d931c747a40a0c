import Foundation
import JSONRPC

/// The table, and the file that keeps one line a figure.
enum Report {
    /// A figure of ours beside its reference from the same run.
    struct Line: Sendable {
        var what: String
        /// The median of the rounds.
        var value: Double
        /// `/s`, or `ms`, where less is better.
        var unit: String
        /// Each round's.
        var spread: [Double]
        var reference: String
        var referenceValue: Double
        /// The ratio that is to be reached; `nil` where there is none.
        var bar: Bar?

        var ratio: Double { value / referenceValue }
        var isReached: Bool? { bar.map { $0.isMost ? ratio <= $0.ratio : ratio >= $0.ratio } }
    }

    struct Bar: Sendable {
        var ratio: Double
        /// Less is better.
        var isMost: Bool

        static func atLeast(_ ratio: Double) -> Bar { Bar(ratio: ratio, isMost: false) }
        static func atMost(_ ratio: Double) -> Bar { Bar(ratio: ratio, isMost: true) }
    }

    static func table(_ lines: [Line]) -> String {
        let rows =
            [["", "median", "least – most", "reference", "", "ratio", "bar", "reached"]]
            + lines.map { line in
                let (least, most) = (line.spread.min() ?? 0, line.spread.max() ?? 0)
                return [
                    line.what, "\(text(line.value)) \(line.unit)", "\(text(least)) – \(text(most))", line.reference,
                    "\(text(line.referenceValue)) \(line.unit)", String(format: "%.2f", line.ratio),
                    line.bar.map { "\($0.isMost ? "≤" : "≥") \(String(format: "%.2f", $0.ratio))" } ?? "",
                    line.isReached.map { $0 ? "yes" : "no" } ?? "",
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// One JSON object a line: `{at, what, value, unit, reference: {what, value}, ratio, bar: {atLeast | atMost}, reached,
    /// quick, machine: {cores, model, load}, commit}`.
    static func append(_ lines: [Line], _ machine: Machine, isQuick: Bool, to path: String) throws {
        let at = Date.now.ISO8601Format()
        let texts = try lines.map { line in
            let value: JSONValue = [
                "at": JSONValue(at), "what": JSONValue(line.what), "value": try rounded(line.value),
                "unit": JSONValue(line.unit),
                "reference": ["what": JSONValue(line.reference), "value": try rounded(line.referenceValue)],
                "ratio": try rounded(line.ratio), "quick": JSONValue(isQuick),
                "bar": try line.bar.map { [JSONString($0.isMost ? "atMost" : "atLeast"): try rounded($0.ratio)] }
                    ?? nil,
                "reached": line.isReached.map { JSONValue($0) } ?? nil,
                "machine": [
                    "cores": JSONValue(machine.cores), "model": JSONValue(machine.model),
                    "load": try rounded(machine.load),
                ],
                "commit": JSONValue(machine.commit),
            ]
            return String(decoding: value.serialized(), as: UTF8.self) + "\n"
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { file.closeFile() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(texts.joined().utf8))
    }

    private static func text(_ value: Double) -> String { String(format: value < 100 ? "%.2f" : "%.0f", value) }

    private static func rounded(_ value: Double) throws -> JSONValue {
        try JSONValue(parsing: Array(String(format: "%.3f", value).utf8))
    }
}
