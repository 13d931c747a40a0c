import Foundation

/// A program that runs, as `run.json` lists it.
struct Running: Codable, Sendable {
    var service: String
    var pid: Int32
    /// `tcp://127.0.0.1:7101`; null for the gateway, which has no such door.
    var zmq: String?
    /// `http://127.0.0.1:7201`
    var http: String

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(service, forKey: .service)
        try container.encode(pid, forKey: .pid)
        try container.encode(zmq, forKey: .zmq)
        try container.encode(http, forKey: .http)
    }
}
