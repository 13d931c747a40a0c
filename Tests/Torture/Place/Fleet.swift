import Glibc
import ServiceKit
import Synchronization

/// All processes: two of each program.
final class Fleet: Sendable {
    static let services = ["intake", "assignment", "handling", "supervision", "archive"]

    private struct State {
        var spared: Set<String> = []
        var kills = 0
        var crashes: [String: Int] = [:]
        var stops = 0
        var unexpected: [String] = []
        var isOver = false
    }

    let keepers: [Keeper]
    private let state: Counted
    private let tasks = Mutex<[Task<Void, Never>]>([])

    private final class Counted: Sendable {
        let state = Mutex(State())
    }

    init(_ instances: [Instance]) {
        let counted = Counted()
        state = counted
        keepers = instances.map { instance in
            Keeper(instance) { instance, ending in
                counted.state.withLock { state in
                    switch ending {
                    case .killed: state.kills += 1
                    case .stopped: state.stops += 1
                    case .crashed(let point): state.crashes[point, default: 0] += 1
                    case .unexpected(let how):
                        if !state.isOver { state.unexpected.append("\(instance.name) ended (\(how))") }
                    }
                }
            }
        }
    }

    func start() {
        tasks.withLock { $0 = keepers.map { keeper in Task { await keeper.run() } } }
    }

    func stop() async {
        state.state.withLock { $0.isOver = true }
        for keeper in keepers {
            keeper.end()
            keeper.send(SIGCONT)
            keeper.send(SIGKILL)
        }
        for task in tasks.withLock({ $0 }) { await task.value }
    }

    /// Processes killed: by us, and at named points.
    var kills: Int { state.state.withLock { $0.kills + $0.crashes.values.reduce(0, +) } }
    var crashes: [String: Int] { state.state.withLock { $0.crashes } }
    /// Ends that nobody ordered.
    var unexpected: [String] { state.state.withLock { $0.unexpected } }

    func keepers(of service: String) -> [Keeper] { keepers.filter { $0.instance.service == service } }

    /// The instance's name by its process.
    func name(of pid: Int32) -> String? { keepers.first { $0.pid == pid }?.instance.name }

    /// Runs `body` while nobody else kills or stops these.
    func sparing<T>(_ chosen: [Keeper], _ body: () async throws -> T) async rethrows -> T {
        let names = Set(chosen.map(\.instance.name))
        state.state.withLock { $0.spared.formUnion(names) }
        defer { state.state.withLock { $0.spared.subtract(names) } }
        return try await body()
    }

    /// Those that may be killed now.
    var killable: [Keeper] {
        let spared = state.state.withLock { $0.spared }
        return keepers.filter { !spared.contains($0.instance.name) && $0.pid != nil }
    }
}
