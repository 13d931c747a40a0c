import Foundation
import Glibc

/// Processes that an earlier run may have left behind.
enum Processes {
    /// The path of the program that a process runs; `nil` when there is no such process, or it is not ours to see.
    static func program(of pid: Int32) -> String? {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe") else {
            return nil
        }
        // A build has replaced the file since.
        return path.hasSuffix(" (deleted)") ? String(path.dropLast(" (deleted)".count)) : path
    }

    /// Ends the programs of an earlier run that was killed itself.
    ///
    /// - Parameter folder: only programs that lie there are ended; another process may have the number by now.
    static func endLeftovers(of place: Installation, programs folder: String) async throws {
        guard let text = Installation.read(place.running),
            let entries = try? JSONDecoder().decode([Running].self, from: Data(text.utf8))
        else { return }
        let paths = Set(Migrating.programs.map { "\(folder)/\($0)" })
        func living() -> [Int32] { entries.map(\.pid).filter { program(of: $0).map(paths.contains) ?? false } }
        let left = living()
        guard !left.isEmpty else { return }
        Console.say("ending \(left.count) programs that an earlier run left behind")
        for pid in left { kill(pid, SIGTERM) }
        for round in 0..<100 {
            if living().isEmpty { return }
            if round == 50 { for pid in living() { kill(pid, SIGKILL) } }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure("the programs of an earlier run do not end: \(living())")
    }
}
