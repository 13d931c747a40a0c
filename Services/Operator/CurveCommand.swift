import ArgumentParser
import Foundation
import ServiceKit

/// `renling curve`
struct CurveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curve", abstract: "The keys of encrypted ZeroMQ (RENLING_ZMQ=curve).",
        discussion: """
            Prints the public key of each service's door, in Z85: an outside client sets its service's as the server key. \
            With --new also a key pair for such a client; its public key goes into the file that RENLING_CURVE_CLIENTS \
            names, its secret key to the client and nowhere else.
            """)

    @Option(help: "File with the installation's key (RENLING_KEY_FILE, or that of the private installation).")
    var keyFile: String?
    @Flag(help: "Makes a key pair for an outside client.")
    var new = false

    func run() async throws {
        let fromEnvironment = ProcessInfo.processInfo.environment["RENLING_KEY_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let secrets = try Secrets(file: keyFile ?? fromEnvironment ?? Installation.current.key)
        for service in Migrating.services {
            let name = service.padding(toLength: 12, withPad: " ", startingAt: 0)
            Console.say("\(name) \(try CurveRing.publicKey(of: service, secrets))")
        }
        guard new else { return }
        let keys = try CurveRing.newPair()
        Console.say("new public   \(keys.publicKey)\nnew secret   \(keys.secretKey)")
    }
}
