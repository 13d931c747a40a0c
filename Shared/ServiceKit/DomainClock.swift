import Domain
import Foundation
import Synchronization

/// The clock that the rules go by. Leases and beats use the database's, budgets the monotonic one.
///
/// In tests it may be shifted by whole seconds, given once (`+86400`) or kept in a file (`file:<path>`) that is read again
/// at least every second.
public struct DomainClock: Sendable {
    private let read: @Sendable () -> Instant

    public init(_ read: @escaping @Sendable () -> Instant) { self.read = read }

    public static let real = DomainClock { wallTime() }

    /// - Throws: `Settings.Problem` for a shift outside tests, or one that cannot be read.
    public init(setting: String?, isTest: Bool) throws {
        guard let setting, !setting.isEmpty else {
            self = .real
            return
        }
        guard isTest else { throw Settings.Problem("RENLING_CLOCK works only together with RENLING_TEST=1") }
        if setting.hasPrefix("file:") {
            let file = ShiftFile(path: String(setting.dropFirst(5)))
            self.init { wallTime().adding(seconds: file.seconds()) }
        } else if let seconds = Int(setting.hasPrefix("+") ? String(setting.dropFirst()) : setting) {
            self.init { wallTime().adding(seconds: seconds) }
        } else {
            throw Settings.Problem("RENLING_CLOCK must be a number of seconds or file:<path>")
        }
    }

    public var now: Instant { read() }
}

private func wallTime() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}

/// A file that holds a number of seconds. A missing or half-written one leaves the last number standing.
private final class ShiftFile: Sendable {
    private let path: String
    private let state = Mutex((seconds: 0, readAt: ContinuousClock.Instant?.none))

    init(path: String) { self.path = path }

    func seconds() -> Int {
        state.withLock { state in
            if let readAt = state.readAt, ContinuousClock.now - readAt < .milliseconds(200) { return state.seconds }
            state.readAt = .now
            if let text = try? String(contentsOfFile: path, encoding: .utf8) {
                let digits = text.trimmingCharacters(in: .whitespacesAndNewlines)
                if let seconds = Int(digits.hasPrefix("+") ? String(digits.dropFirst()) : digits) {
                    state.seconds = seconds
                }
            }
            return state.seconds
        }
    }
}
