import Foundation
import Subprocess
import SystemPackage

/// Keeps the programs running: starts one again that ends, writes `run.json` at each change, and stops them in order.
actor Supervisor {
    private static let drainSeconds = 25
    private static let gatewaySeconds = 10

    private let place: Installation
    private let children: [Child]
    private var tasks: [String: Task<Void, Never>] = [:]
    private var running: [String: Running] = [:]

    init(_ children: [Child], in place: Installation) {
        self.children = children
        self.place = place
    }

    func start() {
        for child in children { tasks[child.name] = Task { await keep(child) } }
    }

    /// The gateway first, so that nothing new arrives; then the services. Whatever does not end in time is killed.
    func stop() async {
        let gateway = tasks.removeValue(forKey: "gateway")
        gateway?.cancel()
        let impatience = Task {
            try await Task.sleep(for: .seconds(Self.gatewaySeconds))
            cancelAll()
        }
        await gateway?.value
        impatience.cancel()
        cancelAll()
        for task in tasks.values { await task.value }
        tasks = [:]
    }

    private func cancelAll() {
        for task in tasks.values { task.cancel() }
    }

    private nonisolated func keep(_ child: Child) async {
        var pause = RestartPause()
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let how = await run(child)
            await ended(child)
            if Task.isCancelled { return }
            let wait = pause.after(.now - began)
            Console.say("\(child.name) ended (\(how)); it is started again. Its log: \(child.log)")
            // Cut short only by the end of everything, which the loop sees.
            try? await Task.sleep(for: wait)
        }
    }

    /// - Returns: how it ended.
    private nonisolated func run(_ child: Child) async -> String {
        do {
            let log = try FileDescriptor.open(
                FilePath(child.log), .writeOnly, options: [.append, .create, .closeOnExec],
                permissions: .ownerReadWrite)
            var options = PlatformOptions()
            // Out of the terminal's reach: Ctrl-C is for us, and we stop the programs in order.
            options.createSession = true
            options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(Self.drainSeconds))]
            // Should we be killed, the kernel tells them to end.
            let ended = try await Subprocess.run(
                .name("setpriv"), arguments: ["--pdeathsig", "TERM", "--", child.path],
                environment: .adding(child.environment), platformOptions: options, input: .none,
                output: .fileDescriptor(log, closeAfterSpawningProcess: true), error: .combinedWithOutput
            ) { execution in
                await self.started(child, execution.processIdentifier.value)
            }
            return "\(ended.terminationStatus)"
        } catch {
            return "\(error)"
        }
    }

    private func started(_ child: Child, _ pid: Int32) {
        running[child.name] = Running(service: child.service, pid: pid, zmq: child.zmq, http: "http://\(child.address)")
        list()
    }

    private func ended(_ child: Child) {
        running[child.name] = nil
        list()
    }

    private func list() {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let text = try encoder.encode(children.compactMap { running[$0.name] })
            try Installation.write(text + Data("\n".utf8), to: place.running)
        } catch {
            Console.warn("\(place.running) cannot be written: \(error)")
        }
    }
}
