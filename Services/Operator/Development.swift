import Foundation
import Glibc
import Postgres
import ServiceKit

/// `renling dev up`: PostgreSQL, migrations, the programs, the sample data, then serving; and all of it backwards.
struct Development: Sendable {
    let settings: DevSettings
    let demoFolder: String
    /// Where the programs lie.
    let programs: String
    private var place: Installation { settings.place }

    init(settings: DevSettings, demoFolder: String, programs: String) {
        self.settings = settings
        self.demoFolder = demoFolder
        self.programs = programs
    }

    /// Returns after a signal, when everything has stopped.
    func run() async throws {
        if settings.hasDemo { _ = try DemoFiles(folder: demoFolder) }
        try place.make()
        // From here on a signal means an orderly end.
        let stop = Task {
            await StopSignal.wait()
            return !Task.isCancelled
        }
        let lock = try await Lock.take(place)
        try await Processes.endLeftovers(of: place, programs: programs)
        let cluster = settings.database == nil ? try await Cluster.locate(place) : nil
        let database = try settings.database ?? ConnectionString(cluster?.connection ?? "")
        let children = try Fleet.plan(settings, database: database.text, programs: programs)
        let supervisor = Supervisor(children, in: place)
        let work = Task {
            defer { stop.cancel() }
            try await serve(cluster, database, children, supervisor)
        }
        let isAsked = await stop.value
        work.cancel()
        Console.say("stopping")
        try? lock.announceEnd()
        let outcome = await work.result
        await supervisor.stop()
        try await cluster?.stop()
        unlink(place.running)
        _ = consume lock
        if case .failure(let error) = outcome, !isAsked { throw error }
        Console.say("stopped")
    }

    /// Until it is cancelled.
    private func serve(
        _ cluster: Cluster?, _ database: ConnectionString, _ children: [Child], _ supervisor: Supervisor
    ) async throws {
        if let cluster {
            Console.say("PostgreSQL: \(cluster.data)")
            // A task of its own is not cancelled: a server that is half started could not be stopped.
            try await Task { try await cluster.start() }.value
        }
        async let _: Void? = cluster?.keepRunning()
        try Task.checkCancellation()
        try Installation.write((try cluster?.connection ?? database.text) + "\n", to: place.database)
        try await Migrating.run(database, try key(), programs: programs)
        await supervisor.start()
        try await Readiness.wait(for: children)
        guard let gateway = children.last else { return }
        let demo = Demo(
            place: place, database: database, gateway: GatewayClient(address: gateway.address), settings.clock)
        let story = try await demo.prepare(from: settings.hasDemo ? demoFolder : nil)
        announce(children)
        if let story { Console.say("\n" + story) }
        Console.say("\nserving; Ctrl-C stops")
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    /// The installation's key, made the first time.
    private func key() throws -> Secrets {
        if Installation.read(place.key) == nil {
            try Installation.write(Secrets.hex(Secrets.randomKey()) + "\n", to: place.key)
        }
        return try Secrets(file: place.key)
    }

    private func announce(_ children: [Child]) {
        let rows = children.map { child in
            "  \(child.name.padding(toLength: 14, withPad: " ", startingAt: 0)) "
                + (child.zmq.map { "\($0)  http://\(child.address)" } ?? "http://\(child.address)/rpc, /openrpc.json")
        }
        Console.say((["", "Renling \(Version.text)"] + rows).joined(separator: "\n"))
        Console.say(
            "  tokens         \(place.clients)\n  database       \(place.database)\n  logs           \(place.logs)")
    }
}
