import Domain
import Foundation
import JSONRPC

/// The real messages that lie beside the project in `../shared/data`, where a machine has them. They may not be
/// redistributed, so nothing of them is in the repository, and tests that need them are skipped without them.
enum RealMessages {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")

    static var arePresent: Bool {
        FileManager.default.fileExists(
            atPath: folder.appending(path: "messages_replies.jsonl.gz").path(percentEncoded: false))
    }

    struct Message: Sendable {
        var id: String
        var user: String
        var title: String
        var body: String
        var submittedAt: Instant
        var reply: String?
        var repliedAt: Instant?
        /// As the file has them, for those who reckon without us.
        var submittedText: String
        var repliedText: String?
    }

    /// - Parameter name: such as `messages_replies`.
    static func read(_ name: String) throws -> [Message] {
        try unzipped(folder.appending(path: "\(name).jsonl.gz")).split(separator: UInt8(ascii: "\n")).map { line in
            let json = try JSONValue(parsing: Array(line))
            guard let id = json["id"]?.stringValue, let title = json["subject"]?.stringValue,
                let body = json["text"]?.stringValue,
                let submitted = json["submitted_at"]?.stringValue.flatMap(Instant.init)
            else { throw CocoaError(.fileReadCorruptFile) }
            return Message(
                id: id, user: json["user"]?.stringValue ?? "", title: title, body: body, submittedAt: submitted,
                reply: json["reply"]?.stringValue, repliedAt: json["replied_at"]?.stringValue.flatMap(Instant.init),
                submittedText: json["submitted_at"]?.stringValue ?? "",
                repliedText: json["replied_at"]?.stringValue)
        }
    }

    private static func unzipped(_ file: URL) throws -> Data {
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", file.path(percentEncoded: false)]
        let pipe = Pipe()
        gzip.standardOutput = pipe
        try gzip.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        gzip.waitUntilExit()
        guard gzip.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
        return data
    }

    /// Working days by the data's own list of exceptions, counted one by one: a second opinion on our calendar.
    struct NaiveCalendar {
        private let exceptions: [String: Bool]

        init() throws {
            let lines = try String(contentsOf: folder.appending(path: "cn_calendar_exceptions.csv"), encoding: .utf8)
                .split(separator: "\n")
            exceptions = Dictionary(
                uniqueKeysWithValues: lines.dropFirst().map { line in
                    let fields = line.split(separator: ",")
                    return (String(fields[0]), fields[1] == "work")
                })
        }

        func day(_ count: Int, after start: Day) -> Day {
            var (day, left) = (start, count)
            while left > 0 {
                day = day.advanced(by: 1)
                if exceptions[day.description] ?? (day.weekday <= 5) { left -= 1 }
            }
            return day
        }
    }
}
