import Testing

/// STYLE, "Size and form", and what does not pass.
struct SizeTests {
    static let sources = Result { try Repository.files("Shared", "Services", "Benchmarks") }
    /// Path and code of each source file, without comments and texts.
    static let codes = Result { try sources.get().map { ($0.path, $0.code) } }
    static let everything = Result { try Repository.files("Shared", "Services", "Benchmarks", "Tests") }

    @Test func noFileHasMoreThan300Lines() throws {
        #expect(try Self.everything.get().filter { $0.lineCount > 300 }.map { "\($0.path): \($0.lineCount)" } == [])
    }

    @Test func theMedianFileHasAtMost100Lines() throws {
        let counts = try Self.sources.get().map(\.lineCount).sorted()
        #expect(counts.count > 100 && counts[counts.count / 2] <= 100)
    }

    /// What does not pass, a word that it holds, and the folders where it does: a program that talks to people prints,
    /// and a thread of our own may wait.
    @Test(
        arguments: [
            (#"\btry!"#, "try!", []), (#"\bas!"#, "as!", []), (#"\bfatalError\("#, "fatalError(", []),
            (#"\b(debugP|p)rint\("#, "rint(", ["Services/Operator/", "Benchmarks/"]),
            (#"\bcatch \{\s*\}"#, "catch", []),
            (#"[A-Za-z0-9_)\]]!(?![=A-Za-z])"#, "!", []),
            (#"\b(u|nano)?sleep\("#, "sleep(", ["Shared/Postgres/", "Shared/ZeroMQ/"]),
            (#"\bDispatchSemaphore\b"#, "DispatchSemaphore", ["Shared/Postgres/", "Shared/ZeroMQ/"]),
        ] as [(String, String, [String])])
    func theCodeHasNo(pattern: String, word: String, exceptIn folders: [String]) throws {
        let pattern = try Regex(pattern)
        let wrong = try Self.codes.get().flatMap { path, code in
            code.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .filter { $0.element.utf8.contains(word.utf8) && $0.element.contains(pattern) }
                .filter { _ in !folders.contains { path.hasPrefix($0) } }
                .map { "\(path):\($0.offset + 1)" }
        }
        #expect(wrong == [])
    }

    @Test func nothingIsLeftToBeDone() throws {
        let open = ["TODO", "FIXME", "HACK"]
        #expect(try Self.sources.get().filter { file in open.contains { file.text.contains($0) } }.map(\.path) == [])
    }

    @Test func aWrongPatternIsFoundInCodeAndNotInTexts() throws {
        let code = SourceFile(
            path: "a.swift",
            text: "let a = b! // c!\nlet d = \"e!\"\nlet f = \"\"\"\n    g!\n    \"\"\"\nlet h = i != j\n"
        ).code
        #expect(code.matches(of: try Regex(#"[A-Za-z0-9_)\]]!(?![=A-Za-z])"#)).count == 1)
    }

    @Test func noDrawerIsCalledUtils() throws {
        let drawers: Set<String> = [
            "Utils", "Util", "Utilities", "Helpers", "Helper", "Extensions", "Common", "Manager", "Misc",
        ]
        let wrong = try Self.everything.get().filter { file in
            let names = file.path.replacing(".swift", with: "").split(separator: "/").map(String.init)
            return names.contains {
                drawers.contains($0) || $0.hasSuffix("Manager") || $0.hasSuffix("Utils") || $0.hasSuffix("Helper")
            }
        }
        #expect(wrong.map(\.path) == [])
    }

    @Test func anUncheckedSendableSaysWhyItIsTrue() throws {
        let wrong = try Self.sources.get().flatMap { file in
            let lines = file.lines
            return lines.indices.filter { index in
                let isUnchecked = ["@unchecked Sendable", "nonisolated(unsafe)"].contains { lines[index].contains($0) }
                return isUnchecked && !lines[max(0, index - 4)...index].contains { $0.contains("//") }
            }.map { "\(file.path):\($0 + 1)" }
        }
        #expect(wrong == [])
    }

    @Test func aMethodOfASystemOfRecordNeverSelectsEverything() throws {
        let wrong = try Repository.files("Shared/Ledger", "Services").filter { $0.text.contains("SELECT *") }
        #expect(wrong.map(\.path) == [])
    }
}
