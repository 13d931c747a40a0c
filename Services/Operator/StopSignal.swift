import Foundation
import Glibc
import UnixSignals

/// What ends `renling dev up`: Ctrl-C, SIGTERM, the terminal's end.
enum StopSignal {
    /// - Returns: when the first of them has come.
    static func wait() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal() }
            group.addTask { await interruptedMake() }
            await group.next()
            group.cancelAll()
        }
    }

    private static func signal() async {
        var wanted: [UnixSignal] = [.sigint, .sigterm]
        if !isIgnored(SIGHUP) { wanted.append(.sighup) }
        for await _ in await UnixSignalsSequence(trapping: wanted) { return }
    }

    /// Under `nohup` the terminal's end is not ours to follow.
    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0, let handler = action.__sigaction_handler.sa_handler else {
            return false
        }
        return unsafeBitCast(handler, to: Int.self) == 1
    }

    /// A terminal sends Ctrl-C to `make` and to us. Who sends SIGINT to `make` alone makes it wait for us without a word:
    /// all that can be seen of it is that `make` no longer catches the signal.
    private static func interruptedMake() async {
        let parent = getppid()
        guard Installation.read("/proc/\(parent)/comm") == "make", catchesInterrupt(parent) else {
            return await forever()
        }
        while !Task.isCancelled {
            if getppid() == parent, !catchesInterrupt(parent) { return }
            // The end of the wait is seen by the loop.
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private static func catchesInterrupt(_ pid: Int32) -> Bool {
        let line = Installation.read("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        guard let digits = line?.split(separator: "\t").last, let mask = UInt64(digits, radix: 16) else { return true }
        return mask & 1 << UInt64(SIGINT - 1) != 0
    }

    private static func forever() async {
        // Ended by cancellation only.
        while (try? await Task.sleep(for: .seconds(3600))) != nil {}
    }
}
