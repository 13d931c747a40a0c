import Foundation
import Glibc
import ServiceKit

/// Sets a whole system up in the run's folder: disks, servers, city, proxies, processes.
struct Town: Sendable {
    private static let diskBytes = (short: 1 << 30, long: 4 << 30)

    let world: World
    let lines: DoorLines

    static func build(_ options: Options, say: @escaping @Sendable (String) -> Void) async throws -> Town {
        let plan = RunPlan(options)
        var ports = Ports(plan.seed.branch("ports"))
        let keyFile = "\(options.folder)/key"
        let secrets = try makeKey(keyFile)
        let servers = try makeServers(plan, &ports)
        try await servers.primary.initialize()
        try await servers.primary.start()
        let tokens = try await City.build(servers, secrets, programs: options.programs, keyFile: keyFile)

        let databases = try servers.all.map { (server: $0, proxy: try ports.next()) }
        let instances = try makeInstances(options, keyFile, databases.map(\.proxy), &ports)
        let fleet = Fleet(instances)
        let proxy = Proxy { port in
            let pids = fleet.keepers.compactMap(\.pid)
            return Callers.owner(ofPort: port, among: pids).flatMap(fleet.name(of:)) ?? "client"
        }
        for database in databases {
            proxy.add(port: database.proxy, before: "postgres.\(database.server.name)", at: database.server.port)
        }
        for instance in instances {
            proxy.add(port: instance.proxy, before: instance.name, at: instance.zmq ?? instance.http)
        }
        proxy.start()
        let lines = try DoorLines()
        try await lines.open(instances.filter { !$0.isGateway }.map(\.endpoint))
        let desk = Desk(
            gateways: instances.filter(\.isGateway).map(\.proxy),
            doors: Dictionary(grouping: instances.filter { !$0.isGateway }, by: \.service)
                .mapValues { $0.map(\.endpoint) },
            lines: lines, tokens: tokens)
        let world = World(
            plan: plan, servers: servers, fleet: fleet, proxy: proxy, crowd: Crowd(plan, History(), desk),
            postman: Postman(plan, servers, desk, secrets), desk: desk, log: FaultLog(say: say))
        return Town(world: world, lines: lines)
    }

    /// Ends everything that was started. The folder is left for whoever made it.
    func tearDown() async {
        await world.postman.stop()
        await world.crowd.stop()
        await world.fleet.stop()
        await lines.close()
        await world.proxy.stop()
        for server in world.servers.all {
            await server.stopAtOnce()
            server.disk.remove()
        }
    }

    private static func makeKey(_ path: String) throws -> Secrets {
        try Secrets.hex(Secrets.randomKey()).write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o600)
        return try Secrets(file: path)
    }

    private static func makeServers(_ plan: RunPlan, _ ports: inout Ports) throws -> Servers {
        let bytes = plan.options.isShort ? diskBytes.short : diskBytes.long
        let servers = try ["a", "b"].map { name in
            Server(
                name: name, disk: try Disk("\(plan.options.folder)/disk.\(name)", bytes: bytes),
                folder: "\(plan.options.folder)/server.\(name)", port: try ports.next())
        }
        return Servers(servers[0], servers[1])
    }

    private static func makeInstances(
        _ options: Options, _ keyFile: String, _ databases: [Int], _ ports: inout Ports
    ) throws -> [Instance] {
        let hosts = databases.map { _ in "127.0.0.1" }.joined(separator: ",")
        let numbers = databases.map(String.init).joined(separator: ",")
        let database =
            "host=\(hosts) port=\(numbers) dbname=\(Server.database) target_session_attrs=read-write connect_timeout=3"
        var instances: [Instance] = []
        for service in Fleet.services + ["gateway"] {
            for number in 1...2 {
                let zmq = service == "gateway" ? nil : try ports.next()
                let (http, proxy) = (try ports.next(), try ports.next())
                let folder = number == 2 ? options.programsBefore ?? options.programs : options.programs
                var environment = [
                    "RENLING_DATABASE": database, "RENLING_KEY_FILE": keyFile, "RENLING_HTTP": "127.0.0.1:\(http)",
                    "RENLING_ZMQ": "plain", "RENLING_TEST": "1", "RENLING_LOG_LEVEL": "warning", "RENLING_CLOCK": "",
                ]
                if let zmq {
                    environment["RENLING_BIND"] = "tcp://127.0.0.1:\(zmq)"
                    environment["RENLING_ADVERTISE"] = "tcp://127.0.0.1:\(proxy)"
                }
                instances.append(
                    Instance(
                        service: service, number: number, path: "\(folder)/\(service)", zmq: zmq, http: http,
                        proxy: proxy, log: "\(options.folder)/\(service).\(number).log", environment: environment))
            }
        }
        return instances
    }
}
