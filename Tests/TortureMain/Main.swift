import Foundation
import Torture

/// `torture <folder of the programs> <empty folder>`: what `make torture` and the short form in `make test` run, through
/// `scripts/torture`. Ends with 0 when nothing was found, 1 when something was, 2 when the run could not be made.
@main
enum Main {
    static func main() async {
        do {
            let options = try Options(
                environment: ProcessInfo.processInfo.environment, arguments: Array(CommandLine.arguments.dropFirst()))
            let report = try await Torture(options, say: say).run()
            say(report.text)
            say("\n\(report.row)")
            exit(report.hasPassed ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("torture: \(error)\n".utf8))
            exit(2)
        }
    }

    /// At once, also into a pipe.
    private static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
}
