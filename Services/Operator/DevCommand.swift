import ArgumentParser

/// `renling dev …`
struct Dev: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A whole installation on this machine.", subcommands: [Up.self])

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starts PostgreSQL, the services and the gateway, and serves until Ctrl-C. `make run` does this.",
            discussion: """
                Environment: RENLING_HTTP, RENLING_DATA, RENLING_DATABASE, RENLING_DEMO=0, RENLING_INSTANCES, RENLING_ZMQ, \
                RENLING_CLOCK with RENLING_TEST=1, RENLING_LOG_LEVEL; see deploy/environment.example.
                """)

        @Option(help: "Folder of the sample data.")
        var demo = "deploy/demo"

        func run() async throws {
            try await Development(settings: try .fromEnvironment(), demoFolder: demo, programs: Installation.programs)
                .run()
        }
    }
}
