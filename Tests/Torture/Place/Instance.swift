import Domain
import ServiceKit

/// One of two processes of a program: where its doors are and what it is started with.
struct Instance: Sendable {
    let service: String
    /// From 1.
    let number: Int
    let path: String
    /// `nil` for the gateway, which has no such door.
    let zmq: Int?
    let http: Int
    /// The port of the proxy before the door that others use: ZeroMQ of a service, HTTP of a gateway.
    let proxy: Int
    let log: String
    let environment: [String: String]

    var name: String { "\(service).\(number)" }
    var isGateway: Bool { zmq == nil }
    /// Where callers find it.
    var endpoint: String { "tcp://127.0.0.1:\(proxy)" }
}

/// How a process came to its end.
enum Ending: Sendable {
    /// By a signal of ours.
    case killed
    case stopped
    /// At a named point of its own, as it was told.
    case crashed(String)
    case unexpected(String)
}
