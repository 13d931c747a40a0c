import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// Keeps one process running, as the operator's supervisor does: what ends is started again at once.
final class Keeper: Sendable {
    private struct State {
        var pid: Int32?
        /// Of ours, to the process that runs now.
        var signal: Int32?
        var isHeld = false
        var isOver = false
        /// What the next process is to do to itself: `afterCommit:3`.
        var plan: String?
        var planOfProcess: String?
    }

    let instance: Instance
    private let state = Mutex(State())
    private let ended: @Sendable (Instance, Ending) -> Void

    init(_ instance: Instance, ended: @escaping @Sendable (Instance, Ending) -> Void) {
        self.instance = instance
        self.ended = ended
    }

    var pid: Int32? { state.withLock { $0.pid } }
    /// The crash that the process running now is to come to.
    var plan: String? { state.withLock { $0.planOfProcess } }

    /// Until `end`.
    func run() async {
        while !state.withLock({ $0.isOver }) {
            if state.withLock({ $0.isHeld }) {
                await Wait.briefly()
                continue
            }
            let began = ContinuousClock.now
            let ending = await runOnce()
            ended(instance, ending)
            // One that cannot stay is not started faster than a supervisor would.
            if ContinuousClock.now - began < .seconds(1) { await Wait.briefly(milliseconds: 200) }
        }
    }

    /// - Returns: whether there was a process to send it to.
    @discardableResult
    func send(_ signal: Int32) -> Bool {
        state.withLock { state in
            guard let pid = state.pid else { return false }
            if signal == SIGKILL || signal == SIGTERM { state.signal = signal }
            return kill(pid, signal) == 0
        }
    }

    /// Not started again until `release`.
    func hold() { state.withLock { $0.isHeld = true } }
    func release() { state.withLock { $0.isHeld = false } }

    func plan(_ crash: String?) { state.withLock { $0.plan = crash } }

    func end() { state.withLock { $0.isOver = true } }

    private func runOnce() async -> Ending {
        let plan = state.withLock { state in
            state.signal = nil
            state.planOfProcess = state.plan
            state.plan = nil
            return state.planOfProcess
        }
        do {
            let log = try FileDescriptor.open(
                FilePath(instance.log), .writeOnly, options: [.append, .create, .closeOnExec],
                permissions: .ownerReadWrite)
            var added = instance.environment
            if let plan { added["RENLING_CRASH"] = plan }
            let pairs = added.map { (Environment.Key(stringLiteral: $0.key), String?.some($0.value)) }
            var options = PlatformOptions()
            options.createSession = true
            let result = try await Subprocess.run(
                .path(FilePath(instance.path)),
                environment: .inherit.updating(Dictionary(uniqueKeysWithValues: pairs)), platformOptions: options,
                input: .none, output: .fileDescriptor(log, closeAfterSpawningProcess: true), error: .combinedWithOutput
            ) { execution in self.state.withLock { $0.pid = execution.processIdentifier.value } }
            return ending(result.terminationStatus)
        } catch {
            return ending("\(error)")
        }
    }

    private func ending(_ status: TerminationStatus) -> Ending {
        if case .signaled(SIGKILL) = status { return ending("killed by somebody else", wasKilled: true) }
        return ending("\(status)", isSuccess: status.isSuccess)
    }

    private func ending(_ how: String, wasKilled: Bool = false, isSuccess: Bool = false) -> Ending {
        state.withLock { state in
            state.pid = nil
            let (signal, plan) = (state.signal, state.planOfProcess)
            (state.signal, state.planOfProcess) = (nil, nil)
            if wasKilled, signal == SIGKILL { return .killed }
            if isSuccess, signal == SIGTERM { return .stopped }
            if wasKilled, let plan { return .crashed(String(plan.prefix { $0 != ":" })) }
            return .unexpected(how)
        }
    }
}
