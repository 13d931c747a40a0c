import ArgumentParser
import ServiceKit

/// `renling`, the operator's command: runs everything for development, brings a database up to date, hands out tokens,
/// says what is wrong.
@main
struct Renling: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renling", abstract: "Runs and looks after an installation of Renling (认领).",
        version: Version.text,
        subcommands: [Dev.self, Migrate.self, ClientCommand.self, CurveCommand.self, Doctor.self])
}
