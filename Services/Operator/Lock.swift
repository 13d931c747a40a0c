import Foundation
import Glibc
import SystemPackage

/// One `renling dev up` an installation: a lock on `dev.pid`, which holds its process's number. The kernel lets go of it
/// when the process ends, however that comes about.
struct Lock: ~Copyable {
    private static let patienceSeconds = 30
    private let file: FileDescriptor

    private init(_ file: FileDescriptor) { self.file = file }

    /// Waits for one that is just stopping.
    static func take(_ place: Installation) async throws -> Lock {
        let path = place.lock
        let file = try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        for round in 0...(patienceSeconds * 5) {
            if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 {
                ftruncate(file.rawValue, 0)
                try file.writeAll("\(getpid())\n".utf8)
                return Lock(file)
            }
            if round == 0 {
                Console.say("another `renling dev up` (\(Installation.read(path) ?? "?")) is at work here; waiting for its end")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        let pid = Installation.read(path) ?? "?"
        try? file.close()
        throw Failure("this installation runs already, as process \(pid); stop it, or `make clean-data`")
    }

    deinit {
        // The file stays: whoever waits for the lock has it open.
        ftruncate(file.rawValue, 0)
        try? file.close()
    }
}
