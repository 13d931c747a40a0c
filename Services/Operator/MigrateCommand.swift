import ArgumentParser
import Foundation
import Postgres
import ServiceKit

/// `renling migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the database up to date: schemas, partitions, the programs' roles and tokens.",
        discussion: "Idempotent, and safe when two run at once. Run it before a new version of the programs starts.")

    @Option(help: "libpq connection string of the owner (RENLING_DATABASE, or the private cluster).")
    var database: String?

    @Option(help: "File with the installation's key (RENLING_KEY_FILE, or that of the private installation).")
    var keyFile: String?

    @Option(help: "Folder of the services' programs (the one this program lies in).")
    var programs: String?

    func run() async throws {
        let place = Installation.current
        let fromEnvironment = ProcessInfo.processInfo.environment["RENLING_KEY_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let secrets = try Secrets(file: keyFile ?? fromEnvironment ?? place.key)
        let connection = try place.connection(database)
        try await Migrating.run(connection, secrets, programs: programs ?? Installation.programs)
        Console.say("\(connection): up to date")
    }
}
