import Foundation

/// The Swift files of this repository.
struct SourceFile: Sendable {
    /// From the root, such as `Services/Intake/Rules.swift`.
    let path: String
    let text: String

    var name: String { String(path.split(separator: "/").last ?? "").replacing(".swift", with: "") }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// How many lines an editor counts.
    var lineCount: Int { text.count { $0 == "\n" } }

    /// The modules it imports.
    var imports: Set<String> {
        Set(
            lines.compactMap { line in
                guard line.contains("import ") else { return nil }
                let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
                guard words.first?.hasPrefix("//") == false, let place = words.firstIndex(of: "import"), place < 2,
                    words.count > place + 1
                else { return nil }
                let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
                let module = kinds.contains(words[place + 1]) ? words.dropFirst(place + 2).first : words[place + 1]
                return module.map { String($0.prefix { $0 != "." }) }
            })
    }

    /// The text without what stands in comments and in strings.
    var code: String {
        var (kept, isInText) = ([UInt8](), false)
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let bytes = Array(line)
            var (index, isInString) = (0, false)
            while index < bytes.count {
                let isQuote = bytes[index] == UInt8(ascii: "\"")
                if isQuote, bytes[index...].starts(with: Array("\"\"\"".utf8)) {
                    isInText.toggle()
                    index += 3
                } else if isInText || (isInString && bytes[index] == UInt8(ascii: "\\")) {
                    index += isInText ? 1 : 2
                } else if isQuote {
                    isInString.toggle()
                    index += 1
                } else if isInString {
                    index += 1
                } else if bytes[index...].starts(with: Array("//".utf8)) {
                    index = bytes.count
                } else {
                    kept.append(bytes[index])
                    index += 1
                }
            }
            kept.append(UInt8(ascii: "\n"))
        }
        return String(decoding: kept, as: UTF8.self)
    }
}

enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// All Swift files beneath the folder, sorted by path.
    static func files(_ folders: String...) throws -> [SourceFile] {
        try folders.flatMap { folder in
            let paths = FileManager.default.enumerator(
                atPath: root.appending(path: folder).path(percentEncoded: false))?.compactMap {
                    $0 as? String
                }
            return try (paths ?? []).filter { $0.hasSuffix(".swift") }.sorted().map { path in
                SourceFile(path: "\(folder)/\(path)", text: try text("\(folder)/\(path)"))
            }
        }
    }

    /// The folders directly beneath `folder`.
    static func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path(percentEncoded: false))
            .filter { name in
                (try? root.appending(path: "\(folder)/\(name)").resourceValues(forKeys: [.isDirectoryKey]).isDirectory)
                    == true
            }.sorted()
    }
}
