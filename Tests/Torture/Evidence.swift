import Foundation

/// The history and the faults of a run that found something, one JSON object a line, beside the programs' logs.
enum Evidence {
    private struct Line: Encodable {
        var key: String
        var method: String
        var outcome: String
        var attempts: [String]
    }

    static func write(_ history: [Operation], _ world: World) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try history.map { operation in
            try encoder.encode(
                Line(
                    key: operation.key, method: operation.method, outcome: operation.outcome.rawValue,
                    attempts: operation.attempts.map { "\($0.invoked)–\($0.ended) \($0.outcome) \($0.note)" }))
        }
        let folder = world.plan.options.folder
        try Data(lines.joined(separator: Data("\n".utf8))).write(to: URL(fileURLWithPath: "\(folder)/history.jsonl"))
        let faults = world.log.entries.map { "\($0.began)–\($0.ended) \($0.name) \($0.detail)" }
        try faults.joined(separator: "\n").write(toFile: "\(folder)/faults", atomically: true, encoding: .utf8)
    }
}
