import Domain
import Foundation
import JSONRPC

/// A case's timeline, for people.
enum Story {
    /// - Parameter view: what `intake.get` answers.
    static func text(of view: JSONValue) -> String {
        func text(_ name: String) -> String { view[name]?.stringValue ?? "" }
        var lines = ["事项 \(text("caseNumber"))　\(text("title"))", ""]
        for entry in view["timeline"]?.elements ?? [] { lines.append(line(entry)) }
        let letter = text("letterNumber")
        if !letter.isEmpty { lines += ["", "交办函 \(letter)"] }
        if let reply = view["publicReply"]?.stringValue { lines += ["答复　 \(reply)"] }
        return lines.joined(separator: "\n")
    }

    private static func line(_ entry: JSONValue) -> String {
        func text(_ name: String) -> String { entry[name]?.stringValue ?? "" }
        let status = CaseStatus(rawValue: text("to"))?.chinese ?? text("to")
        let isMove = text("from") != text("to")
        let person = entry["person"].map { "\($0["name"]?.stringValue ?? "")（\($0["title"]?.stringValue ?? "")）" } ?? ""
        return [
            padded("\(entry["seq"]?.intValue ?? 0)", 4), String(text("at").prefix(19)).replacing("T", with: " "),
            " " + padded(CaseAction(rawValue: text("action"))?.chinese ?? text("action"), 12),
            padded(isMove ? "→ \(status)" : "", 12),
            padded(Role(rawValue: text("actor"))?.chinese ?? text("actor"), 10), person,
        ].joined(separator: " ")
    }

    /// Chinese characters are two columns wide.
    private static func padded(_ text: String, _ columns: Int) -> String {
        let width = text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E7F ? 2 : 1) }
        return text + String(repeating: " ", count: max(0, columns - width))
    }
}
