import Domain
import Foundation
import JSONRPC
import TestKit

/// An exported package, fetched, unpacked, and run through its own script.
enum Packages {
    static func fetch(_ city: City, _ export: JSONValue) async throws -> Data {
        let id = export["exportId"] ?? .null
        var (data, offset): (Data, JSONValue) = (Data(), 0)
        while offset != .null {
            let part = try await city.call("archive.exportPart", ["exportId": id, "offset": offset], as: .auditor)
            data += Data(base64Encoded: part["data"]?.stringValue ?? "") ?? Data()
            offset = part["nextOffset"] ?? .null
        }
        return data
    }

    static func export(_ city: City, _ from: String, _ to: String) async throws -> JSONValue {
        try await city.call("archive.export", ["from": JSONValue(from), "to": JSONValue(to)], as: .auditor)
    }

    /// Unpacks into a folder of its own, lends it and removes it.
    static func unpacked<T>(_ package: Data, _ body: (URL) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "renling-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder does no harm
        let tar = folder.appending(path: "package.tar")
        try package.write(to: tar)
        let content = folder.appending(path: "content")
        try FileManager.default.createDirectory(at: content, withIntermediateDirectories: true)
        let unpacking = try run("/usr/bin/tar", ["-xf", tar.path, "-C", content.path], [:])
        guard unpacking.status == 0 else { throw CocoaError(.fileReadCorruptFile) }
        return try body(content)
    }

    /// Runs `verify.sh` where there is nothing but the coreutils and jq.
    static func verify(_ folder: URL, shell: String = "/bin/sh") throws -> (status: Int32, said: String) {
        let tools = folder.deletingLastPathComponent().appending(path: "bin")
        if !FileManager.default.fileExists(atPath: tools.path) {
            try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
            let listing = try run("/usr/bin/dpkg-query", ["--listfiles", "coreutils"], [:]).said
            let programs = listing.split(separator: "\n").filter { $0.contains("/bin/") } + ["/usr/bin/jq"]
            for program in programs {
                let link = tools.appending(path: String(program.split(separator: "/").last ?? ""))
                try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: String(program))
            }
        }
        return try run(shell, [folder.appending(path: "verify.sh").path], ["PATH": tools.path])
    }

    /// What it says on either stream is little.
    static func run(
        _ program: String, _ arguments: [String], _ environment: [String: String]
    ) throws -> (status: Int32, said: String) {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}
