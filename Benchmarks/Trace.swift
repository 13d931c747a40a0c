import Foundation
import Postgres

/// The statements that a service sends for one call, with their values, as the server's log shows them.
struct Trace: Sendable {
    struct Statement: Sendable {
        var text: String
        /// `nil` for NULL.
        var values: [String?] = []
    }

    let place: Place

    /// Has the server log every statement while `body` runs.
    ///
    /// - Returns: what it logged.
    func log(_ body: () async throws -> Void) async throws -> String {
        let from = try size()
        try await set("SET log_statement = 'all'")
        do {
            try await body()
        } catch {
            try await set("RESET log_statement")
            throw error
        }
        try await set("RESET log_statement")
        guard let file = FileHandle(forReadingAtPath: place.serverLog) else {
            throw Failure("\(place.serverLog) is gone")
        }
        try file.seek(toOffset: from)
        return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    }

    private func size() throws -> UInt64 {
        try FileManager.default.attributesOfItem(atPath: place.serverLog)[.size] as? UInt64 ?? 0
    }

    private func set(_ what: String) async throws {
        try await Connection.open(place.database) { db in
            try db.execute("ALTER SYSTEM \(raw: what)")
            _ = try db.value("SELECT pg_reload_conf()") as Bool
        }
        // Until all server processes have heard of it.
        try await Task.sleep(for: .milliseconds(300))
    }

    /// The transaction in which one of the values is `value`, from BEGIN to COMMIT.
    static func transaction(holding value: String, in log: String) throws -> [Statement] {
        var open: [Substring: [Statement]] = [:]
        for entry in entries(log) {
            if entry.kind == "DETAIL", entry.text.hasPrefix("parameters: ") {
                guard let last = open[entry.pid]?.indices.last else { continue }
                open[entry.pid]?[last].values = try values(entry.text.dropFirst(12))
            } else if entry.kind == "LOG", entry.text.hasPrefix("execute "), let colon = entry.text.firstIndex(of: ":")
            {
                let text = entry.text[entry.text.index(colon, offsetBy: 2)...]
                if text.hasPrefix("BEGIN") { open[entry.pid] = [] }
                open[entry.pid]?.append(Statement(text: String(text)))
                guard text == "COMMIT", let statements = open.removeValue(forKey: entry.pid) else { continue }
                if statements.contains(where: { $0.values.contains(value) }) { return statements }
            }
        }
        throw Failure("the server's log shows no transaction of \(value)")
    }

    private struct Entry {
        var pid: Substring
        var kind: Substring
        var text: String
    }

    /// Lines that belong together; what follows the first begins with a tab.
    private static func entries(_ log: String) -> [Entry] {
        var entries: [Entry] = []
        for line in log.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("\t") {
                guard let last = entries.indices.last else { continue }
                entries[last].text += "\n" + line.dropFirst()
            } else if let open = line.firstIndex(of: "["), let close = line[open...].firstIndex(of: "]"),
                let colon = line[close...].firstRange(of: ":  ")
            {
                let kind = line[close..<colon.lowerBound].split(separator: " ").last ?? ""
                entries.append(
                    Entry(
                        pid: line[line.index(after: open)..<close], kind: kind, text: String(line[colon.upperBound...]))
                )
            }
        }
        return entries
    }

    /// `$1 = 'it''s', $2 = NULL`
    private static func values(_ text: Substring) throws -> [String?] {
        var values: [String?] = []
        var rest = text
        while let equals = rest.firstRange(of: " = ") {
            rest = rest[equals.upperBound...]
            if rest.hasPrefix("NULL") {
                values.append(nil)
                continue
            }
            guard rest.first == "'" else { throw Failure("not a value in the server's log: \(rest.prefix(40))") }
            var value = ""
            rest = rest.dropFirst()
            while let quote = rest.firstIndex(of: "'") {
                value += rest[..<quote]
                rest = rest[rest.index(after: quote)...]
                guard rest.first == "'" else { break }
                value += "'"
                rest = rest.dropFirst()
            }
            values.append(value)
        }
        return values
    }
}
