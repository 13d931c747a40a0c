import Subprocess
import SystemPackage

/// Programs that are run to their end: those of PostgreSQL, and `renling migrate`.
enum Tool {
    private static let outputBytesMax = 1 << 20

    /// - Returns: what the program wrote, to either stream.
    /// - Throws: `Failure` with what it wrote, unless it ended with 0.
    @discardableResult
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) async throws -> String {
        let pairs = environment.map { (Environment.Key(stringLiteral: $0.key), String?.some($0.value)) }
        let executable: Executable = path.contains("/") ? .path(FilePath(path)) : .name(path)
        let ended = try await Subprocess.run(
            executable, arguments: Arguments(arguments),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: pairs)),
            workingDirectory: folder.map { FilePath($0) }, output: .string(limit: outputBytesMax),
            error: .combinedWithOutput)
        guard ended.terminationStatus.isSuccess else {
            throw Failure("\(path) failed (\(ended.terminationStatus)):\n\(ended.standardOutput)")
        }
        return ended.standardOutput
    }
}
