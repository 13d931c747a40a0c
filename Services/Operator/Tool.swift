import Subprocess
import SystemPackage

/// Short programs that are run to their end, as `initdb` and `intake --migrate`.
enum Tool {
    private static let outputBytesMax = 1 << 20

    /// - Returns: what the program wrote, to either stream.
    /// - Throws: `Failure` with what it wrote, unless it ended with 0.
    @discardableResult
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) async throws -> String {
        let executable: Executable = path.contains("/") ? .path(FilePath(path)) : .name(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let ended: ExecutionResult<Void, StringOutput<UTF8>, CombinedErrorOutput>
        do {
            ended = try await Subprocess.run(
                executable, arguments: Arguments(arguments), environment: .adding(environment),
                workingDirectory: folder.map { FilePath($0) }, output: .string(limit: outputBytesMax),
                error: .combinedWithOutput)
        } catch let error as SubprocessError {
            throw Failure("\(name) cannot be run: \(error)")
        }
        let said = ended.standardOutput
        guard ended.terminationStatus.isSuccess else {
            throw Failure("\(name) failed (\(ended.terminationStatus)):\n\(said)")
        }
        return said
    }

    /// Whether the program ends with 0; one that cannot be run does not.
    static func succeeds(_ path: String, _ arguments: [String], in folder: String? = nil) async -> Bool {
        (try? await run(path, arguments, in: folder)) != nil
    }
}

extension Environment {
    /// Our own, with these variables on top.
    static func adding(_ variables: [String: String]) -> Environment {
        let pairs = variables.map { (Key(stringLiteral: $0.key), String?.some($0.value)) }
        return .inherit.updating(Dictionary(uniqueKeysWithValues: pairs))
    }
}
