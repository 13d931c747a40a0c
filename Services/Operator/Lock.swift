import Foundation
import Glibc
import SystemPackage

/// One `renling dev up` an installation: a lock on `dev.pid`, which holds its process's number. The kernel lets go of it
/// when the process ends, however that comes about.
struct Lock: ~Copyable {
    private static let stopping = "stopping"
    /// How long another may take to begin with its end, and to come to it.
    private static let patience = (beginning: Duration.seconds(3), ending: Duration.seconds(60))
    private let file: FileDescriptor

    private init(_ file: FileDescriptor) { self.file = file }

    /// Waits for one that is just stopping.
    ///
    /// - Throws: `Failure` when another is at work.
    static func take(_ place: Installation) async throws -> Lock {
        let file = try FileDescriptor.open(
            FilePath(place.lock), .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        let began = ContinuousClock.now
        var hasSaid = false
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let words = (Installation.read(place.lock) ?? "").split(separator: "\n")
            let isStopping = words.last.map(String.init) == stopping
            guard .now - began < (isStopping ? patience.ending : patience.beginning) else {
                try? file.close()
                throw Failure(
                    "this installation runs already, as process \(words.first ?? "?"); stop it, or `make clean-data`")
            }
            if isStopping, !hasSaid { Console.say("waiting for the end of an earlier run (\(words[0]))") }
            hasSaid = hasSaid || isStopping
            try await Task.sleep(for: .milliseconds(100))
        }
        ftruncate(file.rawValue, 0)
        try file.writeAll("\(getpid())\n".utf8)
        return Lock(file)
    }

    /// Tells whoever waits that this is the end.
    func announceEnd() throws { try file.writeAll("\(Self.stopping)\n".utf8) }

    deinit {
        // The file stays: whoever waits for the lock has it open. An error would change nothing at the end.
        ftruncate(file.rawValue, 0)
        try? file.close()
    }
}
