import Foundation
import Postgres
import ServiceKit

/// What the environment says about `renling dev up`.
struct DevSettings: Sendable {
    static let instancesMax = 16

    let place: Installation
    /// A database that somebody else runs; `nil` for a private cluster.
    var database: ConnectionString?
    /// The gateway's.
    var http: Settings.Address
    /// `plain`, for everything is on loopback, or `curve`.
    var transport: String
    /// Whether sample data is loaded.
    var hasDemo: Bool
    /// How many of each service; one unless said.
    var instances: [String: Int]
    var clock: DomainClock

    /// - Throws: `Settings.Problem` naming the variable that is malformed.
    static func fromEnvironment() throws -> DevSettings {
        let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
        let http = environment["RENLING_HTTP"] ?? "127.0.0.1:8080"
        guard let address = Settings.Address(http), address.port > 0 else {
            throw Settings.Problem("RENLING_HTTP must be host:port, not \(http)")
        }
        let transport = environment["RENLING_ZMQ"] ?? "plain"
        guard ["plain", "curve"].contains(transport) else {
            throw Settings.Problem("RENLING_ZMQ must be plain or curve, not \(transport)")
        }
        return DevSettings(
            place: .current, database: try environment["RENLING_DATABASE"].map { try ConnectionString($0) },
            http: address, transport: transport,
            hasDemo: environment["RENLING_DEMO"] != "0",
            instances: try parseInstances(environment["RENLING_INSTANCES"] ?? ""),
            clock: try DomainClock(setting: environment["RENLING_CLOCK"], isTest: environment["RENLING_TEST"] == "1"))
    }

    static func parseInstances(_ text: String) throws -> [String: Int] {
        var instances: [String: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, Migrating.services.contains(pair[0]), let count = Int(pair[1]),
                (1...instancesMax).contains(count)
            else {
                throw Settings.Problem(
                    "RENLING_INSTANCES must read service=1…\(instancesMax),… with the services "
                        + Migrating.services.joined(separator: ", "))
            }
            instances[pair[0]] = count
        }
        return instances
    }
}
