import ServiceKit

/// A program to be kept running: one of the services, or the gateway.
struct Child: Sendable {
    var service: String
    /// From 1; only services have more than one.
    var number: Int
    var path: String
    var zmq: String?
    var http: Settings.Address
    var log: String
    /// On top of our own.
    var environment: [String: String]

    /// `intake`, `intake.2`
    var name: String { number == 1 ? service : "\(service).\(number)" }

    /// Where this host finds its pages.
    var address: Settings.Address {
        ["0.0.0.0", "::", ""].contains(http.host) ? .init(host: "127.0.0.1", port: http.port) : http
    }
}

/// All the programs of an installation, with their ports.
enum Fleet {
    /// - Throws: `Failure` naming a port that is taken by something else.
    static func plan(_ settings: DevSettings, database: String, programs folder: String) throws -> [Child] {
        var free = FreePorts()
        func child(_ service: String, _ number: Int, zmq: String?, http: Settings.Address) -> Child {
            var child = Child(
                service: service, number: number, path: "\(folder)/\(service)", zmq: zmq, http: http, log: "",
                environment: [
                    "RENLING_DATABASE": database, "RENLING_KEY_FILE": settings.place.key, "RENLING_BIND": zmq ?? "",
                    "RENLING_HTTP": "\(http)", "RENLING_ZMQ": settings.transport,
                ])
            child.log = "\(settings.place.logs)/\(child.name).log"
            return child
        }
        var children: [Child] = []
        for service in Migrating.services {
            guard let port = Settings.ports[service] else { continue }
            for number in 1...(settings.instances[service] ?? 1) {
                let zmq = number == 1 ? try free.fixed(7100 + port, for: service) : try free.next()
                let http = number == 1 ? try free.fixed(7200 + port, for: service) : try free.next()
                children.append(
                    child(service, number, zmq: "tcp://127.0.0.1:\(zmq)", http: .init(host: "127.0.0.1", port: http)))
            }
        }
        _ = try free.fixed(settings.http.port, at: settings.http.host, for: "gateway", variable: "RENLING_HTTP")
        return children + [child("gateway", 1, zmq: nil, http: settings.http)]
    }
}
